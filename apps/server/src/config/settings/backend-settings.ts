import type { Definitions } from './definition.js'

/** The repository, and how its remote is reached. */
export const BACKEND_SETTINGS = {
  GITMSG_REMOTE: {
    kind: 'text',
    means: 'the Git URL or path to push to, without credentials',
  },
  GITMSG_REMOTE_TOKEN: {
    kind: 'secret',
    means: 'the token for an https remote (plain http on loopback only); ssh uses your agent',
  },
  GITMSG_REMOTE_USER: {
    kind: 'text',
    otherwise: '`x-access-token`',
    means: 'the user name sent with the token, for hosts that require one (Bitbucket, GitLab deploy tokens)',
  },
  GITMSG_CA_FILE: {
    kind: 'text',
    means: 'certificates in PEM of a private CA, for an https remote or `GITHUB_API_URL`',
  },
  GITMSG_SSH_KEY_FILE: {
    kind: 'text',
    otherwise: 'your agent and usual keys',
    means: 'the private key for an ssh remote, without a passphrase; no other is offered',
  },
  GITMSG_SSH_KNOWN_HOSTS_FILE: {
    kind: 'text',
    otherwise: '`~/.ssh/known_hosts`',
    means: 'the host keys to accept from an ssh remote; no others are',
  },
  GITMSG_BRANCH: {
    kind: 'text',
    default: 'main',
    means: 'the branch to append to',
  },
  GITMSG_FETCH_INTERVAL: {
    kind: 'integer',
    ...{ default: 30, min: 0, max: 86_400 },
    means: 'seconds between checks of the remote for new commits; 0 disables them',
  },
  GITMSG_FORMAT: {
    kind: 'choice',
    values: [1, 2],
    default: 2,
    means:
      'the newest version of the repository format to use. 1 is for a repository shared with servers that know no other: edits, deletions, replies, topics, Markdown and reactions are then rejected',
  },
  GITMSG_PUSH_PATIENCE: {
    kind: 'integer',
    ...{ default: 300, min: 1, max: 86_400 },
    means:
      "seconds that the remote may take for a push it has received, e.g. to run its hooks; not with GitHub's API",
  },
  GITMSG_FETCH_LIMIT: {
    kind: 'integer',
    ...{ default: 4096, min: 1, max: 1_048_576 },
    means: "the most MiB that one fetch may receive, about 1 GB per million messages; without GitHub's API",
  },
  GITMSG_BACKEND: {
    kind: 'choice',
    values: ['local', 'github'],
    otherwise: '`github` if `GITHUB_REPO` and `GITHUB_TOKEN` are set, else `local`',
    means: "`github` uses GitHub's API and needs no `git`",
  },
  GITHUB_REPO: {
    kind: 'text',
    means: '`owner/name` on GitHub; with `GITMSG_BACKEND=local` and a token it is the remote',
  },
  GITHUB_TOKEN: {
    kind: 'secret',
    means: 'the token for `GITHUB_REPO`, which may write its contents',
  },
  GITHUB_API_URL: {
    kind: 'text',
    default: 'https://api.github.com',
    means: 'for GitHub Enterprise Server: `https://HOST/api/v3`; https, or http on loopback',
  },
} as const satisfies Definitions
