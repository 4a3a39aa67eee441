// With consent, and only then: which page the visitor is on, for how long, and what lies in the basket.
import { Refusal, type Api } from './api'

export interface Page {
  url?: string
  title?: string
  cart?: { value: number; currency: string }
}

/** Seconds on a page at which the shop hears of it again; then every five minutes. */
const STEPS = [0, 15, 30, 60, 120, 300]

export class Pages {
  private since = performance.now()
  private told = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private given: Page = {}
  private address = ''
  private on = false

  constructor(private readonly api: Api, private readonly ready: () => Promise<void>) {}

  start(): void {
    if (this.on) return
    this.on = true
    addEventListener('popstate', this.moved)
    this.moved()
  }

  /** What the shop says about the page, such as after it drew another one without loading it. */
  set(page: Page): void {
    this.given = page
    if (this.on) this.moved()
  }

  /** What lies in the basket now; undefined for nothing. */
  put(cart: Page['cart']): void {
    const { cart: _, ...rest } = this.given
    this.given = cart ? { ...rest, cart } : rest
    if (this.on) void this.tell()
  }

  stop(takeBack: boolean): void {
    // What earlier pages told is taken back, too.
    if (!this.on && !takeBack) return
    this.on = false
    clearTimeout(this.timer)
    removeEventListener('popstate', this.moved)
    if (takeBack) void this.api.ask('DELETE', 'page').catch(() => {})
  }

  private moved = (): void => {
    this.since = performance.now()
    this.told = 0
    this.address = location.pathname
    void this.tell()
  }

  private async tell(): Promise<void> {
    clearTimeout(this.timer)
    if (!document.hidden) {
      const seconds = Math.round((performance.now() - this.since) / 1000)
      try {
        await this.ready()
        // Without query and fragment, in which shops put what is nobody's business.
        const here = { url: location.origin + location.pathname, title: document.title }
        if (this.on) await this.api.ask('PUT', 'page', { ...here, ...this.given, seconds })
      } catch (caught) {
        // A server that does not ask is not told again; after anything else there is a next time.
        if (caught instanceof Refusal && (caught.status === 404 || caught.status === 405)) this.on = false
      }
    }
    if (!this.on) return
    const step = (STEPS[this.told + 1] ?? (STEPS.at(-1)! + 300 * (this.told + 2 - STEPS.length))) - (STEPS[this.told] ?? 0)
    this.told++
    this.timer = setTimeout(() => (location.pathname === this.address ? void this.tell() : this.moved()), Math.min(step, 300) * 1000)
  }
}
