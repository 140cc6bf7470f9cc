/** A button: its label, its key and meaning, when it is lit, and what it does. */
export type Button<Source, Commands> = readonly [
  label: string,
  title: string,
  lit: (source: Source) => boolean,
  run: (commands: Commands) => void,
]

/** Buttons, and when each is lit. */
export interface Buttons<Source> {
  readonly all: readonly (readonly [button: HTMLButtonElement, lit: (source: Source) => boolean])[]
  /** ms: when they were last looked at */
  checked: number
}

const CHECK_MS = 200

/** Adds a row of buttons. */
export function createButtons<Source, Commands>(
  root: HTMLElement,
  buttons: readonly Button<Source, Commands>[],
  commands: Commands,
): Buttons<Source> {
  const nav = root.appendChild(document.createElement('nav'))
  nav.className = 'buttons'
  nav.ariaLabel = 'camera and time'
  const all = buttons.map(([label, title, lit, run]) => {
    const button = nav.appendChild(document.createElement('button'))
    button.type = 'button'
    button.textContent = label
    button.title = title
    button.addEventListener('click', () => {
      run(commands)
      // Space and the letter keys belong to the page, not to the button pressed last.
      button.blur()
    })
    return [button, lit] as const
  })
  return { all, checked: 0 }
}

/** Lights those that are on, a few times a second. @param now ms */
export function lightButtons<Source>(buttons: Buttons<Source>, source: Source, now: number): void {
  if (now - buttons.checked < CHECK_MS) return
  buttons.checked = now
  for (const [button, lit] of buttons.all) button.classList.toggle('on', lit(source))
}
