import type { CompiledQuery } from 'kysely'
import pg from 'pg'

/** A query with its parameters, texts and numbers, in place: only so can it go out together with others. */
export const toText = ({ sql, parameters }: CompiledQuery): string =>
  sql.replace(/\$(\d+)/g, (_, number) => pg.escapeLiteral(String(parameters[number - 1])))
