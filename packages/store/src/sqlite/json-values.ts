import { type RawBuilder, sql } from 'kysely'

/** A subquery of the given values. One parameter however many they are, so the statement stays the same. */
export const jsonValues = <Value extends string | number>(values: readonly Value[]): RawBuilder<Value> =>
  sql<Value>`(select value from json_each(${JSON.stringify(values)}))`
