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

export function createOutbox(live: Live, failed: (problem: Problem, action: Action) => void) {
  const waiting = shallowReactive(new Map<string, Action>())
  let sending = false

  function remember(): void {
    try {
      localStorage.setItem(store, JSON.stringify({ me: live.me.value, actions: [...waiting.values()] }))
    } catch {
      // A full or forbidden store costs us only the memory over a reload.
    }
  }

  /** Does it now. Resolves with the answer, or with null when it waits for the line. */
  async function act<T = Ticket>(wish: NewAction): Promise<T | null> {
    const action: Action = { ...wish, key: freshKey(), at: Date.now() }
    if (action.pending) live.pend({ key: action.key, ...action.pending })
    // What already waits goes first, or a later change would overtake an earlier one.
    if (waiting.size > 0) return hold<T>(action)
    return send<T>(action)
  }

  function hold<T>(action: Action): T | null {
    waiting.set(action.key, action)
    remember()
    void flush()
    return null
  }

  async function send<T>(action: Action): Promise<T | null> {
    try {
      const answer = await call<T>(action.method, action.path, { body: action.body, key: action.key })
      live.settle(action.key, answer as unknown as Ticket)
      return answer
    } catch (error) {
      if (error instanceof Problem && error.passing) {
        waiting.set(action.key, action)
        remember()
        return null
      }
      live.settle(action.key)
      const problem = error instanceof Problem ? error : new Problem(500, String(error), '')
      failed(problem, action)
      throw problem
    }
  }

  /** Sends what waits, in order; stops at the first that still cannot leave. */
  async function flush(): Promise<void> {
    if (sending) return
    sending = true
    try {
      for (const action of [...waiting.values()]) {
        if (!waiting.has(action.key)) continue
        try {
          const answer = await call<unknown>(action.method, action.path, { body: action.body, key: action.key })
          waiting.delete(action.key)
          live.settle(action.key, answer as Ticket)
          if (isMessage(answer)) live.addMessage(answer)
        } catch (error) {
          if (error instanceof Problem && error.passing) break
          waiting.delete(action.key)
          live.settle(action.key)
          if (error instanceof Problem) failed(error, action)
        }
        remember()
      }
    } finally {
      sending = false
      remember()
    }
  }

  function drop(key: string): Action | undefined {
    const action = waiting.get(key)
    waiting.delete(key)
    live.settle(key)
    remember()
    return action
  }

  /** After a reload: what the same person left behind waits again. */
  function restore(): void {
    try {
      const kept = JSON.parse(localStorage.getItem(store) ?? 'null') as { me: Id; actions: Action[] } | null
      if (!kept || kept.me !== live.me.value) return
      for (const action of kept.actions) {
        waiting.set(action.key, action)
        if (action.pending) live.pend({ key: action.key, ...action.pending })
      }
    } catch {
      localStorage.removeItem(store)
    }
    if (waiting.size > 0) void flush()
  }

  const isHeld = (key: string) => waiting.has(key)
  return { act, flush, drop, restore, isHeld, waiting, list: computed(() => [...waiting.values()]) }
}

function isMessage(answer: unknown): answer is Message {
  return typeof answer === 'object' && answer !== null && 'direction' in answer && 'ticket' in answer
}
export type Outbox = ReturnType<typeof createOutbox>
