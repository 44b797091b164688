import { onTestFinished, vi } from 'vitest'

type FakeContent = FakeElement | string

/** The parts of a DOM element that the pages use. Looking up a `data-part` creates it, unless it is there. */
export class FakeElement extends EventTarget {
  tag = 'div'
  id = ''
  className = ''
  title = ''
  name = ''
  value = ''
  placeholder = ''
  dateTime = ''
  hidden = false
  checked = false
  readOnly = false
  open = false
  scrollTop = 0
  scrollHeight = 0
  clientHeight = 0
  dataset: Record<string, string> = {}
  content: FakeContent[] = []
  parent: FakeElement | null = null
  readonly attributes = new Map<string, string>()
  readonly parts = new Map<string, FakeElement>()
  readonly classes = new Set<string>()
  readonly focus = vi.fn()
  readonly scrollIntoView = vi.fn()
  readonly showModal = vi.fn()
  readonly close = vi.fn()
  readonly reset = vi.fn()
  readonly classList = {
    toggle: (name: string, on: boolean) => (on ? this.classes.add(name) : this.classes.delete(name)),
  }

  get textContent(): string {
    return this.content.map((item) => (typeof item === 'string' ? item : item.textContent)).join('')
  }

  set textContent(text: string) {
    this.content = [text]
  }

  get children(): FakeElement[] {
    return this.#elements()
  }

  get firstElementChild(): FakeElement | null {
    return this.#elements()[0] ?? null
  }

  get nextElementSibling(): FakeElement | null {
    const siblings = this.parent ? this.parent.#elements() : []
    return siblings[siblings.indexOf(this) + 1] ?? null
  }

  append(...added: FakeContent[]): void {
    for (const item of added) this.#insert(item, this.content.length)
  }

  prepend(added: FakeContent): void {
    this.#insert(added, 0)
  }

  insertBefore(added: FakeElement, place: FakeElement | null): void {
    if (added.parent) added.remove()
    this.#insert(added, place ? this.content.indexOf(place) : this.content.length)
  }

  before(added: FakeElement): void {
    this.parent?.insertBefore(added, this)
  }

  replaceChildren(...added: FakeContent[]): void {
    this.content = []
    this.append(...added)
  }

  remove(): void {
    const siblings = this.parent?.content ?? []
    siblings.splice(siblings.indexOf(this), 1)
    this.parent = null
  }

  contains(other: unknown): boolean {
    return other === this || this.#elements().some((element) => element.contains(other))
  }

  querySelector(selector: string): FakeElement {
    const [, name] = /^\[data-part="(.+)"\]$/.exec(selector) ?? []
    const part = this.parts.get(selector) ?? this.#findPart(name) ?? new FakeElement()
    this.parts.set(selector, part)
    return part
  }

  #findPart(name: string | undefined): FakeElement | undefined {
    if (name === undefined) return undefined
    for (const element of this.#elements()) {
      const found = element.dataset.part === name ? element : element.#findPart(name)
      if (found) return found
    }
    return undefined
  }

  /** The element marked `data-part`. */
  part(name: string): FakeElement {
    return this.querySelector(`[data-part="${name}"]`)
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value)
  }

  removeAttribute(name: string): void {
    this.attributes.delete(name)
  }

  toggleAttribute(name: string, on: boolean): void {
    if (on) this.setAttribute(name, '')
    else this.removeAttribute(name)
  }

  click(): void {
    this.dispatchEvent(new Event('click'))
  }

  #elements(): FakeElement[] {
    return this.content.filter((item) => item instanceof FakeElement)
  }

  #insert(item: FakeContent, index: number): void {
    if (item instanceof FakeElement) item.parent = this
    this.content.splice(index, 0, item)
  }
}

const ELEMENT_CLASSES = [
  'HTMLElement',
  'HTMLAnchorElement',
  'HTMLButtonElement',
  'HTMLDetailsElement',
  'HTMLDialogElement',
  'HTMLFormElement',
  'HTMLInputElement',
  'HTMLOListElement',
  'HTMLSelectElement',
  'HTMLTemplateElement',
  'HTMLTextAreaElement',
  'HTMLTimeElement',
  'SVGUseElement',
]

/** A page whose elements exist as soon as they are looked up. */
export interface FakePage {
  element(id: string): FakeElement
  /** The focused element; set it to move the focus. */
  readonly document: { activeElement: unknown }
}

/** Replaces `document` and the classes of elements until the test ends. */
export function openFakePage(): FakePage {
  const elements = new Map<string, FakeElement>()

  function element(id: string): FakeElement {
    const found = elements.get(id) ?? Object.assign(new FakeElement(), { id })
    elements.set(id, found)
    return found
  }

  const document = Object.assign(new EventTarget(), {
    activeElement: null as unknown,
    baseURI: 'http://localhost/gitmsg/',
    getElementById: element,
    createElement: (tag: string) => Object.assign(new FakeElement(), { tag }),
    importNode: () => ({ firstElementChild: new FakeElement() }),
  })
  vi.stubGlobal('document', document)
  for (const name of ELEMENT_CLASSES) vi.stubGlobal(name, FakeElement)
  onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  return { element, document }
}
