// Looks now and then whether a greeting fits: part of the loader, asleep where the shop greets nobody.
import { keyOf, type Consent } from './boot'
import { greeted, note } from './greeted'
import { fits, pick, type Amount, type Greeting, type Rule } from './rules'

export interface Parts {
  /** Of the visitor's doors. */
  address: string
  inbox: string
  /** Language tags that the visitor understands, the best first. */
  languages: string[]
  consent(): Consent
  /** The panel is open. */
  isBusy(): boolean
  show(greeting: Greeting): void
}

/** What the loader's own half of the storage says; secrets are not looked at. */
interface Kept {
  token?: unknown
  read?: number
  identified?: boolean
  language?: string
}
interface Answer {
  data: Rule[]
  language: string
  open: boolean
  staffed: boolean
}

const DAY = 86_400_000
/** Who closes a greeting has peace for so long. */
const CLOSED = 30 * DAY

/** A clock that was wrong for a while hides nothing for ever. */
const isRecent = (then: number, span: number) => Math.abs(Date.now() - then) < span

export class Greeter {
  private cart: Amount | null = null
  private known = false
  private answer: Answer | null = null
  private timer: ReturnType<typeof setInterval> | undefined
  private path = location.pathname
  private since = 0
  private over = false

  constructor(private readonly parts: Parts) {}

  /** Asks what there is, unless nobody is to be greeted anyway. */
  async begin(): Promise<void> {
    if (this.over || !this.mayGreet()) return
    try {
      const said = await fetch(`${this.parts.address}/greetings`, { credentials: 'omit', referrerPolicy: 'no-referrer' })
      this.answer = said.ok ? ((await said.json()) as Answer) : null
    } catch {
      // Nobody has to be greeted.
    }
    if (this.over || !this.answer?.data.length) return
    this.timer = setInterval(() => this.look(), 1000)
    this.look()
  }

  stop(): void {
    this.over = true
    clearInterval(this.timer)
  }

  /** What the page tells of its visitor. */
  hear(name: string, about: unknown): void {
    const { cart } = (about ?? {}) as { cart?: Partial<Amount> | null }
    if ((name === 'set' || name === 'page') && cart !== undefined) {
      const isAmount = cart && Number.isInteger(cart.value) && typeof cart.currency === 'string'
      this.cart = isAmount ? { value: cart.value!, currency: cart.currency! } : null
    }
    if (name === 'identify') this.known = Boolean(about)
    if (name === 'shutdown') this.stop()
  }

  private get kept(): Kept {
    const { consent, inbox } = this.parts
    try {
      const area = consent() === 'wait' || consent() === 'no' ? sessionStorage : localStorage
      return (JSON.parse(area.getItem(keyOf(inbox)) ?? '{}') ?? {}) as Kept
    } catch {
      return {}
    }
  }

  private mayGreet(): boolean {
    const { at = 0, closed = 0 } = greeted(this.parts.inbox, this.parts.consent())
    const talks = (this.kept.read ?? 0) > 0
    return !talks && !isRecent(at, DAY) && !isRecent(closed, CLOSED)
  }

  private look(): void {
    if (location.pathname !== this.path) {
      this.path = location.pathname
      this.since = performance.now()
    }
    if (document.hidden || this.parts.isBusy() || !this.answer) return
    if (!this.mayGreet()) return this.stop()
    const { inbox, languages } = this.parts
    const { data, language, open, staffed } = this.answer
    const { identified, language: chosen } = this.kept
    const wanted = [...(chosen ? [chosen] : []), ...languages]
    const { shown = {} } = greeted(inbox, this.parts.consent())
    const here = {
      path: this.path, seconds: (performance.now() - this.since) / 1000, cart: this.cart, open, staffed,
      known: this.known || identified === true, visits: this.visits(data), language: wanted[0] ?? language,
    }
    const rule = data.find((one) => !isRecent(shown[one.id] ?? 0, one.every_days * DAY) && fits(one, here))
    const greeting = rule && pick(rule, [...wanted, language, 'en'])
    if (!greeting) return
    this.stop()
    this.parts.show(greeting)
  }

  /** Counted only where it is asked for and may be kept. */
  private visits(rules: Rule[]): number {
    const { inbox, consent } = this.parts
    const { visits = 0, here } = greeted(inbox, consent())
    if (consent() !== 'yes' || !rules.some((one) => one.conditions.visits > 0)) return Math.max(1, visits)
    if (here) return visits
    note(inbox, true, { visits: visits + 1 })
    note(inbox, false, { here: true })
    return visits + 1
  }
}
