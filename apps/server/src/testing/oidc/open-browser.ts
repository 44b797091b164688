import type { RequestOptions, TestResponse } from '../servers/open-test-server.js'

type Request = (path: string, options?: RequestOptions) => Promise<TestResponse>

/** A browser with cookies, as far as signing in at a provider needs one. */
export function openBrowser(request: Request, headers: Record<string, string> = {}) {
  const cookies = new Map<string, string>()

  async function visit(path: string): Promise<TestResponse> {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const response = await request(path, { headers: { ...headers, ...(cookie && { cookie }) } })
    for (const line of [response.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  /** Goes to the provider, which sends the browser back at once: resolves with the path of the callback. */
  async function leave(): Promise<string> {
    const { headers } = await visit('/auth/oidc')
    const response = await fetch(String(headers.location), { redirect: 'manual' })
    const { pathname, search } = new URL(response.headers.get('location') ?? 'http://rejected/')
    return pathname + search
  }

  return {
    cookies,
    visit,
    leave,
    /** Signs in: resolves with the response to the callback. */
    signIn: async () => visit(await leave()),
  }
}

/** The secret that a sign-in ended with. */
export const secretOf = ({ headers }: TestResponse): string => String(headers.location).split('#')[1] ?? ''
