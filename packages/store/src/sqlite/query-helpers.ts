import { type CompiledQuery, type RawBuilder, sql } from 'kysely'

/** Replaces the parameters of a query that was compiled earlier. */
export function bind<Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]): CompiledQuery<Row> {
  return { ...query, parameters }
}

/** A subquery of the given values, as one parameter: the statement is the same for any number of values. */
export const jsonValues = <Value extends string | number>(values: readonly Value[]): RawBuilder<Value> =>
  sql<Value>`(select value from json_each(${JSON.stringify(values)}))`
