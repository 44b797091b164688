import type { Definitions } from './definition.js'

/** The data directory, and the database. */
export const DATA_SETTINGS = {
  GITMSG_DATA_DIR: {
    kind: 'text',
    default: 'data',
    means: 'the folder for `gitmsg.db`, `accounts.db` and `repository.git`; must be on a local disk',
  },
  GITMSG_DATABASE_URL: {
    kind: 'secret',
    means:
      "`postgres://user:password@host:5432/database`: messages and accounts are on PostgreSQL, for many servers, instead of files. Needs a remote, or GitHub's API",
  },
  GITMSG_DATABASE_LISTEN_URL: {
    kind: 'secret',
    otherwise: '`GITMSG_DATABASE_URL`',
    means:
      "for `LISTEN`, if a pooler in transaction mode stands between: the database itself. `off`: none; servers look for each other's writes ten times a second",
  },
  GITMSG_DATABASE_SCHEMA: {
    kind: 'text',
    default: 'gitmsg',
    means: 'the schema of its tables; those of accounts are in `gitmsg_accounts`, named after it',
  },
  GITMSG_DATABASE_POOL_SIZE: {
    kind: 'integer',
    // The thread that synchronizes needs three, and accounts two more.
    ...{ default: 10, min: 4, max: 1_000 },
    means: 'the most connections to it from one server',
  },
  GITMSG_DATABASE_MIGRATE: {
    kind: 'choice',
    values: ['on', 'off'],
    default: 'on',
    means: '`off`: only `gitmsg migrate` and `gitmsg move` create and migrate the tables',
  },
} as const satisfies Definitions
