import type { SyncStatus } from '@gitmsg/core'
import { expect, it } from 'vitest'
import { describeStatus } from './status-command.js'

const STATUS: SyncStatus = {
  backend: 'local',
  remote: null,
  branch: 'main',
  head: null,
  pending: 0,
  oldest_pending_at: null,
  last_synchronized_at: null,
  state: 'idle',
  last_error: null,
  retry_at: null,
  quarantined: 0,
}
const plain = (_style: string, text: string) => text
const tagged = (style: string, text: string) => `<${style}>${text}`

it('describeStatus() formats the status of a new repository without a remote', () => {
  expect(describeStatus(STATUS, plain)).toBe(
    [
      'backend            local',
      'remote             none: the local repository only',
      'branch             main',
      'head               no commit yet',
      'pending            0',
      'oldest pending     -',
      'quarantined        0',
      'last synchronized  never',
      '',
    ].join('\n'),
  )
})

it('describeStatus() formats pending messages, a remote and its error', () => {
  const text = describeStatus(
    {
      ...STATUS,
      remote: 'https://git.example.org/messages.git',
      head: 'a'.repeat(40),
      pending: 2,
      oldest_pending_at: '2025-01-09T00:06:41.000Z',
      last_synchronized_at: '2025-01-09T00:00:00.000Z',
      last_error: { code: 'unauthorized', message: 'no access', at: '2025-01-09T00:07:00.000Z' },
    },
    plain,
  )
  expect(text).toMatch(/^remote +https:\/\/git\.example\.org\/messages\.git$/m)
  expect(text).toMatch(/^head +a{40}$/m)
  expect(text).toMatch(/^pending +2$/m)
  expect(text).toMatch(/^oldest pending +2025-01-09T00:06:41\.000Z$/m)
  expect(text).toMatch(/^last synchronized +2025-01-09T00:00:00\.000Z$/m)
  expect(text).toMatch(/^last error +unauthorized: no access$/m)
})

it.each([
  ['pending', 0, '<green>0'],
  ['pending', 1, '<yellow>1'],
  ['quarantined', 0, '<green>0'],
  ['quarantined', 1, '<red>1'],
])('describeStatus() colours numbers by whether they need attention: %s %i', (field, number, painted) => {
  expect(describeStatus({ ...STATUS, [field]: number }, tagged)).toMatch(
    new RegExp(`^<dim>${field} +${painted}$`, 'm'),
  )
})
