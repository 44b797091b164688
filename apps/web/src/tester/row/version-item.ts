import type { MessageVersion } from '../../api/api-types.js'
import { showDiff } from '../../diff/show-diff.js'
import type { Announce } from '../../page/announcer.js'
import { startHashButton } from '../../page/buttons.js'
import { build } from '../../page/elements.js'
import { showTime } from '../../page/relative-time.js'

/** One version of a message with its commit, and with what it changed in `older`, the version before it. */
export function versionItem(
  version: MessageVersion,
  older: MessageVersion | null,
  announce: Announce,
): HTMLElement {
  const time = document.createElement('time')
  showTime(time, version.updated_at)
  const head = build('p', 'version-head', build('strong', '', `Version ${version.version}`), ' ', time)
  if (version.updated_by !== null) head.append(' by ', build('bdi', '', version.updated_by))
  const state =
    version.git_hash === null ? build('span', 'badge', 'Pending') : hashButton(version.git_hash, announce)
  const content = build('div', 'diff')
  content.setAttribute('dir', 'auto')
  showDiff(content, older?.content ?? version.content, version.content)
  const changes = describeChanges(version, older).map((text) => build('p', 'version-change', text))
  return build('li', 'version', build('div', 'message-head', head, state), ...changes, content)
}

/** What a version changed beside its content, in words. */
export function describeChanges(version: MessageVersion, older: MessageVersion | null): string[] {
  const changes: string[] = []
  if (older === null) return changes
  if (older.topic !== version.topic) {
    changes.push(`Topic: ${older.topic ?? 'none'} → ${version.topic ?? 'none'}`)
  }
  if (older.format !== version.format) changes.push(`Format: ${older.format} → ${version.format}`)
  return changes
}

function hashButton(hash: string, announce: Announce): HTMLElement {
  const label = build('span', 'copy-label')
  label.dataset.part = 'label'
  const button = build('button', 'hash', label) as HTMLButtonElement
  button.type = 'button'
  startHashButton(button, announce)(hash)
  return button
}
