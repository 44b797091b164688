import type { Definitions } from './definition.js'

/** Accounts, and how people sign in. */
export const ACCOUNT_SETTINGS = {
  GITMSG_ACCOUNTS: {
    kind: 'choice',
    values: ['off', 'on'],
    default: 'off',
    means: '`on`: accounts',
  },
  GITMSG_PUBLIC_READ: {
    kind: 'choice',
    values: ['off', 'on'],
    default: 'off',
    means: '`on`: anyone can read all messages, without a token',
  },
  GITMSG_REGISTRATION: {
    kind: 'choice',
    values: ['off', 'on', 'open'],
    default: 'off',
    means: '`on`: anyone can make an account; otherwise an invitation is needed',
  },
  GITMSG_HOLD: {
    kind: 'choice',
    values: ['none', 'newcomers', 'all'],
    default: 'none',
    means: 'whose posts wait for a moderator: `newcomers`, `all`',
  },
  GITMSG_SLOW_MODE: {
    kind: 'list',
    means:
      'seconds between two posts of a person: `deploys=60,*=5`; `*` is for every other topic, and for none',
  },
  GITMSG_DAILY_POSTS: {
    kind: 'integer',
    ...{ default: 0, min: 0, max: 1_000_000 },
    means: 'the most posts of a person on a day (UTC); 0: no limit',
  },
  GITMSG_PUBLIC_URL: {
    kind: 'text',
    otherwise: 'where the request arrives',
    means: 'what links to this server begin with: `https://chat.example.org/`',
  },
  GITMSG_OIDC_ISSUER: {
    kind: 'text',
    means:
      'an OpenID provider to sign in with; its redirect URI is `auth/oidc/callback` below the public URL',
  },
  GITMSG_OIDC_CLIENT_ID: {
    kind: 'text',
    means: 'the id of this server at the provider',
  },
  GITMSG_OIDC_CLIENT_SECRET: {
    kind: 'secret',
    means: 'the secret of this server there; none for a public client',
  },
} as const satisfies Definitions
