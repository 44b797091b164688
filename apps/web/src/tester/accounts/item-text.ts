import { build, type Content } from '../../page/elements.js'
import { showTime } from '../../page/relative-time.js'

/** An RFC 3339 time, relative to now. */
export function momentOf(time: string): HTMLElement {
  const element = build('time', '') as HTMLTimeElement
  showTime(element, time)
  return element
}

/** A title, and what there is to know about it. Both are only ever text. */
export function describe(title: string, ...details: readonly Content[]): HTMLElement {
  return build('p', 'account-text', build('bdi', 'account-title', title), ' ', build('span', '', ...details))
}

/** Text of a person, which may be long and of any direction. */
export function quote(text: string): HTMLElement {
  const element = build('blockquote', 'account-quote', text)
  element.setAttribute('dir', 'auto')
  element.setAttribute('tabindex', '0')
  return element
}
