import { untilStopped } from '../until-stopped.js'

/** A signal that is aborted when the process is told to stop; told again, it ends at once. */
export function abortOnStop(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController()
  untilStopped(process).then(() => controller.abort())
  return controller.signal
}
