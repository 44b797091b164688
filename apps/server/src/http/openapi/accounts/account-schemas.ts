import { ACCOUNT_KINDS, ROLES, SCOPES } from '@gitmsg/accounts'
import { z } from 'zod'
import type { ErrorCode } from '../../error-table.js'
import { time } from '../message-schemas.js'

const number = z.int().min(1)
/** Text of 1 to `maxLength` code points, well-formed and without NUL. */
const text = (maxLength: number) =>
  z
    .string()
    .superRefine((value, context) => {
      const problem = textProblem(value, maxLength)
      if (problem) context.addIssue({ code: 'custom', params: { problem } })
    })
    .meta({ minLength: 1, maxLength, pattern: String.raw`^[^\u0000\p{Cs}]*$` })

function textProblem(value: string, maxLength: number): ErrorCode | null {
  if (value === '') return 'empty'
  if ([...value].length > maxLength) return 'too_long'
  return value.isWellFormed() && !value.includes('\0') ? null : 'invalid_characters'
}

const role = z.enum(ROLES)
const scopes = z.array(z.enum(SCOPES)).min(1)
const handle = z.string().meta({
  pattern: '^[a-z0-9][a-z0-9._-]{0,31}$',
  description: 'Names the account for good; what it posts has this sender.',
  examples: ['alice'],
})
const password = z.string().meta({
  minLength: 8,
  maxLength: 128,
  description: 'Not one of the most common.',
  examples: ['correct horse battery'],
})
const identity = z.string().meta({
  description: 'Instead of a password: what the provider’s sign-in ended with.',
})
const link = z.string().meta({ description: 'The secret of the link: what follows its #.' })
const days = (max: number, preset: number) =>
  z
    .int()
    .min(1)
    .max(max)
    .optional()
    .meta({ description: `When it ends. Default: ${preset}.` })

const account = z.strictObject({
  handle,
  kind: z.enum(ACCOUNT_KINDS).meta({ description: 'A `service` has tokens only.' }),
  role: role.meta({ description: 'What it may do at most; each role includes those before it.' }),
  disabled: z.boolean(),
  created_at: time,
})
const ACCOUNT = { handle: 'alice', kind: 'person', role: 'member', disabled: false } as const
const CREATED = { created_at: '2025-01-09T00:06:41.000Z' }
const ENDED = { expires_at: '2025-02-08T00:06:41.000Z' }
const SECRET = 'a'.repeat(43)

const token = z.strictObject({
  id: number,
  account: handle,
  kind: z.enum(['session', 'access']),
  name: z.string(),
  scopes,
  sender: z.string().nullable().meta({
    description: 'The senders that a service may post as, with `*` at the end; null: its handle.',
  }),
  created_at: time,
  used_at: time.meta({ description: 'When it was last used, to the hour.' }),
  expires_at: time,
})
const TOKEN = {
  ...{ id: 1, account: 'alice', kind: 'access', name: 'laptop', scopes: ['read'], sender: null },
  ...{ ...CREATED, used_at: CREATED.created_at, ...ENDED },
} as const

/** The bodies of requests about accounts. They are what the requests are checked with. */
export const ACCOUNT_BODIES = {
  SignIn: z
    .strictObject({ handle: z.string(), password: z.string() })
    .meta({ examples: [{ handle: 'alice', password: 'correct horse battery' }] }),
  Joining: z
    .strictObject({
      link: link.optional(),
      handle,
      password: password.optional(),
      identity: identity.optional(),
    })
    .meta({ examples: [{ link: `gitmsgj_${SECRET}`, handle: 'alice', password: 'correct horse battery' }] }),
  PasswordReset: z
    .strictObject({ link, password: password.optional(), identity: identity.optional() })
    .meta({ examples: [{ link: `gitmsgr_${SECRET}`, password: 'correct horse battery' }] }),
  PasswordChange: z.strictObject({ current_password: z.string(), new_password: password }).meta({
    examples: [{ current_password: 'correct horse battery', new_password: 'staple of another horse' }],
  }),
  NewInvitation: z
    .strictObject({
      role: role.optional().meta({ description: 'What the new accounts may do. Default: member.' }),
      uses: z.int().min(1).max(1000).optional().meta({ description: 'How many accounts. Default: 1.' }),
      days: days(365, 7),
    })
    .meta({ examples: [{ role: 'member', uses: 5, days: 7 }] }),
  NewAccount: z
    .strictObject({
      handle,
      kind: z.enum(ACCOUNT_KINDS).optional().meta({ description: 'Default: person.' }),
      role: role.optional().meta({ description: 'Default: member.' }),
    })
    .meta({ examples: [{ handle: 'deploys', kind: 'service' }] }),
  AccountChanges: z
    .strictObject({ role: role.optional(), disabled: z.boolean().optional() })
    .meta({ examples: [{ role: 'moderator' }] }),
  NewToken: z
    .strictObject({
      name: text(64).meta({ examples: ['laptop'] }),
      scopes,
      days: days(3650, 365),
      account: handle.optional().meta({ description: 'A service; for admins. Default: the own account.' }),
      sender: z
        .string()
        .optional()
        .meta({
          description: 'For a service: the sender it may post as, or the beginning of several and `*`.',
          minLength: 1,
          maxLength: 64,
          examples: ['irc/*'],
        }),
    })
    .meta({ examples: [{ name: 'laptop', scopes: ['read'] }] }),
  NewReport: z.strictObject({ reason: text(500).optional() }).meta({ examples: [{ reason: 'Spam' }] }),
} as const

