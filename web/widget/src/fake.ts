// A small server for tests: one inbox with everything it may offer, in memory.
import type { Boot, Call } from './boot'
import { command } from './commands'
import type { Attached, Line } from './conversation'
import { Screen } from './view/screen'
import { Widget } from './widget'

interface Asked {
  method: string
  path: string
  token: string | null
  body: unknown
}

export class Fake {
  look: Record<string, unknown> = {
    shop: 'Fjellvik', language: 'en', look: { colour: '#1d4b39', side: 'end', greeting: { de: 'Moin' } },
    answers: { open: true, opens_at: null, minutes: 4 }, questions: [], faces: [{ name: 'Ingrid Vik' }, { name: 'Tomas' }], files: { max_bytes: 1000, types: ['image/png', 'text/plain'] },
  }
  asked: Asked[] = []
  visits = 0
  /** The token that counts; another one is 401. */
  token: string | null = null
  lines: Line[] = []
  files = new Map<number, Attached>()
  /** What is answered instead, by `METHOD path`. */
  refuses = new Map<string, [status: number, retryAfter?: number]>()
  sockets: Socket[] = []
  /** No websocket gets through. */
  deaf = false
  channels: Channel[] = []
  /** What greetings say, by id, and whether they may be shown. */
  greetings = new Map<number, string>()
  allows = true
  /** What is answered only after this, by `METHOD path`. */
  slow = new Map<string, Promise<void>>()

  say(text: string, name: string | null = 'Ingrid', more: Partial<Line> = {}): Line {
    return this.add({ id: null, author: 'shop', name, text, ...more })
  }

  private add(line: Pick<Line, 'id' | 'author' | 'name' | 'text'> & Partial<Line>): Line {
    const whole = { at: '2026-11-27T12:00:00Z', files: [], ...line, place: this.lines.length + 1 } as Line
    this.lines.push(whole)
    this.tell({ type: 'line', line: whole })
    return whole
  }

  tell(frame: object): void {
    for (const socket of this.sockets) socket.hear(frame)
  }

  /** What was asked of these doors, as `METHOD path`. */
  get doors(): string[] {
    return this.asked.map(({ method, path }) => `${method} ${path}`.trim())
  }

  bodies(door: string): unknown[] {
    return this.asked.filter(({ method, path }) => `${method} ${path}`.trim() === door).map((one) => one.body)
  }

  fetch = async (address: string, { method = 'GET', headers = {}, body }: RequestInit = {}): Promise<Response> => {
    const path = new URL(address).pathname.replace(/^\/api\/v1\/widgets\/3\/?/, '')
    const token = (headers as Record<string, string>).authorization?.replace('Bearer ', '') ?? null
    const json: unknown = typeof body === 'string' ? JSON.parse(body) : body
    this.asked.push({ method, path, token, body: json })
    await this.slow.get(`${method} ${path}`)
    const refused = this.refuses.get(`${method} ${path}`.trim())
    if (refused) return new Response('{}', { status: refused[0], headers: refused[1] ? { 'retry-after': String(refused[1]) } : {} })
    const answer = (value: unknown) => new Response(JSON.stringify(value))
    if (path === '') return answer(this.look)
    if (path === 'sessions') return answer({ token: (this.token = `t${++this.visits}`) })
    if (token !== this.token) return new Response('{}', { status: 401 })
    if (method === 'POST' && path === 'messages') {
      const said = json as { id: string; text: string; files?: number[]; greeting?: { id: number } }
      const known = this.lines.find((line) => line.id === said.id)
      const greeting = this.greetings.get(said.greeting?.id ?? 0)
      if (greeting && this.lines.length === 0) this.say(greeting)
      return answer(known ?? this.add({ id: said.id, author: 'visitor', name: null, text: said.text, files: (said.files ?? []).map((id) => this.files.get(id)!) }))
    }
    if (path === 'messages') {
      const after = Number(new URL(address).searchParams.get('after'))
      return answer({ data: this.lines.filter((line) => line.place > after).slice(0, 2), newest: this.lines.length, read_by_shop: 1, ended: false })
    }
    if (method === 'POST' && path === 'files') {
      const file = json as File
      const name = new URL(address).searchParams.get('name')!
      const made = { id: this.files.size + 1, name, type: file.type, size: file.size, picture: file.type === 'image/png' }
      this.files.set(made.id, made)
      return answer(made)
    }
    if (path === 'greetings') return answer({ show: this.allows })
    if (method === 'DELETE' && path === 'session') this.token = null
    return method === 'GET' ? new Response('bytes') : new Response(null, { status: 204 })
  }
}

