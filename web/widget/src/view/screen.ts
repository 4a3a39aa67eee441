// Draws the launcher's badge, the panel with its views, and what pops up beside the launcher.
import { brandCss } from '../colours'
import type { Line } from '../conversation'
import { adopt } from '../sheet'
import type { Widget } from '../widget'
import { face, h, icon, iconButton } from './dom'
import { askToDelete, contact, questions, transcript } from './forms'
import { home } from './home'
import css from './style.css?inline'
import { Talk } from './talk'

const phone = matchMedia('(max-width: 479.98px)')

export class Screen {
  readonly panel: HTMLElement
  private readonly said = h('div', { class: 'sr', role: 'status', 'aria-atomic': 'false' })
  private readonly badge = h('span', { class: 'badge', 'aria-hidden': 'true', hidden: true })
  private readonly colours: (css: string) => void
  private popped: HTMLElement | null = null
  private talk: Talk | null = null
  private drawn = ''
  private goesOn = false
  private closePopped = () => {}
  /** It never has the focus by itself, so it is closed from wherever the focus is. */
  private readonly escape = (event: KeyboardEvent) => event.key === 'Escape' && !event.defaultPrevented && this.closePopped()

  constructor(private readonly widget: Widget) {
    const { boot } = widget
    adopt(boot.root, css, boot.nonce)
    this.colours = adopt(boot.root, brandCss(boot.said.colour ?? ''), boot.nonce)
    this.panel = h('section', { class: 'panel', role: 'dialog', tabindex: '-1', hidden: true, onkeydown: (event: KeyboardEvent) => this.keys(event) })
    boot.launcher.append(this.badge)
    boot.wrap.prepend(this.panel)
    boot.wrap.append(this.said)
    // The keyboard of a phone leaves less to see than the window is high.
    const { visualViewport } = window
    visualViewport?.addEventListener('resize', () => this.panel.style.setProperty('--seen', `${Math.round(visualViewport.height)}px`))
    this.draw()
  }

  draw(): void {
    const { widget, panel } = this
    const { boot, words, look } = widget
    const { wrap } = boot
    wrap.lang = words.language
    wrap.dir = words.direction
    wrap.dataset.side = (boot.said.side ?? look?.side) === 'start' ? 'start' : 'end'
    if (widget.theme === 'auto') delete wrap.dataset.theme
    else wrap.dataset.theme = widget.theme
    wrap.toggleAttribute('data-open', widget.isOpen)
    if (look?.colour && look.colour !== this.drawn) {
      this.drawn = look.colour
      this.colours(brandCss(look.colour))
    }
    panel.setAttribute('aria-label', look?.shop ? `${words.t('label')}, ${look.shop}` : words.t('label'))
    panel.setAttribute('aria-modal', String(phone.matches))
    const focused = this.focused()
    const opens = widget.isOpen && panel.hidden
    const closes = !widget.isOpen && !panel.hidden
    panel.hidden = !widget.isOpen
    this.talk = null
    if (widget.isOpen) panel.replaceChildren(...this.build())
    this.refresh()
    if (opens && !widget.quiet) this.enter()
    else if (widget.isOpen && focused) this.focusAgain(focused)
    // Back where it was opened, unless the visitor has gone elsewhere meanwhile.
    if (closes && (!document.activeElement || document.activeElement === boot.host || document.activeElement === document.body)) boot.launcher.focus()
  }

  private build(): Node[] {
    const { widget } = this
    switch (widget.view) {
      case 'talk': return (this.talk = new Talk(widget)).nodes
      case 'questions': return questions(widget)
      case 'contact': return contact(widget)
      case 'transcript': return transcript(widget)
      case 'delete': return askToDelete(widget)
      case 'home': return home(widget)
    }
  }

