const STORAGE_KEY = 'gitmsg.access-token'
let current = load()

function load(): string {
  try {
    return sessionStorage.getItem(STORAGE_KEY) ?? ''
  } catch {
    return ''
  }
}

/** The token sent with every request; empty if there is none. */
export const accessToken = (): string => current

/** Sends this token from now on. It is stored only for the session of this browser tab. */
export function useAccessToken(token: string): void {
  current = token
  try {
    sessionStorage.setItem(STORAGE_KEY, token)
  } catch {
    // Without session storage, the token lasts until the page is closed or reloaded.
  }
}

/** Whether that token is of the session of a person who has signed in here. */
export const hasSession = (): boolean => current.startsWith('gitmsgs_')
