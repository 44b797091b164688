import type { CompiledQuery } from 'kysely'

/** A query compiled earlier, with these parameters in place of those it was compiled with. */
export function bind<Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]): CompiledQuery<Row> {
  return { ...query, parameters }
}
