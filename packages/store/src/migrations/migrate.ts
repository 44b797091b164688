import { type Kysely, type Migration, Migrator } from 'kysely'

/** Applies the migrations that are not recorded in `schema_version`, in one transaction: all of them or none. */
export async function migrate<Tables>(
  queries: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  const migrator = new Migrator({
    db: queries,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: 'schema_version',
    migrationLockTableName: 'schema_version_lock',
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
