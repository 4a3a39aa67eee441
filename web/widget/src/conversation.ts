// The lines of a conversation. The place that the server gave is their order; no clock of the visitor's counts.

export interface Attached {
  id: number | string
  name: string
  type: string
  size: number
  picture: boolean
}

export interface Line {
  place: number
  /** The id that the visitor's page gave; null on what the shop said. */
  id: string | null
  author: 'visitor' | 'shop'
  name: string | null
  text: string
  /** RFC 3339, by the server's clock. */
  at: string
  files?: Attached[]
  /** It came or went by mail while the visitor was away. */
  by_mail?: boolean
}

/** Said here, and not confirmed by the server. */
export interface Pending {
  id: string
  text: string
  files: Attached[]
  /** The greeting that it answers. */
  greeting?: { id: number; language: string }
  state: 'sending' | 'waiting' | 'failed'
}

export class Conversation {
  private places = new Map<number, Line>()
  private said = new Set<string>()
  pending: Pending[] = []
  readByShop = 0
  ended = false
  /** The last place before which nothing is missing: where to go on after a break. */
  cursor = 0

  /** Whether it is new. The same line comes again after a break, and as the answer to what was said. */
  add(line: Line): boolean {
    if (line.id !== null) {
      this.said.add(line.id)
      this.pending = this.pending.filter((one) => one.id !== line.id)
    }
    const isNew = !this.places.has(line.place)
    this.places.set(line.place, line)
    while (this.places.has(this.cursor + 1)) this.cursor++
    return isNew
  }

  has(place: number): boolean {
    return this.places.has(place)
  }

  /** In order. */
  get lines(): Line[] {
    return [...this.places.values()].sort((a, b) => a.place - b.place)
  }

  get newest(): Line | undefined {
    return this.lines.at(-1)
  }

  /** What was said before in another page and may not have arrived; known ids are not said again. */
  takeUp(pending: Pending[]): Pending[] {
    const known = new Set(this.pending.map((one) => one.id))
    const fresh = pending.filter((one) => !this.said.has(one.id) && !known.has(one.id)).map((one) => ({ ...one, state: 'sending' as const }))
    this.pending.push(...fresh)
    return fresh
  }

  /** Lines of the shop after this place. */
  unread(read: number): Line[] {
    return this.lines.filter((line) => line.author === 'shop' && line.place > read)
  }

  /** How the visitor's last line fared; null where they said nothing, or the shop spoke since. */
  get fate(): 'sent' | 'read' | null {
    const last = this.newest
    if (!last || last.author !== 'visitor' || this.pending.length > 0) return null
    return last.place <= this.readByShop ? 'read' : 'sent'
  }

  /** Somebody else's conversation, or none: what was not sent yet stays. */
  clear(): void {
    this.places.clear()
    this.said.clear()
    this.cursor = this.readByShop = 0
    this.ended = false
  }
}
