import { once } from 'node:events'

/** Writes, and waits where the reader is slower. */
export type Print = (text: string) => Promise<void>

/** When the reader has gone, as `head` does, what is written is dropped, and the work goes on. */
export function createPrint(output: NodeJS.WriteStream): Print {
  const drop = () => {}
  output.on('error', drop)
  return async (text) => {
    if (output.writable && !output.write(text)) await once(output, 'drain').catch(drop)
  }
}
