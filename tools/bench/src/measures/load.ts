import { runProgram } from '../rig/programs.js'

/** What a load measured. Times in milliseconds. */
export interface Load {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  /** All requests that were answered with 2xx, those of the warm-up included. */
  readonly answered: number
}

export interface LoadOptions {
  readonly url: string
  readonly method: 'POST' | 'GET'
  readonly connections: number
  readonly seconds: number
}

/** Puts a server under load from another process, which shares the machine with it. */
export const runLoad = ({ url, method, connections, seconds }: LoadOptions): Promise<Load> =>
  runProgram<Load>('load', url, method, String(connections), String(seconds))
