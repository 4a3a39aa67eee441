// The conversation: its lines, how the last one fared, and who is writing.
import type { Attached, Line, Pending } from '../conversation'
import { Pictures } from '../files'
import { pieces } from '../links'
import type { Widget } from '../widget'
import { arrange, face, h, icon, iconButton } from './dom'
import { promise } from './home'
import { More } from './menu'
import { Writer } from './writer'

export class Talk {
  readonly nodes: HTMLElement[]
  private readonly writer: Writer
  private readonly top = h('div', { class: 'grow' })
  private readonly face = h('span')
  private readonly alert = h('div', { class: 'alert', hidden: true })
  private readonly trouble = h('span', { class: 'grow' })
  private readonly list = h('div', { class: 'talk' })
  private readonly body: HTMLElement
  private readonly jump: HTMLElement
  private readonly note: HTMLElement
  private readonly drawn = new Map<string, { sign: string; element: HTMLElement }>()
  private tick: ReturnType<typeof setInterval> | undefined
  private stuck = true
  private began = true

  constructor(private readonly widget: Widget) {
    const { words } = widget
    this.writer = new Writer(widget)
    this.jump = h('button', { type: 'button', class: 'jump', hidden: true, onclick: () => this.toEnd() }, words.t('newest'))
    this.alert.append(icon('offline'), this.trouble, h('button', { type: 'button', 'data-key': 'try', onclick: () => widget.hurry() }, words.t('tryNow')))
    this.body = h('div', { class: 'body', tabindex: '0', role: 'log', 'aria-live': 'off', 'aria-label': words.t('messages'), 'data-key': 'log', onscroll: () => this.scrolled() }, this.list, this.jump)
    this.note = h('div', { class: 'note', hidden: true }, h('button', { type: 'button', onclick: () => widget.go('contact') }, icon('mail', 's'), words.t('contact')))
    const more = new More(widget)
    const top = h('div', { class: 'top' }, iconButton('left', words.t('back'), { onclick: () => widget.go('home') }), this.face, this.top, more.button,
      iconButton('x', words.t('close'), { onclick: () => widget.close() }), more.list)
    this.nodes = [top, this.alert, this.body, this.note, this.writer.node]
    this.nodes.forEach((node) => node.addEventListener('dragover', (event) => widget.look?.files && event.preventDefault()))
    this.nodes.forEach((node) => node.addEventListener('drop', (event) => {
      event.preventDefault()
      widget.uploads.add(event.dataTransfer?.files ?? [])
    }))
  }

  refresh(): void {
    const { widget } = this
    this.header()
    this.connection()
    arrange(this.list, this.elements())
    const canWrite = Boolean(widget.look?.answers) && !widget.store.kept.contact && widget.conversation.cursor > 0
    this.note.hidden = !canWrite
    this.writer.refresh()
    if (this.stuck || this.began) this.toEnd()
    else this.jump.hidden = false
    this.began = this.began && widget.conversation.cursor === 0
  }

  private header(): void {
    const { words, look, typing, conversation, greet } = this.widget
    const last = conversation.lines.filter((line) => line.author === 'shop').at(-1) ?? greet.line
    const shop = look?.shop ?? ''
    const name = last?.name ? (shop ? `${last.name}, ${shop}` : last.name) : shop
    this.face.replaceChildren(face(last?.name ?? (shop || '?')))
    const writing = typing === null ? promise(this.widget) : words.t('typing', { name: typing || shop })
    this.top.replaceChildren(h('b', {}, h('bdi', {}, name)), h('small', {}, writing))
  }

  /** Whether there has been no line for a while, or one is tried again after that. */
  private broken(): { offline: boolean; trying: boolean } {
    const { state, failures } = this.widget.connection
    return { offline: state === 'waiting' && (failures > 1 || !navigator.onLine), trying: state === 'connecting' && failures > 1 }
  }

  /** A break is said when it lasts; each try is counted down to. */
  private connection(): void {
    const { widget, alert } = this
    const { words } = widget
    const { offline, trying } = this.broken()
    const was = alert.hidden
    if (!offline && !trying && alert.contains(widget.boot.root.activeElement)) this.writer.focus()
    alert.hidden = !offline && !trying
    clearInterval(this.tick)
    if (alert.hidden) return
    const say = () => {
      if (!alert.isConnected) return clearInterval(this.tick)
      this.trouble.textContent = offline ? words.t('offline', { time: words.seconds((widget.retryAt - performance.now()) / 1000) }) : words.t('connecting')
    }
    say()
    // Read out once; the countdown is for the eye.
    if (was) widget.screen.announce(this.trouble.textContent ?? '')
    if (offline) this.tick = setInterval(say, 1000)
  }

