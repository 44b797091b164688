const PACKAGE = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//

/** Prints the names that a module exports and the packages whose scripts V8 parsed. */
exports.report = (module, urls) => {
  const packages = urls.flatMap((url) => PACKAGE.exec(url)?.[1] ?? [])
  const names = Object.keys(module).filter((name) => name !== 'default' && name !== 'module.exports')
  console.log(JSON.stringify({ names: names.sort(), packages: [...new Set(packages)] }))
}
