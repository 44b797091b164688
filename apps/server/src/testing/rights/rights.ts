import { ACTORS, type ActorName } from './actors.js'

/** What the actors get for one request. */
interface Row {
  /** The status for those who may. */
  readonly status: number
  /** Who may. All others get 401 without a token, else 403 `insufficient_scope`. */
  readonly for: readonly ActorName[]
  /** Other responses, as status and code. */
  readonly but?: Partial<Record<ActorName, string>>
}

const WITH_TOKEN = ACTORS.filter((actor) => actor !== 'none')
const WRITERS = WITH_TOKEN.filter((actor) => actor !== 'reader')
const MODERATORS = ['moderator', 'admin', 'access', 'file-all'] as const
const ADMINS = ['admin', 'access', 'file-all'] as const
const SESSIONS = ['reader', 'member', 'moderator', 'admin'] as const

const each = (actors: readonly ActorName[], outcome: string) =>
  Object.fromEntries(actors.map((actor) => [actor, outcome]))
const NOT_SENDER = '403 sender_not_allowed'
const NEED_ACCOUNT = each(['file', 'file-all'], '403 account_required')
const NEED_SESSION = { ...each(['access', 'service'], '403 session_required'), ...NEED_ACCOUNT }

const PUBLIC: Row = { status: 200, for: ACTORS }
const READ: Row = { status: 200, for: WITH_TOKEN }
const MODERATE: Row = { status: 200, for: MODERATORS }
const ADMINISTER: Row = { status: 200, for: ADMINS }

/** Every endpoint, where it matters whose its target is in each case. */
export const RIGHTS: Readonly<Record<string, Row>> = {
  // A newcomer's post waits for a moderator, and cannot be changed around that.
  'POST /messages as oneself': { status: 201, for: WRITERS, but: { member: '202' } },
  'POST /messages as someone else': {
    ...{ status: 201, for: [] },
    but: { ...each(WRITERS, NOT_SENDER), 'file-all': '403 sender_reserved' },
  },
  'POST /messages as no one else': {
    ...{ status: 201, for: ['service', 'file-all'] },
    but: each(['member', 'moderator', 'admin', 'access', 'file'], NOT_SENDER),
  },
  'PATCH /messages/:key of oneself': { status: 200, for: WRITERS, but: { member: '403 approval_required' } },
  'PATCH /messages/:key of someone else': {
    ...{ status: 200, for: MODERATORS },
    but: each(['member', 'service', 'file'], NOT_SENDER),
  },
  'DELETE /messages/:key of oneself': { status: 204, for: WRITERS },
  'DELETE /messages/:key of someone else': {
    ...{ status: 204, for: MODERATORS },
    but: each(['member', 'service', 'file'], NOT_SENDER),
  },
  'GET /messages': READ,
  'GET /messages/:key': READ,
  'GET /messages/:key/history': READ,
  'GET /messages/:key/thread': READ,
  'GET /search': READ,
  'GET /topics': READ,
  'GET /changes': READ,
  // Without a protocol, which this request does not name.
  'GET /live': { status: 406, for: [], but: each(WITH_TOKEN, '406 not_acceptable') },

  'GET /auth': PUBLIC,
  'POST /session': { status: 201, for: ACTORS },
  'DELETE /session': { status: 204, for: SESSIONS, but: NEED_SESSION },
  'GET /account': { ...READ, but: NEED_ACCOUNT },
  'PUT /account/password': { status: 204, for: SESSIONS, but: NEED_SESSION },
  'POST /join': { status: 201, for: ACTORS },
  'POST /reset': { status: 201, for: ACTORS },
  'GET /auth/oidc': { status: 302, for: ACTORS },
  'GET /auth/oidc/callback': { status: 302, for: ACTORS },

  'POST /invitations': { status: 201, for: ADMINS },
  'GET /accounts': ADMINISTER,
  'POST /accounts': { status: 201, for: ADMINS },
  'PATCH /accounts/:handle': ADMINISTER,
  'POST /accounts/:handle/reset': { status: 201, for: ADMINS },
  'GET /tokens of oneself': { ...READ, but: { file: '403 account_required' } },
  // Those of others are left out; see token-routes.test.ts.
  'GET /tokens of someone else': { ...READ, but: { file: '403 account_required' } },
  'POST /tokens for oneself': { status: 201, for: SESSIONS, but: NEED_SESSION },
  'POST /tokens for a service': { status: 201, for: ADMINS },
  'POST /tokens for someone else': { status: 201, for: [], but: each(ADMINS, '422 invalid_value') },
  'DELETE /tokens/:id of oneself': {
    ...{ status: 204, for: [...SESSIONS, 'access', 'file-all'] },
    but: { service: '403 session_required', file: '403 account_required' },
  },
  'DELETE /tokens/:id of someone else': {
    ...{ status: 204, for: ADMINS },
    but: {
      ...each(['reader', 'member', 'moderator'], '404 not_found'),
      ...{ service: '403 session_required', file: '403 account_required' },
    },
  },
  'GET /audit': ADMINISTER,

  'GET /moderation': MODERATE,
  'POST /moderation/:id/approve': MODERATE,
  'POST /moderation/:id/reject': { status: 204, for: MODERATORS },
  'POST /messages/:key/report': { status: 201, for: WITH_TOKEN, but: NEED_ACCOUNT },
  'GET /reports': MODERATE,
  'POST /reports/:id/close': { status: 204, for: MODERATORS },

  'GET /sync': READ,
  'POST /sync': ADMINISTER,
  'GET /sync/quarantined': ADMINISTER,
  'GET /healthz': PUBLIC,
  'GET /readyz': READ,
  'GET /metrics': ADMINISTER,
  'GET /openapi.json': PUBLIC,
  'GET /asyncapi.json': PUBLIC,
}

/** What an actor gets: the status, and the code of an error. */
export function expectedOutcome(row: Row, actor: ActorName): string {
  const denied = actor === 'none' ? '401 missing_token' : '403 insufficient_scope'
  return row.but?.[actor] ?? (row.for.includes(actor) ? String(row.status) : denied)
}
