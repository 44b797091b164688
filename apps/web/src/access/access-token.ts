const KEY = 'gitmsg.access-token'
let current = recall()

function recall(): string {
  try {
    return sessionStorage.getItem(KEY) ?? ''
  } catch {
    return ''
  }
}

/** The token that calls are made with; empty: none. */
export const accessToken = (): string => current

/** Uses the token from now on, until the tab is closed; it is kept nowhere else. */
export function useAccessToken(token: string): void {
  current = token
  try {
    sessionStorage.setItem(KEY, token)
  } catch {
    // Where storage is forbidden, it lasts until the page is left.
  }
}
