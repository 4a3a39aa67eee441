// The one line on a shop's page. It draws the button, keeps calls, and fetches the panel when somebody opens it, or when
// a conversation goes on.
import { isLasting, keyOf, type Boot, type Call, type Consent, type Panel } from './boot'
import { deepOf } from './colours'
import { Greeter } from './greeter'
import { forgetGreeted } from './greeted'
import { asked, choose, direction, type Language } from './language'
import { adopt } from './sheet'

declare const __PANEL__: string

type Api = ((...call: Call) => void) & { q?: ArrayLike<unknown>[]; boot?: Boot }
declare global {
  interface Window {
    shopbell?: Api
  }
}

const labels: Record<Language, [open: string, failed: string]> = {
  en: ['Open the chat', 'The chat could not be opened. Try again'],
  de: ['Chat öffnen', 'Der Chat ließ sich nicht öffnen. Noch einmal versuchen'],
  fr: ['Ouvrir le chat', 'Le chat n’a pas pu s’ouvrir. Réessayer'],
  es: ['Abrir el chat', 'No se pudo abrir el chat. Volver a intentarlo'],
  sv: ['Öppna chatten', 'Chatten kunde inte öppnas. Försök igen'],
  ar: ['فتح المحادثة', 'تعذر فتح المحادثة. حاول مرة أخرى'],
}
const bubble = 'M20.5 12a7.6 7.6 0 0 1-8 7.4 9 9 0 0 1-3.4-.6L4 20.4l1.3-4A7 7 0 0 1 3.5 12a7.6 7.6 0 0 1 8-7.4h1a7.6 7.6 0 0 1 8 7.4Z'

const css = (colour: string) => `:host{all:initial}
.w{--panel:${colour};--on-panel:#fff;position:fixed;inset-block-end:0;inset-inline-end:0;z-index:2147483000}
.w[data-side=start]{inset-inline:0 auto}
.launcher{all:unset;box-sizing:border-box;position:fixed;inset-block-end:calc(20px + env(safe-area-inset-bottom,0px));inset-inline-end:20px;inline-size:56px;block-size:56px;border-radius:50%;display:grid;place-items:center;cursor:pointer;background:var(--panel);color:var(--on-panel);box-shadow:0 2px 4px rgb(16 40 48/.06),0 12px 32px -4px rgb(16 40 48/.3)}
.w[data-side=start] .launcher{inset-inline:20px auto}
.launcher:focus-visible{outline:3px solid var(--panel);outline-offset:3px;box-shadow:0 0 0 3px #fff}
.launcher svg{inline-size:25px;block-size:25px;fill:none;stroke:currentColor;stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round;pointer-events:none}
[hidden]{display:none!important}
@media print{.w{display:none}}
@media (forced-colors:active){.launcher{border:2px solid ButtonText}}`

function begin(script: HTMLScriptElement): void {
  const said = { ...script.dataset }
  const { inbox = '' } = said
  const { nonce = '' } = script
  const base = new URL('.', script.src).href
  const language = choose(asked(said.lang))
  const calls: Call[] = []
  let consent: Consent = said.consent === 'wait' ? 'wait' : 'usual'
  let told: ((call: Call) => void) | undefined
  let loading: Promise<void> | undefined
  let tries = 0

  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'open' })
  adopt(root, css(deepOf(said.colour ?? '')), nonce)
  const wrap = document.createElement('div')
  wrap.className = 'w'
  wrap.lang = language
  wrap.dir = direction(language)
  wrap.dataset.side = said.side === 'start' ? 'start' : 'end'
  const launcher = document.createElement('button')
  launcher.type = 'button'
  launcher.className = 'launcher'
  launcher.setAttribute('aria-label', labels[language][0])
  launcher.setAttribute('aria-expanded', 'false')
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'path')).setAttribute('d', bubble)
  launcher.append(svg)
  wrap.append(launcher)
  root.append(wrap)

  const show = () => document.body.append(host)
  const boot: Boot = {
    base, inbox, said, nonce, host, root, wrap, launcher,
    listen: (to) => {
      told = to
      calls.splice(0).forEach(to)
    },
  }

  function load(): void {
    // After an upgrade this loader may be older than the panel: then the one without a hash in its name is right.
    const again = `${base}widget/panel.js${tries ? `?${tries}` : ''}`
    loading ??= (import(/* @vite-ignore */ tries ? again : base + __PANEL__) as Promise<Panel>)
      .catch(() => import(/* @vite-ignore */ again) as Promise<Panel>)
      .then((panel) => panel.start(boot))
      .catch(() => {
        tries++
        loading = undefined
        launcher.setAttribute('aria-label', labels[language][1])
        launcher.title = labels[language][1]
      })
  }
  const later = (act: () => void) => ('requestIdleCallback' in window ? requestIdleCallback(act, { timeout: 3000 }) : setTimeout(act, 300))
  /** Whoever has a conversation hears of answers on every page. */
  function goOn(): void {
    try {
      const area = isLasting(consent) ? localStorage : sessionStorage
      if (area.getItem(keyOf(inbox))?.includes('"token"')) later(load)
    } catch {
      // There is no storage here.
    }
  }

  /** A page on which somebody signs out may be left before the panel is there. */
  function forget(): void {
    host.remove()
    document.removeEventListener('DOMContentLoaded', show)
    for (const area of ['localStorage', 'sessionStorage'] as const) {
      try {
        for (const key of [keyOf(inbox), `${keyOf(inbox)}.tab`]) window[area].removeItem(key)
      } catch {
        // There is no storage here.
      }
    }
    forgetGreeted(inbox)
  }

  const greeter = new Greeter({
    address: `${base}api/v1/widgets/${encodeURIComponent(inbox)}`,
    inbox,
    languages: asked(said.lang).filter((tag): tag is string => Boolean(tag)),
    consent: () => consent,
    isBusy: () => launcher.getAttribute('aria-expanded') === 'true' || !host.isConnected,
    show: (greeting) => api('greet', greeting),
  })

  const api: Api = (...call) => {
    const [name, value] = call
    greeter.hear(name, value)
    if (name === 'consent') consent = value ? 'yes' : 'no'
    if (told) return told(call)
    calls.push(call)
    if (name === 'open' || name === 'toggle' || name === 'greet') load()
    if (name === 'shutdown') forget()
    // With consent the shop may know which page this is, and may speak first.
    if (name === 'consent' && value) later(load)
    if (name === 'consent' && !value) forgetGreeted(inbox, ['localStorage'])
  }
  api.boot = boot
  const before = window.shopbell?.q ?? []
  window.shopbell = api
  launcher.addEventListener('click', () => !told && api('open'))

  if (document.body) show()
  else document.addEventListener('DOMContentLoaded', show)
  for (const call of Array.from(before)) api(...(Array.from(call) as Call))
  goOn()
  // Not before the page is at rest.
  setTimeout(() => later(() => void greeter.begin()), 2000)
}

// A picture of that name on the page would stand before it.
const here = document.currentScript
const script = here instanceof HTMLScriptElement ? here : document.querySelector<HTMLScriptElement>('script[data-inbox][src*="widget.js"]')
if (script?.dataset.inbox && !window.shopbell?.boot) begin(script)
