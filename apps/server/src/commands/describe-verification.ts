import type { Difference, Verification } from '@gitmsg/core'
import { escapeControls } from '../log-line.js'

/** One difference as people read it. Its path may be anything, so what a terminal would act on is escaped. */
export function describeDifference({ kind, path, id, reason, commit, repaired }: Difference): string {
  const about = [id === null ? '' : `message ${id}`, commit ? `commit ${commit}` : ''].filter(Boolean)
  const details = about.length > 0 ? ` (${about.join(', ')})` : ''
  const line = `${kind}  ${path}${details}: ${reason}${repaired ? ' Mended.' : ''}`
  return `${escapeControls(line.replaceAll('\n', ' '))}\n`
}

/** The outcome as people read it. */
export function describeVerification(verification: Verification): string {
  const { messages, commits, pending, quarantined, repaired, differences } = verification
  const found = Object.values(differences).reduce((sum, count) => sum + count, 0)
  const outcome = found === 0 ? 'no difference' : `differences: ${found}, mended: ${repaired}`
  const waiting = `${pending} pending, ${quarantined} quarantined`
  return `${messages} messages, ${commits} commits, ${waiting}: ${outcome}\n`
}
