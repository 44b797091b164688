import { toTime } from '../clock.js'
import type { Writer } from '../database/database.js'
import type { Outcome, WriteGroup } from '../database/write-group.js'
import { saveFirstUses } from '../messages/idempotency-keys.js'
import { assembleGroup, lookUp, toChanges } from '../messages/new-messages.js'
import { movePositions } from '../messages/positions.js'
import { targetOf } from '../messages/replies.js'
import type { CreatedMessage, NewMessage } from '../stored-message.js'

/** @see {@link Database.createMessages} */
export async function createMessages(
  writer: Writer,
  { items: messages, join }: WriteGroup<NewMessage>,
  now: number,
): Promise<Outcome<CreatedMessage>[]> {
  join(() => true)
  const known = await lookUp(writer, messages)
  const { outcomes, created, firstUses } = assembleGroup(messages, known, {
    id: (await writer.messages.highestId()) + 1,
    position: (await writer.positions.latest()) + 1,
  })
  if (created.length > 0) {
    await writer.positions.allocate(created.length)
    await writer.messages.insert(created)
    await writer.outbox.insert(toChanges(writer, created), { count: created.length, createdAt: toTime(now) })
    await movePositions(writer, created.flatMap(targetOf))
  }
  await saveFirstUses(writer, firstUses, now)
  return outcomes
}
