import { type CompiledQuery, type RawBuilder, sql } from 'kysely'

/** Replaces the parameters of a query that was compiled earlier. */
export function bind<Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]): CompiledQuery<Row> {
  return { ...query, parameters }
}

/** The names and types of the columns of {@link selectRows}. */
export type Columns = Readonly<Record<string, 'text' | 'bigint'>>

/** A row for {@link selectRows}, in the order of the columns. */
export type Row = readonly (string | number | null)[]

/** A subquery that selects the elements of a JSON array of rows, each an array. */
export function selectRows(elements: RawBuilder<unknown>, columns: Columns): RawBuilder<unknown> {
  const selections = Object.entries(columns).map(
    ([name, type], index) => sql`cast(value ->> ${sql.lit(index)} as ${sql.raw(type)}) as ${sql.ref(name)}`,
  )
  return sql`(select ${sql.join(selections)} from ${elements})`
}
