import { once } from 'node:events'

/**
 * A function that writes, and waits where the reader is slower. When the reader has gone, as `head` does, what
 * is written is dropped, and the work goes on.
 */
export function createPrinter(output: NodeJS.WriteStream): (text: string) => Promise<void> {
  const drop = () => {}
  output.on('error', drop)
  return async (text) => {
    if (output.writable && !output.write(text)) await once(output, 'drain').catch(drop)
  }
}
