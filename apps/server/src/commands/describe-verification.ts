import type { Difference, Verification } from '@gitmsg/core'
import { escapeControls } from '../log-line.js'
import type { Paint } from './create-paint.js'

/** One difference as people read it. Its path may be anything, so what a terminal would act on is escaped. */
export function describeDifference(difference: Difference, paint: Paint): string {
  const { kind, path, id, reason, commit, repaired } = difference
  const about = [id === null ? '' : `message ${id}`, commit ? `commit ${commit}` : ''].filter(Boolean)
  const details = about.length > 0 ? ` (${about.join(', ')})` : ''
  const rest = escapeControls(`${path}${details}: ${reason}`.replaceAll('\n', ' '))
  return `${paint('red', kind)}  ${rest}${repaired ? paint('green', ' Mended.') : ''}\n`
}

/** The outcome as people read it. */
export function describeVerification(verification: Verification, paint: Paint): string {
  const { messages, commits, pending, quarantined, repaired, differences } = verification
  const found = Object.values(differences).reduce((sum, count) => sum + count, 0)
  const outcome =
    found === 0 ? paint('green', 'no difference') : paint('red', `differences: ${found}, mended: ${repaired}`)
  const waiting = `${pending} pending, ${quarantined} quarantined`
  return `${messages} messages, ${commits} commits, ${waiting}: ${outcome}\n`
}
