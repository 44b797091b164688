import { styleText } from 'node:util'

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red'

/** Puts a text into a colour, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

/** Colours where a person looks: on a terminal, and unless `NO_COLOR` says otherwise. */
export function createPaint(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream, validateStream: true })
}
