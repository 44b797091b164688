/** What the comment box is built with. Text from others only ever becomes text, never markup. */

/** Creates an element. Strings in `content` become text. */
export function element(tag, attributes = {}, ...content) {
  const created = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value)
  created.append(...content)
  return created
}

/** A form field with its label. */
export const field = (label, control) =>
  element('p', { class: 'comments-field' }, element('label', { for: control.id }, label), control)

/** Makes the children of a list these rows, and leaves those that are there already as they are. */
export function showRows(list, rows) {
  for (const row of [...list.children]) if (!rows.includes(row)) row.remove()
  rows.forEach((row, index) => {
    const present = list.children[index] ?? null
    if (present !== row) list.insertBefore(row, present)
  })
}
