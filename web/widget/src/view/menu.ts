// What can be done with a conversation besides writing: behind the three dots.
import type { Widget } from '../widget'
import { h, icon, iconButton, type Drawing } from './dom'

export class More {
  readonly list = h('div', { class: 'menu', role: 'menu', hidden: true, onkeydown: (event: KeyboardEvent) => this.keys(event) })
  readonly button: HTMLElement

  constructor(private readonly widget: Widget) {
    const { words } = widget
    this.button = iconButton('more', words.t('more'), { 'aria-haspopup': 'menu', 'aria-expanded': 'false', onclick: () => (this.list.hidden ? this.open() : this.close(true)) })
    this.list.setAttribute('aria-label', words.t('more'))
    this.list.addEventListener('focusout', (event) => {
      const to = event.relatedTarget as Node | null
      if (to && !this.list.contains(to) && to !== this.button) this.close(false)
    })
  }

  private items(): [Drawing, string, () => void][] {
    const { widget } = this
    const { words, conversation, store, look } = widget
    const muted = store.kept.muted === true
    const items: [Drawing, string, () => void][] = [[muted ? 'sound' : 'mute', words.t(muted ? 'soundOn' : 'soundOff'), () => widget.mute(!muted)]]
    if (conversation.cursor === 0) return items
    if (look?.answers) {
      // Of what nobody has answered there is nothing to send.
      if (conversation.lines.some((line) => line.author === 'shop')) items.unshift(['download', words.t('transcript'), () => widget.go('transcript')])
      items.unshift(['mail', words.t('contact'), () => widget.go('contact')])
    }
    if (!conversation.ended) items.push(['check', words.t('end'), () => void widget.endChat()])
    items.push(['trash', words.t('delete'), () => widget.go('delete')])
    return items
  }

  private open(): void {
    this.list.replaceChildren(...this.items().map(([picture, text, act]) => h('button', { type: 'button', role: 'menuitem', tabindex: '-1', onclick: () => {
      this.close(true)
      act()
    } }, icon(picture), text)))
    this.list.hidden = false
    this.button.setAttribute('aria-expanded', 'true')
    ;(this.list.firstElementChild as HTMLElement).focus()
  }

  private close(back: boolean): void {
    this.list.hidden = true
    this.button.setAttribute('aria-expanded', 'false')
    if (back) this.button.focus()
  }

  private keys(event: KeyboardEvent): void {
    const all = [...this.list.children] as HTMLElement[]
    const at = all.indexOf(this.widget.boot.root.activeElement as HTMLElement)
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at + all.length - 1) % all.length, Home: 0, End: all.length - 1 }[event.key]
    if (to !== undefined) all[to]?.focus()
    else if (event.key === 'Escape') this.close(true)
    else if (event.key === 'Tab') return this.close(true)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
}
