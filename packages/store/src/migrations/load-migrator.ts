import * as kysely from 'kysely'

type Migrator = typeof kysely.Migrator

/** Not a literal in `import()`, because the types of kysely 0.28 do not have it. */
const ENTRY_SINCE_0_29: string = 'kysely/migration'

/** Resolves with kysely's migrator: kysely 0.28 exports it, 0.29 has it at an entry of its own. */
export async function loadMigrator(exported: { Migrator?: Migrator } = kysely): Promise<Migrator> {
  if (exported.Migrator) return exported.Migrator
  const { Migrator }: { Migrator: Migrator } = await import(/* @vite-ignore */ ENTRY_SINCE_0_29)
  return Migrator
}
