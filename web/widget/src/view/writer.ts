// Where the visitor writes: text, files, pasted pictures, emoji.
import type { Widget } from '../widget'
import { h, icon, iconButton } from './dom'

const emojis = [...'🙂😀😂😊😍🤔😕😢😡👍👎👏🙏💪👋🎉❤🔥✨⭐✅❌⏰📦🚚🎁👕👟⛺🛒💶📷']

export class Writer {
  readonly node: HTMLElement
  private readonly text: HTMLTextAreaElement
  private readonly send: HTMLButtonElement
  private readonly clip: HTMLElement
  private readonly uploads = h('div', { class: 'uploads' })
  private readonly wrong = h('div', { class: 'wrong', id: 'wrong' })
  private readonly picker: HTMLElement
  private readonly smile: HTMLElement

  constructor(private readonly widget: Widget) {
    const { words } = widget
    this.text = h('textarea', {
      rows: '1', dir: 'auto', 'aria-label': words.t('write'), 'aria-describedby': 'wrong', 'data-key': 'write', 'data-first': '', enterkeyhint: 'send',
      oninput: () => this.typed(), onkeydown: (event: KeyboardEvent) => this.keys(event), onpaste: (event: ClipboardEvent) => this.pasted(event),
    })
    this.text.value = (!widget.proving && widget.store.tab.draft) || ''
    const files = h('input', { type: 'file', multiple: true, hidden: true, tabindex: '-1', onchange: () => {
      widget.uploads.add([...(files.files ?? [])])
      files.value = ''
      this.text.focus()
    } })
    this.clip = iconButton('clip', words.t('attach'), { onclick: () => files.click() })
    this.smile = iconButton('smile', words.t('emoji'), { 'aria-expanded': 'false', onclick: () => this.pick(this.picker.hidden) })
    this.picker = h('div', { class: 'emojis', role: 'group', 'aria-label': words.t('emoji'), hidden: true, onkeydown: (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      event.stopPropagation()
      this.pick(false)
      this.smile.focus()
    } }, ...emojis.map((emoji) => h('button', { type: 'button', onclick: () => this.insert(emoji) }, emoji)))
    this.send = h('button', { class: 'icon-btn go', 'aria-label': words.t('send'), title: words.t('send') }, icon('up'))
    this.node = h('div', { class: 'writer' }, this.picker, this.wrong, this.uploads,
      h('form', { class: 'write', onsubmit: (event: SubmitEvent) => {
        event.preventDefault()
        this.say()
      } }, this.text, files, this.clip, this.smile, this.send))
    requestAnimationFrame(() => this.grow())
  }

  refresh(): void {
    const { widget } = this
    const { words } = widget
    this.wrong.textContent = widget.notice
    this.clip.hidden = !widget.look?.files
    const online = widget.connection.state !== 'waiting' || widget.connection.failures < 2
    this.text.placeholder = words.t(online ? 'write' : 'writeOffline')
    this.uploads.replaceChildren(...widget.uploads.all.map((one) => h('span', { class: `upload ${one.state}` },
      h('span', { dir: 'auto' }, one.state === 'busy' ? words.t('uploading', { name: one.name }) : one.name),
      iconButton('x', words.t('remove', { name: one.name }), { onclick: () => {
        widget.uploads.remove(one)
        this.refresh()
        this.text.focus()
      } }))))
    this.send.disabled = (this.text.value.trim() === '' && widget.uploads.files.length === 0) || widget.uploads.busy
  }

  focus(): void {
    this.text.focus()
  }

  private say(): void {
    if (!this.widget.say(this.text.value)) return
    this.text.value = ''
    this.grow()
    this.refresh()
    this.text.focus()
  }

  private typed(): void {
    this.widget.notice = ''
    this.widget.typed(this.text.value)
    this.grow()
    this.refresh()
  }

  private keys(event: KeyboardEvent): void {
    // On glass there is a button to send, and no other way to a new line.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || matchMedia('(pointer: coarse)').matches) return
    event.preventDefault()
    this.say()
  }

  private pasted(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length === 0 || !this.widget.look?.files) return
    event.preventDefault()
    this.widget.uploads.add(files)
  }

  private pick(open: boolean): void {
    this.picker.hidden = !open
    this.smile.setAttribute('aria-expanded', String(open))
    if (open) (this.picker.firstElementChild as HTMLElement).focus()
  }

  private insert(emoji: string): void {
    const { selectionStart: from, selectionEnd: to } = this.text
    this.text.setRangeText(emoji, from, to, 'end')
    this.pick(false)
    this.text.focus()
    this.typed()
  }

  /** As high as its text, up to seven lines. */
  private grow(): void {
    this.text.style.blockSize = 'auto'
    this.text.style.blockSize = `${Math.min(140, Math.max(40, this.text.scrollHeight))}px`
  }
}
