// What we ask the server to change. Shown at once as a pending event; kept and sent later when the line is down.
import { computed, shallowReactive } from 'vue'
import { call, freshKey, Problem } from '@api/client'
import type { Id, Message, Ticket } from '@api/schema'
import type { Live, Pending } from './live'

export interface Action {
  key: string
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  body?: unknown
  /** What it means for a ticket, shown before the answer. */
  pending?: Omit<Pending, 'key'>
  /** Key and arguments of the sentence in the list of what waits. */
  label: string
  args?: Record<string, string | number>
  at: number
}
export type NewAction = Omit<Action, 'key' | 'at'>

const store = 'shopbell.outbox'

export class Outbox {
  readonly waiting = shallowReactive(new Map<string, Action>())
  private sending = false
  readonly list = computed(() => [...this.waiting.values()])

  constructor(
    private readonly live: Live,
    private readonly failed: (problem: Problem, action: Action) => void,
  ) {}

  private remember(): void {
    try {
      localStorage.setItem(store, JSON.stringify({ me: this.live.me.value, actions: [...this.waiting.values()] }))
    } catch {
      // A full or forbidden store costs us only the memory over a reload.
    }
  }

  /** Does it now. Resolves with the answer, or with null when it waits for the line. */
  async act<T = Ticket>(wish: NewAction): Promise<T | null> {
    const action: Action = { ...wish, key: freshKey(), at: Date.now() }
    if (action.pending) this.live.pend({ key: action.key, ...action.pending })
    // What already waits goes first, or a later change would overtake an earlier one.
    if (this.waiting.size > 0) return this.hold<T>(action)
    return this.send<T>(action)
  }

  private hold<T>(action: Action): T | null {
    this.waiting.set(action.key, action)
    this.remember()
    void this.flush()
    return null
  }

  private async send<T>(action: Action): Promise<T | null> {
    try {
      const answer = await call<T>(action.method, action.path, { body: action.body, key: action.key })
      this.live.settle(action.key, answer as unknown as Ticket)
      return answer
    } catch (error) {
      if (error instanceof Problem && error.passing) {
        this.waiting.set(action.key, action)
        this.remember()
        return null
      }
      this.live.settle(action.key)
      const problem = error instanceof Problem ? error : new Problem(500, String(error), '')
      this.failed(problem, action)
      throw problem
    }
  }

  /** Sends what waits, in order; stops at the first that still cannot leave. */
  async flush(): Promise<void> {
    if (this.sending) return
    this.sending = true
    try {
      for (const action of [...this.waiting.values()]) {
        if (!this.waiting.has(action.key)) continue
        try {
          const answer = await call<unknown>(action.method, action.path, { body: action.body, key: action.key })
          this.waiting.delete(action.key)
          this.live.settle(action.key, answer as Ticket)
          if (isMessage(answer)) this.live.addMessage(answer)
        } catch (error) {
          if (error instanceof Problem && error.passing) break
          this.waiting.delete(action.key)
          this.live.settle(action.key)
          if (error instanceof Problem) this.failed(error, action)
        }
        this.remember()
      }
    } finally {
      this.sending = false
      this.remember()
    }
  }

  drop(key: string): Action | undefined {
    const action = this.waiting.get(key)
    this.waiting.delete(key)
    this.live.settle(key)
    this.remember()
    return action
  }

  /** After a reload: what the same person left behind waits again. */
  restore(): void {
    try {
      const kept = JSON.parse(localStorage.getItem(store) ?? 'null') as { me: Id; actions: Action[] } | null
      if (!kept || kept.me !== this.live.me.value) return
      for (const action of kept.actions) {
        this.waiting.set(action.key, action)
        if (action.pending) this.live.pend({ key: action.key, ...action.pending })
      }
    } catch {
      localStorage.removeItem(store)
    }
    if (this.waiting.size > 0) void this.flush()
  }
}

export const createOutbox = (live: Live, failed: (problem: Problem, action: Action) => void) => new Outbox(live, failed)

function isMessage(answer: unknown): answer is Message {
  return typeof answer === 'object' && answer !== null && 'direction' in answer && 'ticket' in answer
}