/** The bodies of responses about accounts. */
export const ACCOUNT_SCHEMAS = {
  SignInWays: z
    .strictObject({
      oidc: z.boolean().meta({ description: 'With the identity provider, at `/auth/oidc`.' }),
      registration: z.boolean().meta({ description: 'Joining needs no invitation.' }),
    })
    .meta({ examples: [{ oidc: true, registration: false }] }),
  Account: account.meta({ examples: [{ ...ACCOUNT, ...CREATED }] }),
  AccountList: z.array(account).meta({ examples: [[{ ...ACCOUNT, ...CREATED }]] }),
  OwnAccount: account
    .extend({ scopes: scopes.meta({ description: 'What the token of the request allows.' }) })
    .meta({ examples: [{ ...ACCOUNT, ...CREATED, scopes: ['read', 'write'] }] }),
  Session: z
    .strictObject({
      token: z.string().meta({ description: 'Proves the session, as an access token does.' }),
      expires_at: time.meta({
        description: 'When it ends at the latest. It ends without use for 7 days, too.',
      }),
      account,
    })
    .meta({ examples: [{ token: `gitmsgs_${SECRET}`, ...ENDED, account: { ...ACCOUNT, ...CREATED } }] }),
  Link: z
    .strictObject({ link: z.string(), expires_at: time })
    .meta({ examples: [{ link: `https://chat.example.org/#gitmsgj_${SECRET}`, ...ENDED }] }),
  TokenList: z.array(token).meta({ examples: [[TOKEN]] }),
  CreatedToken: token
    .extend({ token: z.string().meta({ description: 'The secret, which is not shown again.' }) })
    .meta({ examples: [{ ...TOKEN, token: `gitmsg_${SECRET}` }] }),
  AuditList: z
    .array(
      z.strictObject({
        number,
        at: time,
        actor: z.string().meta({ description: 'A handle, `token NAME`, or `command line`.' }),
        action: z.string(),
        target: z.string().nullable(),
        detail: z.string().nullable(),
      }),
    )
    .meta({
      examples: [
        [
          {
            ...{ number: 1, at: CREATED.created_at, actor: 'ada', action: 'account.role' },
            ...{ target: 'alice', detail: 'moderator' },
          },
        ],
      ],
    }),
  HeldMessage: z
    .strictObject({ status: z.literal('held'), held_id: number })
    .meta({ examples: [{ status: 'held', held_id: 1 }] }),
  HeldPostList: z
    .array(
      z.strictObject({
        held_id: number,
        account: handle,
        reason: z.enum(['all', 'newcomer', 'links']).meta({ description: 'Which rule holds the post.' }),
        held_at: time,
        content: z.string(),
        sender: z.string(),
        timestamp: z.string().optional(),
        format: z.enum(['plain', 'markdown', 'reaction']).optional(),
        topic: z.string().optional(),
        reply_to: z.union([z.string(), z.int()]).optional(),
      }),
    )
    .meta({
      examples: [
        [
          {
            ...{ held_id: 1, account: 'alice', reason: 'newcomer', held_at: CREATED.created_at },
            ...{ content: 'Hello', sender: 'alice' },
          },
        ],
      ],
    }),
  Report: z
    .strictObject({
      report_id: number,
      uid: z.string().meta({ format: 'uuid', description: 'The message.' }),
      account: handle.meta({ description: 'Who reports it.' }),
      reason: z.string().nullable(),
      created_at: time,
    })
    .meta({
      examples: [
        {
          ...{ report_id: 1, uid: '0193a5c2-7b1e-7000-8000-000000000000', account: 'bob' },
          ...{ reason: 'Spam', ...CREATED },
        },
      ],
    }),
} as const
