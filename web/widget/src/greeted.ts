// What this browser was greeted with, so that nobody is pressed. It is kept where a conversation would be: before consent
// is given or after it is refused, in this tab alone.
import { isLasting, keyOf, type Consent } from './boot'

export interface Greeted {
  /** How often they were here, and whether this time is counted. */
  visits?: number
  here?: boolean
  /** When they saw the last one, when they closed one, and when they saw which. */
  at?: number
  closed?: number
  shown?: Record<string, number>
}

type Area = 'localStorage' | 'sessionStorage'
const areas = ['localStorage', 'sessionStorage'] as const
const name = (inbox: string) => `${keyOf(inbox)}.greet`
/** Where a page may keep nothing. */
let memory: Greeted = {}

function read(area: Area, inbox: string): Greeted {
  try {
    const value: unknown = JSON.parse(window[area].getItem(name(inbox)) ?? '{}')
    return value && typeof value === 'object' ? value : {}
  } catch {
    return {}
  }
}

export function greeted(inbox: string, consent: Consent): Greeted {
  const [kept, here] = [isLasting(consent) ? read('localStorage', inbox) : {}, read('sessionStorage', inbox)]
  const at = Math.max(kept.at ?? 0, here.at ?? 0, memory.at ?? 0)
  return { ...memory, ...kept, ...here, at, shown: { ...memory.shown, ...kept.shown, ...here.shown } }
}

export function note(inbox: string, lasting: boolean, change: Greeted): void {
  const area = lasting ? 'localStorage' : 'sessionStorage'
  const before = read(area, inbox)
  const after = { ...before, ...change, shown: { ...before.shown, ...change.shown } }
  try {
    window[area].setItem(name(inbox), JSON.stringify(after))
  } catch {
    memory = { ...memory, ...change, shown: { ...memory.shown, ...change.shown } }
  }
}

export function forgetGreeted(inbox: string, from: readonly Area[] = areas): void {
  memory = {}
  for (const area of from) {
    try {
      window[area].removeItem(name(inbox))
    } catch {
      // There is no storage here.
    }
  }
}
