import { once } from 'node:events'

/** Writes, and waits where the reader is slower. */
export type Print = (text: string) => Promise<void>

/** When the reader has gone, as `head` does, what is written is dropped, and the work goes on. */
export function createPrint(output: NodeJS.WriteStream): Print {
  const drop = () => {}
  return async (text) => {
    // Only of what prints here: a server whose log nobody reads has another way to take it.
    if (!output.listeners('error').includes(drop)) output.on('error', drop)
    if (output.writable && !output.write(text)) await once(output, 'drain').catch(drop)
  }
}
