// The keyboard map. A screen says what its keys do while it is mounted; the help sheet reads the same table.
import { computed, onBeforeUnmount, onMounted, shallowReactive } from 'vue'
import { prefs, singleKeys } from './agents/useMe'
import { t } from './i18n'

/** Every key of the desk, by what it does. `mod` is ⌘ on a Mac and Ctrl elsewhere. */
export const keyMap = {
  palette: ['mod+k', 'go'], help: ['?', 'go'], create: ['c', 'go'],
  goInbox: ['g i', 'go'], goCustomers: ['g c', 'go'], goSettings: ['g s', 'go'], goUnassigned: ['g u', 'go'],
  next: ['j', 'list'], previous: ['k', 'list'], open: ['Enter', 'list'], back: ['Escape', 'list'],
  select: ['x', 'list'], extendDown: ['shift+j', 'list'], extendUp: ['shift+k', 'list'], filter: ['f', 'list'],
  reply: ['r', 'ticket'], note: ['n', 'ticket'], send: ['mod+Enter', 'ticket'], sendSolve: ['mod+shift+Enter', 'ticket'], way: ['mod+.', 'ticket'],
  solve: ['e', 'ticket'], snooze: ['h', 'ticket'], assign: ['a', 'ticket'], assignMe: ['i', 'ticket'],
  tag: ['t', 'ticket'], priority: ['p', 'ticket'], merge: ['m', 'ticket'], unread: ['u', 'ticket'],
  refund: ['shift+r', 'ticket'], sendBack: ['shift+s', 'ticket'], discount: ['shift+d', 'ticket'], sendAgain: ['shift+p', 'ticket'],
  undo: ['z', 'ticket'], more: ['.', 'ticket'], views: ['[', 'panes'], customer: [']', 'panes'],
} as const
export type KeyName = keyof typeof keyMap
export const keyNames = Object.keys(keyMap) as KeyName[]
type Act = () => unknown

/** Keys that mean the same in every program stay where they are. */
export const fixedKeys: ReadonlySet<KeyName> = new Set<KeyName>(['open', 'back', 'send', 'sendSolve'])
/** Begins a sequence of two, so it is never a shortcut by itself. */
export const leader = 'g'

export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)
const stack = shallowReactive<Partial<Record<KeyName, Act>>[]>([])

/** What does it for this agent: their own key, else the desk's. */
export function keysOf(name: KeyName): string {
  const own = prefs.value.keymap?.[name]
  return typeof own === 'string' && own !== '' && !fixedKeys.has(name) ? own : keyMap[name][0]
}

/** What is bound right now, newest first. */
export function bound(name: KeyName): Act | undefined {
  for (let i = stack.length - 1; i >= 0; i--) if (stack[i]![name]) return stack[i]![name]
  return undefined
}

export function useKeys(acts: Partial<Record<KeyName, Act>>): void {
  onMounted(() => stack.push(acts))
  onBeforeUnmount(() => {
    const at = stack.indexOf(acts)
    if (at >= 0) stack.splice(at, 1)
  })
}

export const modCap = () => (isMac ? '⌘' : t('key-ctrl'))

/** The caps of a combination, as drawn: ⌘ K, ⇧ J, G I. A plus sign is a key of its own at the end. */
export function spell(keys: string): string[] {
  return keys.split(/ |\+(?!$)/).filter(Boolean).map((k) => {
    if (k === 'mod') return modCap()
    if (k === 'shift') return '⇧'
    if (k === 'Enter') return '↵'
    if (k === 'Escape') return 'Esc'
    return k.toUpperCase()
  })
}
export const caps = (name: KeyName) => spell(keysOf(name))
export const keyTitle = (text: string, name: KeyName) => `${text}  ${caps(name).join(' ')}`

const byKeys = computed(() => {
  const all = new Map<string, KeyName>()
  // Where two want the same, the one the agent chose has it.
  for (const name of [...keyNames].sort((a, b) => Number(keysOf(a) !== keyMap[a][0]) - Number(keysOf(b) !== keyMap[b][0]))) all.set(keysOf(name), name)
  return all
})
let begun: string | null = null
let waits = 0
/** Single keys do nothing until this has happened: whoever asked for a field types into it, not past it. */
export async function holdKeys<T>(until: Promise<T>): Promise<T> {
  waits++
  try {
    return await until
  } finally {
    waits--
  }
}
let timer: ReturnType<typeof setTimeout> | null = null

/** A sign that needs AltGr (or ⌥) on this keyboard, such as [ on a German one, is that sign and no combination. */
const typedWithAlt = (e: KeyboardEvent) => e.altKey && e.key.length === 1 && !/[a-z\d]/i.test(e.key) && (isMac || e.getModifierState('AltGraph'))

/** What was pressed, as written in the map. */
export function pressed(e: KeyboardEvent): string {
  const mod = (isMac ? e.metaKey : e.ctrlKey) && !typedWithAlt(e)
  const letter = e.key.length === 1 ? e.key.toLowerCase() : e.key
  const shift = e.shiftKey && (e.key.length > 1 || /\p{L}/u.test(e.key))
  return `${mod ? 'mod+' : ''}${shift ? 'shift+' : ''}${letter}`
}

const typing = (at: EventTarget | null) =>
  at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) && (at as HTMLInputElement).type !== 'checkbox'
/** Menus, dialogs and listboxes have keys of their own. */
const inside = (at: EventTarget | null) => at instanceof Element && at.closest('[role=menu],[role=dialog],[role=alertdialog],[role=listbox]') !== null
/** A button that went out of use loses the focus, and the dialog around it stays. */
const beside = (at: EventTarget | null) => at === document.body && document.querySelector('.modal[role=dialog]') !== null

function hear(e: KeyboardEvent): void {
  if (e.defaultPrevented || e.isComposing || (e.altKey && !typedWithAlt(e))) return
  if (!isMac && e.metaKey) return
  const keys = pressed(e)
  const modified = keys.startsWith('mod+')
  if (!modified && (typing(e.target) || inside(e.target) || beside(e.target))) return
  if (!modified && waits > 0) return
  if (!modified && !singleKeys.value && keys !== 'Escape') return
  // A button or link keeps its own Enter and Space.
  if (keys === 'Enter' && e.target instanceof Element && e.target.closest('a,button,summary')) return
  const sequence = begun ? `${begun} ${keys}` : keys
  begun = null
  const name = byKeys.value.get(sequence) ?? byKeys.value.get(keys)
  const act = name && bound(name)
  if (act) {
    e.preventDefault()
    act()
  } else if (keys === leader) {
    begun = leader
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => (begun = null), 1200)
  }
}

export function startKeys(): () => void {
  document.addEventListener('keydown', hear)
  return () => document.removeEventListener('keydown', hear)
}
