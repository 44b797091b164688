import { type Kysely, type Migration, type RawBuilder, sql } from 'kysely'

/**
 * A standby that is promoted, or a backup that is restored, may lack the last writes, and gives their positions and
 * revisions to others. PostgreSQL numbers its histories: each begins a timeline. Engines that do not tell theirs have one.
 */
const timeline = (name: (table: string) => RawBuilder<unknown>) => [
  sql`create function ${name('current_timeline')}() returns text language plpgsql as $$
    begin
      return left(pg_walfile_name(pg_current_wal_lsn()), 8);
    exception when others then
      return '';
    end $$`,
  sql`alter table ${name('counters')} add column timeline text collate "C" not null default ''`,
  sql`update ${name('counters')} set timeline = ${name('current_timeline')}()`,
]

/** To which history of the database the order of positions belongs. */
export const createTimeline = (name: (table: string) => RawBuilder<unknown>): Migration => ({
  async up(queries: Kysely<unknown>): Promise<void> {
    for (const statement of timeline(name)) await statement.execute(queries)
  },
})
