// What the browser keeps. Nothing is kept before the visitor writes or chooses something, and no cookie is ever set.
import { isLasting, keyOf, type Consent } from './boot'
import type { Pending } from './conversation'
import { forgetGreeted } from './greeted'
import type { Language } from './language'

/** All of it, under one name for each inbox. */
export interface Kept {
  /** The secret of the visit, once something was said. */
  token?: string
  /** What was said and is not confirmed yet. */
  outbox?: Pending[]
  /** The last place that was shown. */
  read?: number
  /** Whether an address for the answer was left; never the address. */
  contact?: boolean
  /** The shop has said whose visit it is. */
  identified?: boolean
  language?: Language
  muted?: boolean
}

/** What belongs to this tab alone, and goes with it. */
export interface Tab {
  draft?: string
  open?: boolean
}

type Area = () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export class Store {
  private memory = new Map<string, string>()

  constructor(
    private readonly inbox: string,
    private consent: Consent,
    private readonly lasting: Area = () => localStorage,
    private readonly passing: Area = () => sessionStorage,
  ) {}

  get key(): string {
    return keyOf(this.inbox)
  }

  get kept(): Kept {
    return this.read<Kept>(this.key, this.area())
  }

  set<K extends keyof Kept>(name: K, value: Kept[K]): void {
    this.write(this.key, this.area(), { ...this.kept, [name]: value })
  }

  get tab(): Tab {
    return this.read<Tab>(`${this.key}.tab`, this.passing)
  }

  setTab<K extends keyof Tab>(name: K, value: Tab[K]): void {
    this.write(`${this.key}.tab`, this.passing, { ...this.tab, [name]: value })
  }

  /** What is kept moves to where it may be kept now. */
  setConsent(consent: Consent): void {
    const before = this.kept
    const moves = isLasting(consent) !== isLasting(this.consent)
    if (!moves) {
      this.consent = consent
      return
    }
    this.remove(this.key, this.area())
    this.consent = consent
    // A conversation that was kept on an earlier page goes on, where this tab has none; two are never mixed.
    const earlier = this.kept
    const goesOn = before.token === undefined && earlier.token !== undefined ? earlier : before
    this.write(this.key, this.area(), { ...goesOn, language: before.language ?? earlier.language, muted: before.muted ?? earlier.muted })
  }

  /** The conversation is forgotten; language and sound stay as they were chosen. */
  forget(): void {
    const { language, muted } = this.kept
    this.write(this.key, this.area(), { language, muted })
  }

  clear(): void {
    this.remove(this.key, this.area())
    this.remove(`${this.key}.tab`, this.passing)
    forgetGreeted(this.inbox)
  }

  private area(): Area {
    return isLasting(this.consent) ? this.lasting : this.passing
  }

  private read<T extends object>(key: string, area: Area): T {
    let text: string | null | undefined
    try {
      text = area().getItem(key)
    } catch {
      // A sandboxed page has no storage, and reading it throws.
    }
    try {
      const value: unknown = JSON.parse(text ?? this.memory.get(key) ?? '{}')
      return (value && typeof value === 'object' ? value : {}) as T
    } catch {
      return {} as T
    }
  }

  private write(key: string, area: Area, value: object): void {
    const text = JSON.stringify(value)
    if (text === '{}') return this.remove(key, area)
    try {
      area().setItem(key, text)
      this.memory.delete(key)
    } catch {
      this.memory.set(key, text)
    }
  }

  private remove(key: string, area: Area): void {
    this.memory.delete(key)
    try {
      area().removeItem(key)
    } catch {
      // Nothing was kept there.
    }
  }
}
