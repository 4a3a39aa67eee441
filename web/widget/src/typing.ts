// Telling the shop that its visitor is writing; and what, where the shop shows that to its agents.

/** The shop need not know more often than this, in milliseconds. */
const EVERY = 3000
const WITH_TEXT = 1000
/** Characters that are shown of it. */
const MOST = 500

export class Typing {
  private at = -Infinity
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly parts: { shown(): boolean; send(frame: object): boolean }) {}

  typed(text: string): void {
    clearTimeout(this.timer)
    if (!text) return
    const shown = this.parts.shown()
    const wait = this.at + (shown ? WITH_TEXT : EVERY) - performance.now()
    if (wait > 0) {
      // What was typed last follows as soon as it may.
      if (shown) this.timer = setTimeout(() => this.typed(text), wait + 20)
    } else if (this.parts.send(shown ? { type: 'typing', text: beginning(text) } : { type: 'typing' })) this.at = performance.now()
  }

  /** It is said, or nobody is there to hear. */
  stop(): void {
    clearTimeout(this.timer)
  }
}

/** Half a letter is none, and no JSON that a server reads. */
const beginning = (text: string) => [...text.slice(0, 2 * MOST)].slice(0, MOST).join('').replace(/\p{Cs}/gu, '')
