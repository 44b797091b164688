import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CompilerState, Extractor, ExtractorConfig, type IConfigFile } from '@microsoft/api-extractor'
import { type Entry, ROOT } from './published-packages.js'

/** The public API of one entry. */
export interface ApiReport {
  readonly entry: Entry
  /** Every exported name with its signature, ordered by name, as Markdown. */
  readonly text: string
  /** Exported names and members without a docstring. */
  readonly undocumented: readonly string[]
  /** Names that its signatures use but no entry of the package exports. */
  readonly unreachable: readonly string[]
}

/**
 * Reads the built declarations of all entries and reports on each.
 *
 * @param folder for intermediate files
 */
export function reportOnApi(entries: readonly Entry[], folder: string): ApiReport[] {
  const files = entries.map(({ declarations }) => declarations)
  const configs = entries.map((entry) => configure(entry, { files, folder }))
  const [first] = configs
  if (!first) return []
  // One compiler for all entries: reading the declarations takes most of the time.
  const compilerState = CompilerState.create(first, { additionalEntryPoints: files })
  const reports = entries.map((entry, index) => {
    const gaps = { 'ae-undocumented': [] as string[], 'ae-forgotten-export': [] as string[] }
    Extractor.invoke(configs[index] ?? first, {
      compilerState,
      localBuild: true,
      messageCallback(message) {
        const { messageId, text, sourceFilePath, sourceFileLine } = message
        if (messageId in gaps)
          gaps[messageId as keyof typeof gaps].push(`${text} (${sourceFilePath}:${sourceFileLine})`)
        message.handled = true
      },
    })
    const text = readFileSync(join(folder, `${entry.fileName}.api.md`), 'utf8')
    return { entry, text, undocumented: gaps['ae-undocumented'], unreachable: gaps['ae-forgotten-export'] }
  })
  return reports.map((report) => {
    const texts = reports.filter(({ entry }) => entry.folder === report.entry.folder).map(({ text }) => text)
    const isExported = (gap: string) => {
      const [, name] = /"(.*?)"/.exec(gap) ?? []
      return texts.some((text) => new RegExp(`^export \\w+ ${name}\\b`, 'm').test(text))
    }
    return { ...report, unreachable: report.unreachable.filter((gap) => !isExported(gap)) }
  })
}

function configure(
  { folder: projectFolder, declarations, fileName }: Entry,
  { files, folder }: { files: string[]; folder: string },
): ExtractorConfig {
  const configObject: IConfigFile = {
    projectFolder,
    mainEntryPointFilePath: declarations,
    newlineKind: 'lf',
    compiler: {
      overrideTsconfig: {
        compilerOptions: {
          lib: ['ES2023', 'ESNext.Disposable'],
          typeRoots: [join(ROOT, 'node_modules/@types')],
          module: 'NodeNext',
          strict: true,
          skipLibCheck: true,
          types: ['node'],
        },
        files,
      },
    },
    apiReport: { enabled: true, reportFileName: fileName, reportFolder: folder, reportTempFolder: folder },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      extractorMessageReporting: {
        default: { logLevel: 'none' },
        'ae-undocumented': { logLevel: 'warning' },
        'ae-forgotten-export': { logLevel: 'warning' },
      } as never,
      tsdocMessageReporting: { default: { logLevel: 'none' as never } },
    },
  }
  const packageJsonFullPath = join(projectFolder, 'package.json')
  return ExtractorConfig.prepare({ configObject, configObjectFullPath: undefined, packageJsonFullPath })
}
