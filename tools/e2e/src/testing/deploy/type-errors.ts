import { join } from 'node:path'
import ts from 'typescript'
import { ROOT } from '../root.js'

/** An object of a Kubernetes manifest. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  // biome-ignore lint/suspicious/noExplicitAny: objects of every shape
  readonly [field: string]: any
}

/** A file that exists only here, in a folder from which the types can be imported. */
const FILE = join(ROOT, 'tools/e2e/src/manifests.ts')

/**
 * Compares objects with the types of Kubernetes' API: with the compiler, because its JSON schemas permit fields that do
 * not exist.
 */
export function findTypeErrors(manifests: readonly Manifest[]): string[] {
  const text = manifests
    .map((manifest, index) => {
      const imported = `import type { ${manifest.kind} as Kind${index} } from 'kubernetes-types/${pathOf(manifest)}'`
      return `${imported}\nexport const object${index}: Kind${index} = ${JSON.stringify(manifest)}\n`
    })
    .join('')
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [] },
    lib: ['lib.es2015.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  }
  const host = ts.createCompilerHost(options)
  const { fileExists, getSourceFile } = host
  host.fileExists = (path) => path === FILE || fileExists(path)
  host.getSourceFile = (path, ...more) =>
    path === FILE
      ? ts.createSourceFile(path, text, ts.ScriptTarget.ESNext)
      : getSourceFile.call(host, path, ...more)
  const program = ts.createProgram([FILE], options, host)
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

/** `v1` is that of the group `core`; of `networking.k8s.io/v1`, the types leave out the domain. */
function pathOf({ apiVersion }: Manifest): string {
  const [version = '', group = 'core'] = apiVersion.split('/').toReversed()
  return `${group.replace('.k8s.io', '')}/${version}`
}
