// Several tabs of one shop in step. What is said reaches each by its own connection; the rest they tell each other.

export type News =
  /** What is kept has changed: a conversation began or was forgotten, a language was chosen. */
  | { type: 'kept' }
  | { type: 'read'; visit: string | undefined; place: number }
  | { type: 'sounded'; visit: string | undefined; place: number }

export class Tabs {
  private channel: BroadcastChannel | undefined
  private readonly stored: (event: StorageEvent) => void

  constructor(private readonly key: string, hear: (news: News) => void) {
    // Another tab's word may be here before what it keeps is; this event comes after it.
    this.stored = (event) => event.key === key && hear({ type: 'kept' })
    addEventListener('storage', this.stored)
    try {
      this.channel = new BroadcastChannel(key)
      this.channel.onmessage = (event: MessageEvent<News>) => hear(event.data)
    } catch {
      // A sandboxed page may have no channel; it has no other tab either.
    }
  }

  tell(news: News): void {
    this.channel?.postMessage(news)
  }

  /** One tab at a time; where the browser cannot promise it, at once. */
  async alone<T>(act: () => Promise<T>): Promise<T> {
    try {
      if (navigator.locks) return (await navigator.locks.request(this.key, act)) as T
    } catch (caught) {
      // A sandboxed page may not lock; what the act itself threw is the act's.
      if (!(caught instanceof DOMException)) throw caught
    }
    return act()
  }
}
