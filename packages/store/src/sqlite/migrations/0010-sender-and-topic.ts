import { type Kysely, type Migration, sql } from 'kysely'

/** What a sender wrote on a topic: without it, all that the sender wrote is looked through. */
export const senderAndTopic: Migration = {
  async up(queries: Kysely<unknown>): Promise<void> {
    await sql`
      create index messages_by_sender_and_topic on messages (sender, topic) where kind = 0 and topic is not null
    `.execute(queries)
  },
}