  refresh(): void {
    const { widget, badge } = this
    const { launcher } = widget.boot
    const { unread, words, isOpen } = widget
    badge.hidden = unread === 0 || isOpen
    badge.textContent = unread > 99 ? '99+' : words.number(unread)
    const label = isOpen ? words.t('close') : unread > 0 ? words.t('openUnread', { n: unread }) : words.t('open')
    launcher.setAttribute('aria-label', label)
    launcher.removeAttribute('title')
    launcher.setAttribute('aria-expanded', String(isOpen))
    const shown = isOpen ? 'down' : 'chat'
    if (launcher.dataset.icon !== shown) {
      launcher.dataset.icon = shown
      launcher.querySelector('svg')?.replaceWith(icon(shown))
    }
    this.talk?.refresh()
    const goesOn = widget.hasConversation()
    if (goesOn !== this.goesOn && isOpen && widget.view === 'home') {
      this.goesOn = goesOn
      return this.draw()
    }
    this.goesOn = goesOn
    for (const one of this.panel.querySelectorAll<HTMLElement>('.nav .badge')) {
      one.hidden = unread === 0
      one.textContent = words.number(unread)
    }
    widget.reading.count()
  }

  announce(text: string): void {
    // A line for each: of two answers at once both are read out, and the same words twice.
    const line = h('p', {}, text.slice(0, 500))
    this.said.append(line)
    setTimeout(() => line.remove(), 10_000)
  }

  /** What the shop just said, beside the closed launcher: one at a time, gone for good when closed. */
  pop(line: Line | null, close = () => this.pop(null)): void {
    const focused = this.popped?.contains(this.widget.boot.root.activeElement)
    this.popped?.remove()
    document.removeEventListener('keydown', this.escape)
    if (focused) this.widget.boot.launcher.focus()
    this.popped = null
    if (!line) return
    const { widget } = this
    const { words } = widget
    const name = line.name ?? widget.look?.shop ?? ''
    const text = line.text || (line.files ?? []).map((file) => file.name).join(', ')
    this.popped = h('div', { class: 'pop', role: 'group', 'aria-label': words.t('messages') },
      face(name || '?'),
      h('button', { type: 'button', class: 'say', onclick: () => widget.open(widget.greet.now ? widget.greet.view : 'talk') }, h('b', {}, h('bdi', {}, name)), h('p', { dir: 'auto' }, text.slice(0, 300))),
      iconButton('x', words.t('dismiss'), { onclick: close }))
    widget.boot.launcher.before(this.popped)
    this.closePopped = close
    document.addEventListener('keydown', this.escape)
  }

  // ── keyboard

  private enter(): void {
    const first = this.panel.querySelector<HTMLElement>('[data-first]') ?? this.panel
    first.focus({ preventScroll: true })
  }

  private keys(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.defaultPrevented) {
      event.stopPropagation()
      this.widget.close()
    }
    // On a phone it covers the page, which must not be reached behind it.
    if (event.key === 'Tab' && phone.matches) {
      const all = [...this.panel.querySelectorAll<HTMLElement>('button, input, textarea, select, a[href], [tabindex="0"]')].filter((one) => one.offsetParent && !one.hasAttribute('disabled'))
      const at = this.widget.boot.root.activeElement
      const [first, last] = [all[0], all.at(-1)]
      const turn = event.shiftKey ? at === first || at === this.panel : at === last
      if (turn) {
        event.preventDefault()
        ;(event.shiftKey ? last : first)?.focus()
      }
    }
  }

  private focused(): { name: string; from: number | null } | null {
    const at = this.widget.boot.root.activeElement
    if (!at || !this.panel.contains(at)) return null
    return { name: at.getAttribute('data-key') ?? at.getAttribute('aria-label') ?? '', from: at instanceof HTMLTextAreaElement ? at.selectionStart : null }
  }

  private focusAgain({ name, from }: { name: string; from: number | null }): void {
    const same = name ? [...this.panel.querySelectorAll<HTMLElement>('[data-key], [aria-label]')].find((one) => (one.dataset.key ?? one.getAttribute('aria-label')) === name) : null
    if (!same) return this.enter()
    same.focus({ preventScroll: true })
    if (same instanceof HTMLTextAreaElement && from !== null) same.setSelectionRange(from, from)
  }
}
