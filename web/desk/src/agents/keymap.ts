// Shortcuts of one's own: what may be chosen, and who is in the way.
import { fixedKeys, keyMap, keyNames, leader, type KeyName } from '@/keys'

export type Keymap = Partial<Record<KeyName, string>>

/** Combinations that browsers keep for themselves, or that people need in any field. */
const browsers = new Set([...'acvxzyrtwnlpfsqjhdo+-0123456789'].map((k) => `mod+${k}`))
/** Keys that move the focus or press what has it. */
const moving = /^(?:mod\+)?(?:shift\+)?(?:Tab|Enter|Escape| |Arrow\w+|Home|End|Page\w+|F\d+|Backspace|Delete|Dead|Unidentified|Process|CapsLock|ContextMenu|Shift|Control|Alt|AltGraph|Meta|Insert)$/

export type Choice = { keys: string } | { wait: true } | { refused: 'browser' | 'moving' }

/** What pressing a key means while one chooses; `begun` is true after the key that begins a sequence. */
export function choose(keys: string, begun: boolean): Choice {
  if (moving.test(keys)) return { refused: 'moving' }
  if (browsers.has(keys)) return { refused: 'browser' }
  if (begun) return keys.includes('+') && keys !== '+' ? { refused: 'moving' } : { keys: `${leader} ${keys}` }
  return keys === leader ? { wait: true } : { keys }
}

export const chosen = (map: Keymap, name: KeyName): string => map[name] || keyMap[name][0]

/** Whose key this already is. */
export function rival(map: Keymap, name: KeyName): KeyName | null {
  if (fixedKeys.has(name)) return null
  const keys = chosen(map, name)
  return keyNames.find((other) => other !== name && chosen(map, other) === keys) ?? null
}
export const hasRivals = (map: Keymap): boolean => keyNames.some((name) => rival(map, name) !== null)

/** Only what differs from the desk's own map, in its order, is kept. */
export function own(map: Keymap): Keymap {
  return Object.fromEntries(keyNames.filter((n) => map[n] && map[n] !== keyMap[n][0] && !fixedKeys.has(n)).map((n) => [n, map[n]!])) as Keymap
}
