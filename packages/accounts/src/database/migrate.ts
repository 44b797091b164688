import type { Kysely, Migration } from 'kysely'
import * as kysely from 'kysely'

/** Applies the migrations that are not recorded in `schema_version` of a schema, all in one transaction. */
export async function migrate<Tables>(
  queries: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>>,
  schema?: string,
): Promise<void> {
  const Migrator = await loadMigrator()
  const migrator = new Migrator({
    db: queries,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: 'schema_version',
    migrationLockTableName: 'schema_version_lock',
    ...(schema !== undefined && { migrationTableSchema: schema }),
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

type Migrator = typeof kysely.Migrator

/** Not a literal in `import()`, because the types of kysely 0.28 do not have it. */
const ENTRY_SINCE_0_29: string = 'kysely/migration'

/** Resolves with kysely's migrator: kysely 0.28 exports it, 0.29 has it at an entry of its own. */
async function loadMigrator(exported: { Migrator?: Migrator } = kysely): Promise<Migrator> {
  if (exported.Migrator) return exported.Migrator
  const { Migrator }: { Migrator: Migrator } = await import(/* @vite-ignore */ ENTRY_SINCE_0_29)
  return Migrator
}
