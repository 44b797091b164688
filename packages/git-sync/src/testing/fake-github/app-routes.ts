import { BAD_CREDENTIALS } from './fake-answer.js'
import type { FakeRoute } from './fake-route.js'

const HOUR = 3_600_000

/** What a GitHub App asks for. Its own signature is not looked at. */
export const appRoutes: readonly FakeRoute[] = [
  {
    method: 'POST',
    route: '/app/installations/{installation_id}/access_tokens',
    async answer({ settings }) {
      if (!settings.exists) return BAD_CREDENTIALS
      const expires = new Date(Date.now() + HOUR).toISOString()
      return {
        status: 201,
        body: {
          token: settings.token,
          expires_at: expires,
          permissions: { contents: 'write' },
          repository_selection: 'selected',
        },
      }
    },
  },
]
