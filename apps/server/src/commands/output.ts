import { once } from 'node:events'
import { styleText } from 'node:util'

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red'

/** Writes a text. Resolves when the next one can be written. */
export type Print = (text: string) => Promise<void>

/** Colours a text, or returns it unchanged if the output has no colours. */
export type Paint = (style: Style, text: string) => string

/** Prints to an output. After its reader has closed it, as `head` does, texts are dropped and the work goes on. */
export function createPrint(output: NodeJS.WriteStream): Print {
  const drop = () => {}
  return async (text) => {
    // Added on the first use, because the output is the log's in a server, which handles its errors itself.
    if (!output.listeners('error').includes(drop)) output.on('error', drop)
    if (output.writable && !output.write(text)) await once(output, 'drain').catch(drop)
  }
}

/** Colours texts for an output that is a terminal with colours, unless `NO_COLOR` is set. */
export function createPaint(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream, validateStream: true })
}

/** Formats fields as a line of JSON. */
export const jsonLine = (fields: object): string => `${JSON.stringify(fields)}\n`
