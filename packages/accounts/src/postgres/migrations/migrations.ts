import { type Migration, sql } from 'kysely'
import { createInit } from './0001-init.js'

/**
 * All migrations of a schema by name, in order. Never edit or remove a released migration: add the next number. They
 * only add, because servers of the version before go on until they are restarted.
 */
export function createMigrations(schema: string): Readonly<Record<string, Migration>> {
  return { '0001_init': createInit((table) => sql.id(schema, table)) }
}
