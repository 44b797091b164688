import type { Kysely, Migration } from 'kysely'
import * as kysely from 'kysely'
import { init } from './0001-init.js'

/** All migrations by name, in order. Never edit or remove a released migration: add the next number. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001_init': init,
}

/** Applies the migrations that are not recorded in `schema_version`, all in one transaction. */
export async function migrate<Tables>(
  queries: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  const Migrator = await loadMigrator()
  const migrator = new Migrator({
    db: queries,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: 'schema_version',
    migrationLockTableName: 'schema_version_lock',
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
