import { type Kysely, type Migration, type RawBuilder, sql } from 'kysely'

/** What a sender wrote on a topic: without it, all that the sender wrote is looked through. */
export const createSenderAndTopic = (name: (table: string) => RawBuilder<unknown>): Migration => ({
  async up(queries: Kysely<unknown>): Promise<void> {
    await sql`
      create index messages_by_sender_and_topic on ${name('messages')} (sender, topic, id)
        where kind = 0 and topic is not null
    `.execute(queries)
  },
})
