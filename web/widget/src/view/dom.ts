// Elements made by hand. A text is always a text node, so that nothing foreign is ever read as HTML.

export type Kid = Node | string | null | undefined | false

type Props = Record<string, unknown>

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...kids: Kid[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...kids.filter((kid): kid is Node | string => kid !== null && kid !== undefined && kid !== false))
  return element
}

const svgs = 'http://www.w3.org/2000/svg'

// Our own drawings on a grid of 24; the same as the desk's.
const drawings = {
  chat: 'M20.5 12a7.6 7.6 0 0 1-8 7.4 9 9 0 0 1-3.4-.6L4 20.4l1.3-4A7 7 0 0 1 3.5 12a7.6 7.6 0 0 1 8-7.4h1a7.6 7.6 0 0 1 8 7.4Z',
  home: 'm3.500 11 8.500-7 8.500 7M5.500 9.500v9a1.500 1.500 0 0 0 1.500 1.500h10a1.500 1.500 0 0 0 1.500-1.500v-9',
  x: 'm6 6 12 12M18 6 6 18',
  down: 'm6.500 9.500 5.500 5.500 5.500-5.500',
  left: 'M14.500 6.500 9 12l5.500 5.500',
  right: 'm9.500 6.500 5.500 5.500-5.500 5.500',
  more: 'M5.500 12h.01M12 12h.01M18.500 12h.01',
  globe: 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17ZM3.500 12h17M12 3.500c2.300 2.400 3.400 5.200 3.400 8.500s-1.100 6.100-3.400 8.500c-2.300-2.400-3.400-5.200-3.400-8.500s1.100-6.100 3.400-8.500Z',
  clip: 'm19.500 11.500-7.700 7.700a4.700 4.700 0 0 1-6.700-6.700l8-8a3.100 3.100 0 0 1 4.500 4.500l-8 8a1.600 1.600 0 0 1-2.300-2.300l7.200-7.200',
  smile: 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17ZM8.500 14a4.300 4.300 0 0 0 7 0M9 9.700h.01M15 9.700h.01',
  up: 'M12 19.500v-15M6 10.500l6-6 6 6',
  mail: 'M5.500 5h13A2.500 2.500 0 0 1 21 7.500v9a2.500 2.500 0 0 1-2.500 2.500h-13A2.500 2.500 0 0 1 3 16.500v-9A2.500 2.500 0 0 1 5.500 5ZM3.600 7.200l7.100 5.200a2.200 2.200 0 0 0 2.600 0l7.100-5.200',
  download: 'M12 4v11M7 10.500l5 5 5-5M4.500 19.500h15',
  offline: 'M3.500 3.500l17 17M8.500 16.500a5 5 0 0 1 6-.8M5.300 12.900a9.500 9.500 0 0 1 4.900-2.500M2.500 9.300a13.500 13.500 0 0 1 4.200-2.600M10.500 5.500a13.500 13.500 0 0 1 11 3.800M14.700 10.700a9.500 9.500 0 0 1 4 2.200M12 20h.01',
  clock: 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17ZM12 7v5l3.300 2',
  check: 'm5 12.500 4.700 4.700L19.500 7',
  sound: 'M4.500 9.500v5h3.500l4.500 4v-13l-4.500 4ZM16 9a4.500 4.500 0 0 1 0 6M18.500 6.500a8 8 0 0 1 0 11',
  mute: 'M4.500 9.500v5h3.500l4.500 4v-13l-4.500 4ZM16 9.500l5 5M21 9.500l-5 5',
  trash: 'M4.500 7h15M9.500 7V4.500h5V7M6.500 7l.8 12.500h9.400L17.500 7M10 10.500v6M14 10.500v6',
}
export type Drawing = keyof typeof drawings

export function icon(name: Drawing, kind = ''): SVGElement {
  const svg = document.createElementNS(svgs, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('class', `i ${kind}${name === 'left' || name === 'right' ? ' flip' : ''}`)
  svg.appendChild(document.createElementNS(svgs, 'path')).setAttribute('d', drawings[name])
  return svg
}

/** A button with a picture and a name that is read out. */
export function iconButton(name: Drawing, label: string, props: Props = {}): HTMLButtonElement {
  return h('button', { type: 'button', class: 'icon-btn', 'aria-label': label, title: label, ...props }, icon(name))
}

/** The round sign of a person: the beginnings of their name. */
export function face(name: string, kind = 0): HTMLElement {
  const [first = '', second = ''] = name.trim().split(/\s+/)
  const letters = second ? [...first][0]! + [...second][0]! : [...first].slice(0, 2).join('')
  return h('span', { class: `av av-${kind % 3}`, 'aria-hidden': 'true' }, letters.toLocaleUpperCase())
}

/** Lets the children be these, and moves only what is not in its place, so that focus and scrolling stay. */
export function arrange(parent: HTMLElement, kids: Element[]): void {
  const wanted = new Set(kids)
  for (const kid of [...parent.children]) if (!wanted.has(kid)) kid.remove()
  kids.forEach((kid, at) => {
    const there = parent.children[at]
    if (there !== kid) parent.insertBefore(kid, there ?? null)
  })
}