  private elements(): HTMLElement[] {
    const { widget } = this
    const { conversation, words } = widget
    const { pending, fate } = conversation
    const { line: greeting } = widget.greet
    const lines = greeting ? [greeting, ...conversation.lines] : conversation.lines
    const all: HTMLElement[] = []
    const keep = (key: string, sign: string, make: () => HTMLElement) => {
      const known = this.drawn.get(key)
      if (known?.sign === sign) return all.push(known.element)
      const element = make()
      // Only what comes while one looks rises; what was there stands.
      if (!this.began && !known) element.classList.add('fresh')
      this.drawn.set(key, { sign, element })
      all.push(element)
    }
    const days = new Set(lines.map((line) => words.day(line.at)))
    let day = ''
    let by: string | null = null
    for (const line of lines) {
      const today = words.day(line.at)
      if (today !== day && days.size > 1) keep(`d${line.place}`, today, () => h('div', { class: 'sys' }, today))
      day = today
      const author = line.author === 'visitor' ? null : (line.name ?? '')
      const named = author !== null && author !== by
      by = author
      const told = line.author === 'visitor' && line === lines.at(-1) && fate ? fate : ''
      keep(`l${line.place}`, `${named}${told}${line.at}`, () => this.line(line, named, told))
    }
    const { offline, trying } = this.broken()
    const broken = offline || trying
    for (const one of pending) keep(`p${one.id}`, `${one.state}${broken}`, () => this.waiting(one, broken))
    if (widget.typing !== null) keep('typing', widget.typing, () => this.dots(widget.typing!))
    const end = conversation.ended && pending.length === 0 ? words.t('ended') : ''
    if (end) keep('end', end, () => h('div', { class: 'sys' }, end))
    return all
  }

  private line(line: Line, named: boolean, told: '' | 'sent' | 'read'): HTMLElement {
    const { words } = this.widget
    const mine = line.author === 'visitor'
    const who = mine ? words.t('you') : (line.name ?? this.widget.look?.shop ?? '')
    const at = words.time(line.at)
    const mailed = line.by_mail ? words.t('byMail') : ''
    return h('div', { class: `line ${mine ? 'mine' : 'them'}`, 'data-place': line.place },
      named ? h('div', { class: 'by' }, h('b', {}, h('bdi', {}, who)), h('time', { datetime: line.at }, at), mailed) : h('span', { class: 'sr' }, `${who}, ${at}`),
      ...this.content(line.text, line.files ?? [], mine ? 'm me' : 'm'),
      told && h('div', { class: 'fate', 'data-fate': told }, icon('check', 's'), `${words.t(told)} `, h('time', { datetime: line.at }, at)),
      mine && mailed && !told && h('div', { class: 'fate' }, icon('mail', 's'), mailed))
  }

  private waiting(one: Pending, broken: boolean): HTMLElement {
    const { words, sender } = this.widget
    // The line is drawn anew, and the focus would go with it.
    const back = (act: () => void) => () => (this.writer.focus(), act())
    const state = one.state === 'sending' ? words.t('sending') : one.state === 'waiting' ? words.t(broken ? 'waits' : 'queued') : words.t('failed')
    const line = h('div', { class: 'line mine', 'data-pending': one.id },
      h('span', { class: 'sr' }, words.t('you')),
      ...this.content(one.text, one.files, `m me ${one.state === 'sending' ? '' : 'unsent'} ${one.state === 'failed' ? 'bad' : ''}`),
      h('div', { class: 'fate' }, icon('clock', 's wait'), state,
        one.state === 'failed' && h('button', { type: 'button', onclick: back(() => sender.retry(one.id)) }, words.t('again')),
        one.state === 'failed' && h('button', { type: 'button', onclick: back(() => sender.discard(one.id)) }, words.t('discard'))))
    return line
  }

  private content(text: string, files: Attached[], kind: string): HTMLElement[] {
    const parts = pieces(text).map((piece) => (piece.to ? h('a', { href: piece.to, target: '_blank', rel: 'noopener noreferrer nofollow ugc' }, piece.text) : piece.text))
    return [...(text ? [h('div', { class: kind, dir: 'auto' }, ...parts)] : []), ...files.map((file) => this.file(file))]
  }

  private file(file: Attached): HTMLElement {
    const { words, pictures } = this.widget
    const save = () => void this.widget.attempt(() => pictures.save(file))
    const link = () => h('button', { type: 'button', class: 'file', 'aria-label': words.t('download', { name: file.name }), onclick: save },
      icon('download', 's'), h('bdi', {}, file.name), h('small', {}, words.size(file.size)))
    if (!Pictures.shows(file)) return link()
    const picture = h('img', { class: 'pic', alt: words.t('picture', { name: file.name }) })
    const box = h('button', { type: 'button', class: 'picture', 'aria-label': words.t('download', { name: file.name }), onclick: save }, picture)
    picture.addEventListener('load', () => this.stuck && this.toEnd())
    picture.addEventListener('error', () => picture.src && box.replaceWith(link()))
    pictures.address(file).then((address) => (picture.src = address), () => box.replaceWith(link()))
    return box
  }

  private dots(name: string): HTMLElement {
    const who = name || (this.widget.look?.shop ?? '')
    return h('div', { class: 'line them' }, h('div', { class: 'm typing', role: 'img', 'aria-label': this.widget.words.t('typing', { name: who }) }, h('span', { class: 'dots' }, h('i'), h('i'), h('i'))))
  }

  private scrolled(): void {
    this.stuck = this.body.scrollHeight - this.body.scrollTop - this.body.clientHeight < 60
    if (this.stuck) this.jump.hidden = true
  }

  private toEnd(): void {
    this.stuck = true
    this.jump.hidden = true
    this.body.scrollTop = this.body.scrollHeight
  }
}
