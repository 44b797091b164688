type Kind<Type extends Element> = abstract new () => Type

/** The element of the page with this id. Throws where page and code do not fit together. */
export function elementById<Type extends Element>(id: string, kind: Kind<Type>): Type {
  const element = document.getElementById(id)
  if (element instanceof kind) return element
  throw new Error(`The page has no ${kind.name} #${id}`)
}

/** The element marked `data-part` below `root`. */
export function partOf<Type extends Element>(root: Element, part: string, kind: Kind<Type>): Type {
  const element = root.querySelector(`[data-part="${part}"]`)
  if (element instanceof kind) return element
  throw new Error(`The page has no ${kind.name} part ${part}`)
}

/** Sets the text unless it is there already: rewriting it would lose the reader's selection. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
