// What the visitor has seen: the marks that the shop is told, the count on the button, and the bell.
import type { Conversation } from './conversation'
import { ring } from './sound'
import type { Store } from './store'
import type { News } from './tabs'

export interface Parts {
  conversation: Conversation
  store: Store
  /** Tells the server; whether it heard. */
  send(frame: object): boolean
  tell(news: News): void
  visit(): string | undefined
  /** Whether the conversation is before the visitor's eyes. */
  sees(): boolean
  counted(count: number): void
}

/** Milliseconds between two marks. */
const PACE = 500

export class Reading {
  /** What another tab has read is known before what it keeps is seen here. */
  private known = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private marked = ''
  private markedAt = -Infinity
  private counted = 0
  private rung = 0

  constructor(private readonly parts: Parts) {}

  private get read(): number {
    return Math.max(this.known, this.parts.store.kept.read ?? 0)
  }

  get unread(): number {
    return this.parts.conversation.unread(this.read).length
  }

  /** Looks whether what is there is seen. */
  look(): void {
    const { conversation, store, tell, visit, sees } = this.parts
    if (sees()) {
      const { cursor } = conversation
      if (cursor > this.read) {
        this.known = cursor
        store.set('read', cursor)
        tell({ type: 'read', visit: visit(), place: cursor })
      }
      this.mark()
    }
    this.count()
  }

  count(): void {
    const { unread } = this
    if (unread !== this.counted) this.parts.counted(unread)
    this.counted = unread
  }

  /** At once, and of many soon after one another the last. */
  mark(): void {
    clearTimeout(this.timer)
    const wait = this.markedAt + PACE - performance.now()
    if (wait > 0) {
      this.timer = setTimeout(() => this.mark(), wait)
      return
    }
    const { cursor } = this.parts.conversation
    const marks = { delivered: cursor, read: Math.min(this.read, cursor) }
    const sign = `${marks.delivered} ${marks.read}`
    if (cursor === 0 || sign === this.marked || !this.parts.send({ type: 'marks', ...marks })) return
    this.marked = sign
    this.markedAt = performance.now()
  }

  /** After a break nobody knows whether the last mark was heard. */
  markAgain(): void {
    this.marked = ''
    this.mark()
  }

  /** One tab rings: the one that is seen, else whichever is first. */
  bell(place: number): void {
    if (this.parts.store.kept.muted || (this.parts.sees() && document.hasFocus())) return
    setTimeout(() => {
      if (this.rung >= place) return
      this.rung = place
      this.parts.tell({ type: 'sounded', visit: this.parts.visit(), place })
      ring()
    }, document.hidden ? 200 + Math.random() * 300 : 0)
  }

  hear(news: News): void {
    if (news.type === 'sounded') this.rung = Math.max(this.rung, news.place)
    if (news.type === 'read') this.known = Math.max(this.known, news.place)
  }

  /** Another conversation. */
  clear(): void {
    clearTimeout(this.timer)
    this.known = this.rung = 0
    this.marked = ''
  }
}
