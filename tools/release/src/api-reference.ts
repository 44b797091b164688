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

/** How the pages look: tables for everything that has members, and no type-level detail of declarations. */
const format = (titleOf: (fileName: string) => string): PluginOptions => ({
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

/**
 * Reads the built declarations of all entries and writes a Markdown page on each, named after
 * {@link Entry.fileName}. Pages link to each other.
 *
 * @param folder emptied first
 */
export async function writeApiReference(entries: readonly Entry[], folder: string): Promise<void> {
  const titleOf = (name: string) => entries.find(({ fileName }) => fileName === name)?.specifier ?? name
  const typedoc = await Application.bootstrapWithPlugins({
    ...format(titleOf),
    name: 'The API of gitmsg',
    plugin: ['typedoc-plugin-markdown'],
    // A name that several entries export is described in the first one, so packages without dependencies go first.
    entryPoints: entries
      .toSorted((one, other) => countGitmsgDependencies(one) - countGitmsgDependencies(other))
      .map(({ declarations }) => declarations),
    tsconfig: join(ROOT, 'tsconfig.base.json'),
    // Resolve the other packages to their published declarations, not to their sources.
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
  if (!project) throw new Error('TypeDoc could not read the declarations')
  arrangeModules(project, entries)
  omitInheritedMethods(project)
  nameThrownErrors(project)
  await typedoc.generateOutputs(project)
}

/** Names modules, and so their pages, after the entry instead of the file, and sorts the exports of each by name. */
function arrangeModules(project: ProjectReflection, entries: readonly Entry[]): void {
  for (const module of project.children ?? []) {
    const isItsEntry = ({ declarations }: Entry) => relative(ROOT, dirname(declarations)) === module.name
    module.name = entries.find(isItsEntry)?.fileName ?? module.name
    for (const { children } of module.groups ?? []) {
      children.sort((one, other) => one.name.localeCompare(other.name))
    }
  }
}

/** They are described with the type that declares them, which the page names. */
function omitInheritedMethods(project: ProjectReflection): void {
  const isInherited = (member: Reflection) =>
    member instanceof DeclarationReflection && member.kind === ReflectionKind.Method && !!member.inheritedFrom
  const types = project.getReflectionsByKind(ReflectionKind.ClassOrInterface) as DeclarationReflection[]
  for (const type of types) {
    for (const group of type.groups ?? [])
      group.children = group.children.filter((member) => !isInherited(member))
    type.groups = (type.groups ?? []).filter(({ children }) => children.length > 0)
  }
}

/** Without this the pages omit the error's name in `@throws {SomeError} when ...`. */
function nameThrownErrors(project: ProjectReflection): void {
  for (const { comment } of Object.values(project.reflections)) {
    for (const { typeAnnotation, content } of comment?.getTags('@throws') ?? []) {
      const name = typeAnnotation?.slice(1, -1)
      if (name) content.unshift({ kind: 'code', text: `\`${name}\`` }, { kind: 'text', text: ' ' })
    }
  }
}

const countGitmsgDependencies = ({ folder }: Entry): number =>
  Object.keys(readManifest(folder).dependencies ?? {}).filter((name) => name.startsWith('@gitmsg/')).length
