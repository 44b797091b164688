type ElementClass<Type extends Element> = abstract new () => Type

/** Something to put into an element. A string becomes text, never markup. */
export type Content = Node | string

/** The element of the page with this id. Throws if there is none, or if it is of another class. */
export function elementById<Type extends Element>(id: string, type: ElementClass<Type>): Type {
  const element = document.getElementById(id)
  if (element instanceof type) return element
  throw new Error(`The page has no ${type.name} #${id}`)
}

/** The descendant of `root` with this `data-part`. Throws if there is none, or if it is of another class. */
export function partOf<Type extends Element>(root: Element, part: string, type: ElementClass<Type>): Type {
  const element = root.querySelector(`[data-part="${part}"]`)
  if (element instanceof type) return element
  throw new Error(`The page has no ${type.name} with data-part="${part}"`)
}

/** Sets the text only if it differs: rewriting the same text would lose the reader's selection. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

/** Creates an element; an empty `className` sets no class. */
export function build(tag: string, className: string, ...content: readonly Content[]): HTMLElement {
  const element = document.createElement(tag)
  if (className) element.className = className
  element.append(...content)
  return element
}

/** Text as nodes: what is between backquotes becomes a `code` element. */
export function richText(text: string): Content[] {
  return text.split('`').map((piece, index) => (index % 2 === 1 ? build('code', '', piece) : piece))
}

/** Text as `p` elements, split at empty lines; lines that begin with `- ` as a list. */
export function paragraphs(text: string): HTMLElement[] {
  return text.split(/\n{2,}/).map((paragraph) => {
    const lines = paragraph.split('\n')
    return lines.every((line) => line.startsWith('- '))
      ? build('ul', '', ...lines.map((line) => build('li', '', ...richText(line.slice(2)))))
      : build('p', '', ...richText(lines.join(' ')))
  })
}

/** A copy of the first element of the page's template with this id. */
export function copyTemplate(id: string): HTMLElement {
  const template = elementById(id, HTMLTemplateElement)
  return document.importNode(template.content, true).firstElementChild as HTMLElement
}

/** Shows the text, or hides the element if there is none. */
export function showText(element: HTMLElement, text: string | null): void {
  setText(element, text ?? '')
  element.hidden = text === null
}
