// What was said and has not arrived. It is kept, so that leaving the page loses nothing.
import type { Conversation, Pending } from './conversation'
import type { Store } from './store'

export class Outbox {
  private mine = new Set<string>()
  /** What was said since somebody was named, and is theirs. */
  private since = new Set<string>()

  constructor(private readonly conversation: Conversation, private readonly store: Store) {}

  add(one: Pending, owes: boolean): void {
    this.mine.add(one.id)
    if (owes) this.since.add(one.id)
    this.conversation.pending.push(one)
    this.keep()
  }

  takeUp(): void {
    for (const one of this.conversation.takeUp(this.store.kept.outbox ?? [])) this.mine.add(one.id)
  }

  /** Somebody is named; what they say from now on stays, whoever was here before. */
  named(): void {
    this.since.clear()
  }

  empty(): void {
    this.conversation.pending = this.conversation.pending.filter((one) => this.since.has(one.id))
    this.mine = new Set(this.since)
  }

  /** What other pages have not got through is theirs to keep. */
  keep(): void {
    const { outbox = [] } = this.store.kept
    const all = [...outbox.filter((one) => !this.mine.has(one.id)), ...this.conversation.pending]
    if (all.length > 0 || outbox.length > 0) this.store.set('outbox', all.length > 0 ? all : undefined)
  }
}
