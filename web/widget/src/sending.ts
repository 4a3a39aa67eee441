// What was said goes out one after the other, each until the server has it. Its id stays the same, so that it is said once.
import { Refusal } from './api'
import { pause } from './connection'
import type { Conversation, Line, Pending } from './conversation'

export interface Parts {
  conversation: Conversation
  /** A visit that can say something. */
  ready(): Promise<void>
  say(one: Pending): Promise<Line>
  /** The token of the visit in which it is said. */
  visit(): string | undefined
  /** This visit is gone: the next `ready` begins another. */
  gone(visit: string | undefined): void
  /** Something changed; null where nothing is wrong. */
  changed(trouble: Refusal | null): void
  random?(): number
}

export class Sender {
  private running = false
  private failures = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  /** Whose visit went twice goes no third time. */
  private lost = new Set<string>()

  constructor(private readonly parts: Parts) {}

  /** Sends what waits; called when something was said, and when there is reason to hope again. */
  async go(): Promise<void> {
    if (this.running) return
    clearTimeout(this.timer)
    this.running = true
    try {
      for (let next = this.next(); next; next = this.next()) if (!(await this.send(next))) return
    } finally {
      this.running = false
    }
  }

  /** One that was refused is tried again. */
  retry(id: string): void {
    const one = this.parts.conversation.pending.find((other) => other.id === id)
    if (one) one.state = 'sending'
    this.parts.changed(null)
    void this.go()
  }

  discard(id: string): void {
    const { conversation } = this.parts
    conversation.pending = conversation.pending.filter((one) => one.id !== id)
    this.parts.changed(null)
  }

  private next(): Pending | undefined {
    return this.parts.conversation.pending.find((one) => one.state !== 'failed')
  }

  /** Whether to go on with the next one at once. */
  private async send(one: Pending): Promise<boolean> {
    let visit: string | undefined
    try {
      await this.parts.ready()
      visit = this.parts.visit()
      const line = await this.parts.say(one)
      this.failures = 0
      if (visit !== this.parts.visit()) {
        // Said, and in a conversation that is not here any more.
        this.discard(one.id)
        return true
      }
      this.parts.conversation.add(line)
      this.parts.changed(null)
      return true
    } catch (caught) {
      if (visit !== undefined && visit !== this.parts.visit()) return true
      const refusal = caught instanceof Refusal ? caught : new Refusal(0)
      if (refusal.status === 401 && !this.lost.has(one.id)) {
        this.lost.add(one.id)
        this.parts.gone(visit)
        return true
      }
      if (refusal.passes) this.parts.conversation.pending.forEach((other) => other.state === 'sending' && (other.state = 'waiting'))
      else one.state = 'failed'
      this.parts.changed(refusal)
      if (!refusal.passes) return true
      const wait = refusal.wait * 1000 || pause(this.failures++, (this.parts.random ?? Math.random)())
      this.timer = setTimeout(() => void this.go(), wait)
      return false
    }
  }
}
