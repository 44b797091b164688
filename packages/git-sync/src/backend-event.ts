/**
 * What a backend found or did by itself, for whoever counts it or wants to act on it.
 *
 * - `damaged`: its repository was looked through and found damaged; the next operation sees to it
 * - `rebuilding`: its repository was damaged, is put aside, and is begun anew
 * - `lock-removed`: it removed a lock that a killed git had left behind
 */
export type BackendEvent = 'damaged' | 'rebuilding' | 'lock-removed'
