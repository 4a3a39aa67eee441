// Small pages with a few fields: the shop's questions, the address for the answer, the transcript, and deleting.
import type { Question } from '../look'
import type { Widget } from '../widget'
import { h, iconButton, type Kid } from './dom'

const looksLikeMail = (text: string) => /^[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,.]+$/.test(text)

type Input = HTMLInputElement | HTMLSelectElement

interface Field {
  box: HTMLElement
  input: Input
  /** Says what is wrong beside it; whether it is right. */
  check(): boolean
}

let count = 0

function field(widget: Widget, { label, kind, choices, required }: Omit<Question, 'key'>, autocomplete = 'off'): Field {
  const { words } = widget
  const id = `f${++count}`
  const common = { id, 'data-key': label, autocomplete, 'aria-required': required ? 'true' : null, 'aria-describedby': `${id}-e` }
  const input: Input = kind === 'choice'
    ? h('select', common, h('option', { value: '' }, words.t('choose')), ...choices.map((choice) => h('option', { value: choice }, choice)))
    : h('input', { ...common, type: kind, dir: kind === 'email' ? 'ltr' : 'auto', maxlength: '300' })
  const wrong = h('span', { class: 'bad', id: `${id}-e` })
  const box = h('div', { class: 'field' }, h('label', { for: id, dir: 'auto' }, label, !required && h('small', {}, ` (${words.t('optional')})`)), input, wrong)
  const check = () => {
    const value = input.value.trim()
    const said = required && !value ? words.t('needed') : kind === 'email' && value && !looksLikeMail(value) ? words.t('badEmail') : ''
    wrong.textContent = said
    input.setAttribute('aria-invalid', String(said !== ''))
    return said === ''
  }
  return { box, input, check }
}

function page(widget: Widget, title: string, back: () => void, ...kids: Kid[]): Node[] {
  return [
    h('div', { class: 'top' }, iconButton('left', widget.words.t('back'), { onclick: back }), h('div', { class: 'grow' }, h('b', {}, title)), iconButton('x', widget.words.t('close'), { onclick: () => widget.close() })),
    h('div', { class: 'body' }, ...kids),
  ]
}

/** A form that sends once and says beside itself what went wrong. */
function form(widget: Widget, fields: Field[], verb: string, send: () => Promise<string | void>, ...before: Kid[]): HTMLElement {
  const told = h('p', { class: 'wrong', role: 'alert' })
  const button = h('button', { class: 'btn btn-primary' }, verb)
  fields[0]?.input.setAttribute('data-first', '')
  const element = h('form', { class: 'form', novalidate: true, onsubmit: async (event: SubmitEvent) => {
    event.preventDefault()
    const bad = fields.filter((one) => !one.check())[0]
    if (bad) return bad.input.focus()
    button.disabled = true
    told.textContent = ''
    try {
      const done = await send()
      if (done) element.replaceChildren(h('p', { role: 'status', tabindex: '-1' }, done))
      ;(element.firstElementChild as HTMLElement | null)?.focus()
    } catch (caught) {
      widget.complain(caught)
      told.textContent = widget.notice
      widget.notice = ''
    }
    button.disabled = false
  } }, ...before, ...fields.map((one) => one.box), told, button)
  return element
}

/** What every shop asks is asked in the visitor's language; the rest as the shop wrote it. */
function asksFor({ words }: Widget, { key, label }: Question): string {
  return key === 'name' ? words.t('name') : key === 'email' ? words.t('email') : key === 'topic' ? words.t('topic') : label
}

export function questions(widget: Widget): Node[] {
  const asked = (widget.look?.questions ?? []).map((question) => {
    const fills = { name: 'name', email: 'email' }[question.key] ?? 'off'
    return { question, ...field(widget, { ...question, label: asksFor(widget, question) }, fills) }
  })
  const send = async () => {
    const answers = asked.map(({ question, input }) => ({ key: question.key, value: input.value.trim() })).filter((one) => one.value)
    // A visit from before, in which nothing was said, does not know them.
    if (widget.visitor.token && answers.length > 0) await widget.api.ask('PUT', 'contact', { answers })
    widget.answers = answers
    widget.asked = true
    widget.go('talk')
  }
  return page(widget, widget.words.t('before'), () => widget.go('home'), form(widget, asked, widget.words.t('start'), send))
}

export function contact(widget: Widget): Node[] {
  const { words } = widget
  const name = field(widget, { label: words.t('name'), kind: 'text', choices: [], required: false }, 'name')
  name.input.value = widget.name ?? ''
  const email = field(widget, { label: words.t('email'), kind: 'email', choices: [], required: true }, 'email')
  const send = async () => {
    await widget.visitor.ready()
    const called = name.input.value.trim()
    await widget.api.ask('PUT', 'contact', { email: email.input.value.trim(), ...(called ? { name: called } : {}) })
    widget.store.set('contact', true)
    return words.t('saved')
  }
  return page(widget, words.t('contact'), () => widget.go('talk'), form(widget, [email, name], words.t('save'), send, h('p', {}, words.t('contactAbout'))))
}

export function transcript(widget: Widget): Node[] {
  const { words } = widget
  const email = field(widget, { label: words.t('email'), kind: 'email', choices: [], required: !widget.store.kept.contact }, 'email')
  const send = async () => {
    const address = email.input.value.trim()
    await widget.api.ask('POST', 'transcript', address ? { email: address } : {})
    return words.t('transcriptSent')
  }
  return page(widget, words.t('transcript'), () => widget.go('talk'), form(widget, [email], words.t('send'), send))
}

export function askToDelete(widget: Widget): Node[] {
  const { words } = widget
  const told = h('p', { class: 'wrong', role: 'alert' })
  return page(widget, words.t('delete'), () => widget.go('talk'),
    h('div', { class: 'form', role: 'group', 'aria-label': words.t('deleteSure') },
      h('h3', {}, words.t('deleteSure')), h('p', {}, words.t('deleteAbout')), told,
      h('div', { class: 'two' },
        h('button', { type: 'button', class: 'btn', 'data-first': '', onclick: () => widget.go('talk') }, words.t('keep')),
        h('button', { type: 'button', class: 'btn btn-danger', onclick: async () => {
          await widget.deleteChat()
          told.textContent = widget.notice
        } }, words.t('delete')))))
}
