const PACKAGE = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//

/** Prints the names of a module, and the packages whose scripts V8 parsed. */
exports.report = (face, urls) => {
  const packages = urls.flatMap((url) => PACKAGE.exec(url)?.[1] ?? [])
  const names = Object.keys(face).filter((name) => name !== 'default' && name !== 'module.exports')
  console.log(JSON.stringify({ names: names.sort(), packages: [...new Set(packages)] }))
}
