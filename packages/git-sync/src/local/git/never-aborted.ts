/** For what takes milliseconds and must not be left half known. */
export const NEVER_ABORTED: AbortSignal = new AbortController().signal
