import type { Store } from '../store.js'
import type { Database } from './database.js'

/** @see {@link Store.isWritable} */
export function prepareIsWritable(database: Database): Store['isWritable'] {
  return () => database.write(async () => true).catch(() => false)
}
