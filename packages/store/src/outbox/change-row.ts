import type { ExpressionBuilder, Kysely } from 'kysely'
import { messageColumns, toMessage } from '../messages/message-row.js'
import type { MessagesTable, Schema } from '../sqlite/schema.js'
import type { Change } from '../store.js'

/** Changes with their messages. */
export const selectChanges = (queries: Kysely<Schema>) =>
  queries
    .selectFrom('outbox')
    .innerJoin('messages', 'messages.id', 'outbox.message_id')
    .select(['outbox.sequence', ...messageColumns])

/** A row of {@link selectChanges}, as users see it. */
export const toChange = ({ sequence, ...message }: MessagesTable & { sequence: number }): Change => ({
  sequence,
  message: toMessage(message),
})

/** The change of the message with this uid. */
export const belongsTo = (uid: string) => (expression: ExpressionBuilder<Schema, 'outbox'>) =>
  expression(
    'message_id',
    '=',
    expression.selectFrom('messages').select('messages.id').where('messages.uid', '=', uid),
  )
