/** Something to put into an element. */
export type Content = Node | string

/** An element with a class and what is in it. Texts are texts, never markup. */
export function build(tag: string, className: string, ...content: readonly Content[]): HTMLElement {
  const element = document.createElement(tag)
  if (className) element.className = className
  element.append(...content)
  return element
}

/** A text as nodes; what stands between backquotes is code. */
export function richText(text: string): Content[] {
  return text.split('`').map((piece, index) => (index % 2 === 1 ? build('code', '', piece) : piece))
}

/** A text as paragraphs: an empty line parts them. */
export function paragraphs(text: string): HTMLElement[] {
  return text.split(/\n{2,}/).map((paragraph) => build('p', '', ...richText(paragraph.replaceAll('\n', ' '))))
}