export class Socket {
  readyState = 0
  sent: { type: string; [more: string]: unknown }[] = []
  onopen: ((event: never) => void) | null = null
  onmessage: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null

  constructor(private readonly server: Fake) {
    server.sockets.push(this)
    queueMicrotask(() => (server.deaf ? this.end() : this.onopen?.({} as never)))
  }

  send(text: string): void {
    const said = JSON.parse(text) as { type: string; token: string; after: number }
    this.sent.push(said)
    if (said.type !== 'hello') return
    if (said.token !== this.server.token) return this.end(1008, 'over')
    for (const line of this.server.lines.filter((one) => one.place > said.after)) this.hear({ type: 'line', line })
    this.hear({ type: 'state', place: this.server.lines.length, read_by_shop: 0, ended: false })
  }

  hear(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) } as never)
  }

  end(code = 1006, reason = ''): void {
    this.onclose?.({ code, reason } as never)
  }

  close(): void {
    this.server.sockets = this.server.sockets.filter((one) => one !== this)
  }
}

/** What tabs tell each other; the others are played by the test. */
class Channel {
  onmessage: ((event: { data: object }) => void) | null = null
  told: object[] = []

  constructor(server: Fake) {
    server.channels.push(this)
  }

  postMessage(news: object): void {
    this.told.push(news)
  }
}

const pages: { host: HTMLElement; widget: Widget }[] = []

/** All pages are left, as by going elsewhere. */
export function leave(): void {
  for (const { host, widget } of pages.splice(0)) {
    widget.connection.stop()
    widget.pages.stop(false)
    clearTimeout(widget['again'])
    widget.conversation.pending = []
    ;(host.shadowRoot?.activeElement as HTMLElement | null)?.blur()
    host.remove()
  }
}

/** A page with the widget on it. */
export async function page(server: Fake, said: DOMStringMap = {}, ...early: Call[]) {
  // Each page is alone; several at once are told in real browsers.
  Object.assign(globalThis, { BroadcastChannel: class extends Channel { constructor() { super(server) } }, fetch: server.fetch, WebSocket: class extends Socket { constructor() { super(server) } } })
  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'open' })
  const wrap = document.createElement('div')
  const launcher = document.createElement('button')
  launcher.append(document.createElementNS('http://www.w3.org/2000/svg', 'svg'))
  wrap.append(launcher)
  root.append(wrap)
  document.body.append(host)
  const boot: Boot = { base: 'https://desk.example/', inbox: '3', said: { inbox: '3', ...said }, nonce: '', host, root, wrap, launcher, listen: () => {} }
  const widget = await Widget.start(boot)
  widget.screen = new Screen(widget)
  pages.push({ host, widget })
  for (const call of early) command(widget, call)
  await widget.lookAround()
  await widget.resume()
  const find = <E extends HTMLElement = HTMLElement>(selector: string) => wrap.querySelector<E>(selector)
  const button = (name: string) => [...wrap.querySelectorAll<HTMLElement>('button')].find((one) => (one.getAttribute('aria-label') ?? one.textContent)?.replace(/[\u2068\u2069]/g, '').includes(name) && !one.closest('[hidden]'))
  return {
    widget, wrap, find, button,
    call: (...call: Call) => command(widget, call),
    text: () => (wrap.textContent ?? '').replace(/[\u2068\u2069]/g, ''),
    press: (name: string) => {
      const found = button(name)
      if (!found) throw new Error(`no button “${name}” among ${[...wrap.querySelectorAll('button')].map((one) => one.getAttribute('aria-label') ?? one.textContent).join(' | ')}`)
      found.click()
    },
    write: (text: string) => {
      const area = find<HTMLTextAreaElement>('textarea')!
      area.value = text
      area.dispatchEvent(new Event('input'))
      find('form.write')!.dispatchEvent(new Event('submit', { cancelable: true }))
    },
    fill: (values: string[]) => {
      const inputs = [...wrap.querySelectorAll<HTMLInputElement>('.form input, .form select')]
      values.forEach((value, at) => (inputs[at]!.value = value))
      find('.form')!.dispatchEvent(new Event('submit', { cancelable: true }))
    },
  }
}
