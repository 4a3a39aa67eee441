// What the page can listen to.

export type Event = 'ready' | 'open' | 'close' | 'message' | 'unread' | 'identified' | 'refused' | 'deleted' | 'greeting'

export class Events {
  private listeners = new Map<string, Set<(about: unknown) => void>>()

  on(event: string, act: (about: unknown) => void): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(act))
  }

  off(event: string, act?: (about: unknown) => void): void {
    if (act) this.listeners.get(event)?.delete(act)
    else this.listeners.delete(event)
  }

  emit(event: Event, about: unknown): void {
    for (const act of this.listeners.get(event) ?? []) {
      try {
        act(about)
      } catch (mistake) {
        console.error(mistake)
      }
    }
  }
}
