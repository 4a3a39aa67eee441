// A greeting beside the button; when the visitor answers, it is the first line of their conversation.
import { isLasting } from './boot'
import type { Line } from './conversation'
import { note } from './greeted'
import type { Greeting } from './rules'
import type { View, Widget } from './widget'

export class Greet {
  /** It stands before the visitor until they answer or close it. */
  now: Greeting | null = null

  constructor(private readonly widget: Widget) {}

  /** Shows it, unless something is going on here; with consent the shop is asked, because it knows their other browsers. */
  async offer(given: unknown): Promise<void> {
    const greeting = given as Greeting
    const { widget } = this
    if (this.now || !widget.isIdle || typeof greeting?.text !== 'string') return
    await widget.lookAround()
    if (!widget.look) return
    if (widget.hasConsent && !(await this.isAllowed(greeting))) return
    if (this.now || !widget.isIdle) return
    this.now = greeting
    note(widget.boot.inbox, isLasting(widget.consented), { at: Date.now(), shown: { [greeting.id]: Date.now() } })
    widget.screen.announce(`${greeting.name ?? widget.look?.shop ?? ''}: ${greeting.text}`)
    widget.screen.pop(this.shown(greeting), () => this.close())
    widget.events.emit('greeting', { id: greeting.id, text: greeting.text })
  }

  private async isAllowed({ id }: Greeting): Promise<boolean> {
    const { widget } = this
    try {
      await widget.visitor.ready()
      const { show } = await widget.api.ask<{ show: boolean }>('POST', 'greetings', { greeting: id })
      if (!show) note(widget.boot.inbox, true, { shown: { [id]: Date.now() } })
      return show
    } catch {
      // Rather not than twice.
      return false
    }
  }

  /** The visitor wants peace. */
  close(): void {
    const { widget } = this
    this.now = null
    note(widget.boot.inbox, isLasting(widget.consented), { closed: Date.now() })
    widget.screen.pop(null)
  }

  /** The shop's questions come before the first answer. */
  get view(): View {
    const { look, asked } = this.widget
    return look && look.questions.length > 0 && !asked ? 'questions' : 'talk'
  }

  forget(): void {
    this.now = null
  }

  /** What the visitor's first words answer. */
  get answered(): { id: number; language: string } | undefined {
    return this.now && !this.widget.hasConversation() ? { id: this.now.id, language: this.now.language } : undefined
  }

  /** The line that stands for it until the server has one. */
  get line(): Line | null {
    return this.now && !this.widget.conversation.has(1) ? this.shown(this.now) : null
  }

  /** It is this line, and was read out before. */
  is(line: Line): boolean {
    return line.place === 1 && line.text === this.now?.text
  }

  private shown({ name, text }: Greeting): Line {
    return { place: 0, id: null, author: 'shop', name, text, at: new Date().toISOString() }
  }
}
