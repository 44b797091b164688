import type { ApiClient } from '../api/api-client.js'
import type { SyncStatus } from '../api/api-types.js'
import type { Announce } from '../page/announcer.js'
import { isAvailable, setBusy } from '../page/busy.js'
import { elementById } from '../page/elements.js'

/** The button that synchronizes now; `onAnswer` gets the state when that has settled or failed. */
export function startSyncButton(
  client: ApiClient,
  announce: Announce,
  onAnswer: (status: SyncStatus) => void,
): void {
  const button = elementById('sync-now', HTMLButtonElement)
  button.addEventListener('click', async () => {
    if (!isAvailable(button)) return
    setBusy(button, 'Synchronizing…')
    const answer = await client.synchronize()
    setBusy(button, null)
    if (answer.kind === 'success') onAnswer(answer.value)
    else announce(answer.kind === 'refused' ? answer.error.message : answer.problem)
  })
}
