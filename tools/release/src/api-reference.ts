import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import {
  Application,
  DeclarationReflection,
  type ProjectReflection,
  type Reflection,
  ReflectionKind,
} from 'typedoc'
import type { PluginOptions } from 'typedoc-plugin-markdown'
import { type Entry, ROOT, readManifest } from './published-packages.js'

/** What the docstrings of one entry say, for people. */
export interface ReferencePage {
  readonly entry: Entry
  /** Markdown; what another entry has is linked to, in the page of that name beside this one. */
  readonly text: string
}

/** How the pages look: tables for what has members, and nothing about how we write our types. */
const manner = (titleOf: (fileName: string) => string): PluginOptions => ({
  pageTitleTemplates: { module: ({ name }) => titleOf(name) },
  outputFileStrategy: 'modules',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useCodeBlocks: true,
  expandParameters: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  tableColumnSettings: { hideDefaults: true, hideInherited: true, hideModifiers: true, hideOverrides: true },
})

/** Reads the built declarations of all entries and writes a page about each. `folder` takes them on their way. */
export async function referTo(entries: readonly Entry[], folder: string): Promise<ReferencePage[]> {
  const titleOf = (name: string) => entries.find(({ fileName }) => fileName === name)?.specifier ?? name
  const typedoc = await Application.bootstrapWithPlugins({
    ...manner(titleOf),
    plugin: ['typedoc-plugin-markdown'],
    // What several export is described where it comes from: those that stand on no other package are first.
    entryPoints: entries
      .toSorted((one, other) => countSisters(one) - countSisters(other))
      .map(({ declarations }) => declarations),
    tsconfig: join(ROOT, 'tsconfig.base.json'),
    // The declarations that are published, of the other packages too, and not the sources.
    compilerOptions: { customConditions: [] },
    sort: ['source-order'],
    groupOrder: ['Functions', 'Interfaces', 'Classes', 'Type Aliases', 'Variables'],
    basePath: ROOT,
    out: folder,
    skipErrorChecking: true,
    excludeExternals: true,
    disableSources: true,
    disableGit: true,
    readme: 'none',
    preservedTypeAnnotationTags: ['@throws'],
    logLevel: 'Warn',
  })
  const project = await typedoc.convert()
  if (!project) throw new Error('typedoc could not read the declarations')
  arrangeModules(project, entries)
  leaveOutInheritedMethods(project)
  nameThrownErrors(project)
  await typedoc.generateOutputs(project)
  return entries.map((entry) => {
    const text = readFileSync(join(folder, `${entry.fileName}.md`), 'utf8')
    return { entry, text: text.replaceAll(/ +$/gm, '') }
  })
}

/** Names modules, and so their pages, by entry and not by file, and sorts what each exports by name. */
function arrangeModules(project: ProjectReflection, entries: readonly Entry[]): void {
  for (const module of project.children ?? []) {
    const isItsEntry = ({ declarations }: Entry) => relative(ROOT, dirname(declarations)) === module.name
    module.name = entries.find(isItsEntry)?.fileName ?? module.name
    for (const { children } of module.groups ?? []) {
      children.sort((one, other) => one.name.localeCompare(other.name))
    }
  }
}

/** They are described where they come from, and the page says where that is. */
function leaveOutInheritedMethods(project: ProjectReflection): void {
  const isInherited = (member: Reflection) =>
    member instanceof DeclarationReflection && member.kind === ReflectionKind.Method && !!member.inheritedFrom
  const types = project.getReflectionsByKind(ReflectionKind.ClassOrInterface) as DeclarationReflection[]
  for (const type of types) {
    for (const group of type.groups ?? [])
      group.children = group.children.filter((member) => !isInherited(member))
    type.groups = (type.groups ?? []).filter(({ children }) => children.length > 0)
  }
}

/** The pages would leave out which error a `@throws {SomeError}` speaks of. */
function nameThrownErrors(project: ProjectReflection): void {
  for (const { comment } of Object.values(project.reflections)) {
    for (const { typeAnnotation, content } of comment?.getTags('@throws') ?? []) {
      const name = typeAnnotation?.slice(1, -1)
      if (name) content.unshift({ kind: 'code', text: `\`${name}\`` }, { kind: 'text', text: ' ' })
    }
  }
}

const countSisters = ({ folder }: Entry): number =>
  Object.keys(readManifest(folder).dependencies ?? {}).filter((name) => name.startsWith('@gitmsg/')).length
