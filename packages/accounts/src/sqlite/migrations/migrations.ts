import type { Migration } from 'kysely'
import { init } from './0001-init.js'

/** All migrations by name, in order. Never edit or remove a released migration: add the next number. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001_init': init,
}
