// What comes from the server: lines, what the shop has read, who is writing.
import { Refusal } from './api'
import type { Frame } from './connection'
import type { Line } from './conversation'
import type { Widget } from './widget'

export class Hearing {
  /** What was missed is here; what comes now is new. */
  replayed = false

  constructor(private readonly widget: Widget) {}

  hear(frame: Frame): void {
    const { widget } = this
    if (frame.type === 'line') this.hearLine(frame.line as Line)
    if (frame.type === 'state') {
      widget.conversation.readByShop = Number(frame.read_by_shop) || 0
      widget.conversation.ended = frame.ended === true
      this.replayed = true
      widget.reading.look()
      widget.reading.mark()
    }
    if (frame.type === 'typing') widget.typing = frame.on === true ? String(frame.name ?? '') : null
    // What was missed comes line by line, and is drawn at once with the state that ends it.
    if (frame.type !== 'ping' && (this.replayed || frame.type !== 'line')) widget.screen.refresh()
  }

  private hearLine(line: Line): void {
    const { widget } = this
    const isNew = widget.conversation.add(line)
    if (line.author === 'visitor') return widget.outbox.keep()
    widget.typing = null
    if (widget.greet.is(line)) return widget.reading.look()
    if (!isNew || !this.replayed) return
    widget.events.emit('message', { from: 'shop', name: line.name, text: line.text })
    widget.screen.announce(`${line.name ?? widget.look?.shop ?? ''}: ${line.text || (line.files ?? []).map((file) => file.name).join(', ')}`)
    if (!widget.isOpen) widget.screen.pop(line)
    widget.reading.bell(line.place)
    widget.reading.look()
  }

  /** Where no websocket gets through, what was said is fetched. */
  async catchUp(): Promise<void> {
    const { widget } = this
    const { visitor, conversation } = widget
    const { token } = visitor
    try {
      for (;;) {
        type Page = { data: Line[]; newest: number; read_by_shop: number; ended: boolean }
        const page = await widget.api.ask<Page>('GET', `messages?after=${conversation.cursor}`)
        if (token !== visitor.proven) return
        for (const line of page.data) this.hearLine(line)
        conversation.readByShop = page.read_by_shop
        conversation.ended = page.ended
        if (page.data.length === 0 || conversation.cursor >= page.newest) break
      }
      this.replayed = true
      widget.reading.look()
      widget.screen.refresh()
    } catch (caught) {
      if (caught instanceof Refusal && caught.status === 401) visitor.forget(token)
    }
  }
}
