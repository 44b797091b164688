import { STORING_ERRORS } from '../error-responses.js'
import type { Operations, Parameter } from '../operation.js'

/** What the provider adds to the redirect URI. There can be more, of which nothing is read. */
const CALLBACK_PARAMETERS: readonly Parameter[] = [
  { name: 'state', description: 'As the provider was given it.', examples: ['af0ifjsldkj'] },
  {
    name: 'code',
    description: 'What the server redeems at the provider.',
    examples: ['SplxlOBeZQQYbYS6WxSbIA'],
  },
  { name: 'iss', description: 'The provider (RFC 9207).', examples: ['https://id.example.org'] },
  {
    name: 'error',
    description: 'Why the provider did not confirm who the person is.',
    examples: ['access_denied'],
  },
].map(({ name, description, examples }) => ({
  ...{ name, in: 'query', description },
  schema: { type: 'string', examples },
}))

/** The endpoints that lead to an OpenID provider and back. A server without a provider responds with 404. */
export const PROVIDER_OPERATIONS: Operations = {
  'GET /auth/oidc': {
    id: 'startProviderSignIn',
    tag: 'Accounts',
    summary: 'Sign in with the identity provider',
    description: 'For browsers to navigate to. 404 if the server has no provider.',
    scopes: [],
    response: {
      status: 302,
      description: 'To the provider.',
      headers: ['Location', 'Set-Cookie'],
    },
    errors: ['shutting_down', 'provider_unavailable'],
  },
  'GET /auth/oidc/callback': {
    id: 'finishProviderSignIn',
    tag: 'Accounts',
    summary: 'Come back from the identity provider',
    description:
      'Only in the browser that started, within ten minutes, and once. The page that it leads to gets a secret in its fragment: the token of a session (`gitmsgs_`); or, if the identity has no account, a proof of it (`gitmsgi_`), which `POST /join` and `POST /reset` take as `identity` for ten minutes. Where registration is open, the account is made at once if the preferred name at the provider is a free handle.',
    scopes: [],
    parameters: CALLBACK_PARAMETERS,
    response: {
      status: 302,
      description: 'To the page.',
      headers: ['Location', 'Set-Cookie'],
    },
    errors: [...STORING_ERRORS, 'sign_in_ended', 'sign_in_failed', 'provider_unavailable', 'limit_reached'],
  },
}
