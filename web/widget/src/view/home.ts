// The first view: how the shop greets, when it answers, and the way to a conversation.
import { languages, type Language } from '../language'
import { greeting } from '../look'
import type { Widget } from '../widget'
import { face, h, icon, iconButton, type Kid } from './dom'

const own: Record<Language, string> = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', sv: 'Svenska', ar: 'العربية' }

export function home(widget: Widget): Node[] {
  const { words, look, shut } = widget
  const t = words.t.bind(words)
  const away = look?.answers && !look.answers.open
  const title = shut ? t(shut) : away ? (look.answers!.opensAt ? t('backAt', { when: words.moment(look.answers!.opensAt) }) : t('away')) : greeted(widget)
  const goOn = widget.hasConversation()
  const talk = h('div', { class: 'card' },
    h('div', { class: 'row' },
      look && look.faces.length > 0 && h('span', { class: 'faces' }, ...look.faces.map((name, at) => face(name, at))),
      h('span', { class: 'grow' }, h('b', {}, t('talk')), h('small', {}, promise(widget)))),
    h('button', { type: 'button', class: 'btn btn-primary', 'data-first': '', 'data-key': 'start', onclick: () => begin(widget) }, icon('chat'), t(goOn ? 'goOn' : 'start')))
  return [
    hero(widget, h('h2', {}, h('bdi', {}, title)), away && !shut && h('p', {}, t('writeNow'))),
    h('div', { class: 'body' }, h('div', { class: 'home' }, !shut && talk)),
    nav(widget),
  ]
}

function greeted({ words, look, name }: Widget): string {
  return greeting(look, words.language) || (name ? words.t('helloName', { name }) : words.t('hello'))
}

/** When an answer may be hoped for: only what the server knows from real ones. */
export function promise({ words, look }: Widget): string {
  const answers = look?.answers
  if (answers && !answers.open) return answers.opensAt ? words.t('backAt', { when: words.moment(answers.opensAt) }) : words.t('away')
  return answers?.minutes ? words.t('within', { time: words.minutes(answers.minutes) }) : words.t('soon')
}

/** To the conversation; with the shop's questions before the first one. */
export function begin(widget: Widget): void {
  const asks = widget.look && widget.look.questions.length > 0 && !widget.hasConversation() && !widget.asked
  widget.go(asks ? 'questions' : 'talk')
}

export function hero(widget: Widget, ...kids: Kid[]): HTMLElement {
  const { words, look } = widget
  return h('div', { class: 'hero' }, contours(),
    h('div', { class: 'bar' }, h('b', {}, h('bdi', {}, look?.shop ?? '')), h('span', { class: 'grow' }), speaker(widget),
      iconButton('x', words.t('close'), { onclick: () => widget.close() })),
    ...kids)
}

function speaker(widget: Widget): HTMLElement {
  const { words } = widget
  const select = h('select', { 'aria-label': words.t('language'), title: words.t('language'), 'data-key': 'language', onchange: () => void widget.speak(select.value as Language, true) },
    ...languages.map((language) => h('option', { value: language, lang: language, selected: language === words.language }, own[language])))
  return h('span', { class: 'lang icon-btn' }, icon('globe'), select)
}

export function nav(widget: Widget): HTMLElement {
  const { words, view } = widget
  const at = (here: boolean) => (here ? 'page' : null)
  return h('nav', { class: 'nav', 'aria-label': words.t('label') },
    h('button', { type: 'button', 'aria-current': at(view === 'home'), onclick: () => widget.go('home') }, icon('home'), words.t('home')),
    h('button', { type: 'button', 'aria-current': at(view !== 'home'), onclick: () => begin(widget) }, icon('chat'), words.t('messages'), h('span', { class: 'badge', hidden: true })))
}

/** Height lines of a hill, as on a map. */
function contours(): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'lines')
  svg.setAttribute('viewBox', '0 0 380 190')
  svg.setAttribute('preserveAspectRatio', 'xMaxYMin slice')
  svg.setAttribute('aria-hidden', 'true')
  for (let ring = 1; ring < 10; ring++) {
    const points = Array.from({ length: 48 }, (_, at) => {
      const turn = (at / 48) * 2 * Math.PI
      const r = 30 * ring * (1 + 0.14 * Math.sin(2 * turn + ring / 3) + 0.06 * Math.sin(5 * turn))
      return `${(302 + r * Math.cos(turn)).toFixed(1)} ${(30 + 0.56 * r * Math.sin(turn)).toFixed(1)}`
    })
    svg.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'path')).setAttribute('d', `M${points.join('L')}Z`)
  }
  return svg
}
