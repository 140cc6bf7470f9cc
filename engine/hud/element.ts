/** Adds an element of a class to another. */
export function add<Tag extends keyof HTMLElementTagNameMap>(
  parent: Node,
  tag: Tag,
  name = '',
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  if (name) element.className = name
  parent.appendChild(element)
  return element
}

/** Writes a text, if it is another one. */
export function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
