// The widget of one page: what it knows, and what happens in it. How it looks stands in `view`.
import { Api, Refusal } from './api'
import type { Boot, Consent } from './boot'
import { Connection, pause } from './connection'
import { Conversation, type Line, type Pending } from './conversation'
import { Events } from './events'
import { Greet } from './greet'
import { forgetGreeted } from './greeted'
import { Pictures, Uploads } from './files'
import { Hearing } from './hearing'
import { asked, choose, ours, type Language } from './language'
import { read, type Look } from './look'
import { Outbox } from './outbox'
import { Pages } from './pages'
import { Reading } from './reading'
import { Sender } from './sending'
import { touched } from './sound'
import { Store } from './store'
import { Tabs, type News } from './tabs'
import { Typing } from './typing'
import { Visitor, wordOf } from './visitor'
import { speak, type Words } from './words'

export type View = 'home' | 'talk' | 'questions' | 'contact' | 'transcript' | 'delete'

/** What of it is drawn; `all` also what hardly ever changes. */
export interface Screen {
  draw(): void
  refresh(): void
  announce(text: string): void
  pop(line: Line | null, close?: () => void): void
}

/** Characters of one message, as the server counts them. */
export const LONGEST = 5000

export class Widget {
  look: Look | null = null
  /** Why there is no chat here. */
  shut: 'closed' | 'notHere' | null = null
  view: View = 'home'
  isOpen = false
  /** Who of the shop is writing; an empty name is the shop's. */
  typing: string | null = null
  /** What went wrong last, in words. */
  notice = ''
  retryAt = 0
  theme: 'light' | 'dark' | 'auto'
  name: string | undefined
  identity: unknown
  answers: { key: string; value: string }[] = []
  /** The shop's questions have been put. */
  asked = false
  /** Whose the visit of an earlier page is, is being asked: nothing of it is shown. */
  proving = false
  /** Opens without taking the focus. */
  quiet = false
  screen!: Screen
  readonly conversation = new Conversation()
  readonly store: Store
  readonly api: Api
  readonly tabs: Tabs
  readonly visitor: Visitor
  readonly sender: Sender
  readonly connection: Connection
  readonly pages: Pages
  readonly pictures: Pictures
  readonly reading: Reading
  readonly uploads: Uploads
  readonly outbox: Outbox
  readonly events = new Events()
  readonly greet = new Greet(this)
  private readonly hearing = new Hearing(this)
  private consent: Consent
  private current: string | undefined
  private looking: Promise<void> | undefined
  private readonly typist = new Typing({ shown: () => this.look?.preview === true, send: (frame) => this.connection.send(frame) })
  private tries = 0
  /** Shut down, until it is opened again. */
  private down = false
  private deleted = false
  private again: ReturnType<typeof setTimeout> | undefined

  constructor(readonly boot: Boot, public words: Words, store: Store, consent: Consent) {
    this.store = store
    this.outbox = new Outbox(this.conversation, store)
    this.consent = consent
    this.theme = boot.said.theme === 'light' || boot.said.theme === 'dark' ? boot.said.theme : 'auto'
    this.api = new Api(boot.base, boot.inbox, () => this.store.kept.token)
    this.tabs = new Tabs(store.key, (news) => this.hearTab(news))
    this.visitor = new Visitor({
      api: this.api, store,
      hello: () => ({ name: this.name, language: this.words.language, ...(this.answers.length > 0 ? { answers: this.answers } : {}) }),
      word: () => wordOf(this.identity),
      alone: (act) => this.tabs.alone(act),
      changed: () => this.visitChanged(true),
      another: () => this.empty(),
      known: (counts) => this.events.emit(counts ? 'identified' : 'refused', {}),
    })
    this.connection = new Connection({
      open: () => new WebSocket(this.api.socket),
      hello: () => (this.visitor.token ? { type: 'hello', token: this.visitor.token, after: this.conversation.cursor } : null),
      heard: (frame) => this.hearing.hear(frame),
      changed: (state, wait) => this.connected(state, wait),
      failing: (tries) => tries >= 3 && void this.hearing.catchUp(),
    })
    this.sender = new Sender({
      conversation: this.conversation,
      ready: () => this.visitor.ready(),
      say: ({ id, text, files, greeting }) => this.api.ask<Line>('POST', 'messages', { id, text, greeting, ...(files.length > 0 ? { files: files.map((file) => file.id) } : {}) }),
      visit: () => this.visitor.token,
      gone: (visit) => this.visitor.forget(visit),
      changed: (trouble) => this.sent(trouble),
    })
    this.reading = new Reading({
      conversation: this.conversation, store,
      send: (frame) => this.connection.send(frame),
      tell: (news) => this.tabs.tell(news),
      visit: () => this.visitor.id,
      sees: () => this.isOpen && this.view === 'talk' && !document.hidden,
      counted: (count) => this.events.emit('unread', { count }),
    })
    // Who has just deleted a visit begins another by writing, not by being here.
    this.pages = new Pages(this.api, async () => {
      if (this.deleted && !this.visitor.token) throw new Refusal(0)
      await this.visitor.ready()
    })
    this.pictures = new Pictures(this.api)
    this.uploads = new Uploads(this)
    addEventListener('online', () => this.hurry())
    document.addEventListener('visibilitychange', () => document.hidden || this.hurry())
    addEventListener('pagehide', () => this.outbox.keep())
  }

  static async start(boot: Boot): Promise<Widget> {
    const consent: Consent = boot.said.consent === 'wait' ? 'wait' : 'usual'
    const store = new Store(boot.inbox, consent)
    return new Widget(boot, await speak(choose([store.kept.language, ...asked(boot.said.lang)])), store, consent)
  }

  // ── opening and choosing

  open(view?: View): void {
    if (!this.boot.host.isConnected) document.body.append(this.boot.host)
    if (this.down) {
      this.down = false
      void this.resume()
    }
    if (view) this.view = view
    else if (!this.isOpen && this.hasConversation()) this.view = 'talk'
    const was = this.isOpen
    this.isOpen = true
    this.store.setTab('open', this.hasConversation() || undefined)
    this.screen.pop(null)
    this.screen.draw()
    void this.lookAround()
    this.hurry()
    this.reading.look()
    if (!was) this.events.emit('open', {})
  }

  close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.store.setTab('open', undefined)
    this.screen.draw()
    this.events.emit('close', {})
  }

  go(view: View): void {
    this.notice = ''
    this.view = view
    this.screen.draw()
    this.reading.look()
  }

  /** There is one, here already or on its way from the server. */
  hasConversation(): boolean {
    const { token, read = 0 } = this.store.kept
    return this.conversation.cursor > 0 || this.conversation.pending.length > 0 || (token !== undefined && read > 0)
  }

  get hasConsent(): boolean {
    return this.consent === 'yes'
  }

  get consented(): Consent {
    return this.consent
  }

  /** Nothing is open, said or on its way: the shop may speak first. */
  get isIdle(): boolean {
    return !this.isOpen && !this.down && !this.deleted && !this.proving && !this.hasConversation()
  }

  touched = (): void => touched()

  async speak(language: Language, chosen: boolean): Promise<void> {
    this.words = await speak(language)
    if (chosen) {
      this.store.set('language', language)
      this.tabs.tell({ type: 'kept' })
    }
    this.screen.draw()
  }

  mute(muted: boolean): void {
    this.store.set('muted', muted || undefined)
    this.tabs.tell({ type: 'kept' })
    this.screen.refresh()
  }

  /** Asks the server how the widget looks, until it has said so. */
  lookAround(): Promise<void> {
    this.looking ??= this.api.ask<unknown>('GET', '').then(
      (answer) => {
        this.look = read(answer)
        this.shut = null
        // Neither page nor browser speaks one of ours: then the shop's.
        const known = [this.store.kept.language, ...asked(this.boot.said.lang)].some((tag) => ours(tag))
        if (!known && ours(this.look.language)) void this.speak(choose([this.look.language]), false)
        this.screen.draw()
      },
      (caught: Refusal) => {
        this.looking = undefined
        if (caught.status === 404) this.shut = 'closed'
        if (caught.status === 403) this.shut = 'notHere'
        this.screen.draw()
      },
    )
    return this.looking
  }

  // ── the visit

  /** Goes on with a conversation of an earlier page. */
  async resume(): Promise<void> {
    clearTimeout(this.again)
    this.proving = false
    if (this.down || !this.visitor.token) return
    this.proving = true
    try {
      // The shop's word first: nobody sees what somebody else said in this browser.
      await this.visitor.resume()
    } catch {
      this.again = setTimeout(() => void this.resume(), pause(this.tries++, Math.random()))
      // Until it is heard nothing stands here.
      this.visitChanged(false)
      return
    }
    this.tries = 0
    this.proving = false
    if (this.down) return
    if (this.isOpen) this.screen.draw()
    this.outbox.takeUp()
    this.visitChanged(false)
    void this.sender.go()
    if (this.isOpen || !this.store.tab.open || innerWidth < 480) return
    // It was open on the page before; the focus is the page's.
    this.quiet = true
    this.open('talk')
    this.quiet = false
  }

  private visitChanged(tell: boolean): void {
    const token = this.down ? undefined : this.visitor.proven
    if (token !== this.current) {
      this.current = token
      this.connection.stop()
      this.conversation.clear()
      this.pictures.clear()
      this.hearing.replayed = false
      this.typing = null
      this.typist.stop()
      this.reading.clear()
      if (tell) this.tabs.tell({ type: 'kept' })
    }
    if (token) this.connection.start()
    this.screen.refresh()
  }

  async identify(word: unknown): Promise<void> {
    this.identity = word
    this.outbox.named()
    if (this.current) await this.resume()
  }

  setConsent(given: boolean): void {
    this.consent = given ? 'yes' : 'no'
    this.store.setConsent(this.consent)
    if (given) void this.lookAround().then(() => this.consent === 'yes' && this.look?.answers && this.pages.start())
    else {
      forgetGreeted(this.boot.inbox, ['localStorage'])
      this.pages.stop(Boolean(this.visitor.token))
    }
    if (this.visitor.token !== this.current) void this.resume()
  }

  async endChat(): Promise<void> {
    await this.attempt(() => this.api.ask('POST', 'end'))
  }

  async deleteChat(): Promise<void> {
    const { token } = this.visitor
    const done = await this.attempt(() => this.api.ask('DELETE', 'session').catch((caught: Refusal) => {
      if (caught.status !== 401) throw caught
    }))
    if (!done) return
    this.conversation.pending = []
    this.store.setTab('draft', undefined)
    this.deleted = true
    this.visitor.forget(token)
    this.events.emit('deleted', {})
    this.go('home')
    this.screen.announce(this.words.t('deleted'))
  }

  /** Does something that the visitor asked for; says in words what went wrong. */
  async attempt(act: () => Promise<unknown>): Promise<boolean> {
    this.notice = ''
    try {
      await act()
      return true
    } catch (caught) {
      this.complain(caught)
      return false
    } finally {
      this.screen.refresh()
    }
  }

  complain(caught: unknown): void {
    const { status, wait } = caught instanceof Refusal ? caught : new Refusal(0)
    if (status === 429) this.notice = this.words.t('tooFast', { time: this.words.seconds(wait || 60) })
    else if (status === 403) this.notice = this.words.t('notHere')
    else if (status === 404) this.notice = this.words.t('closed')
    else this.notice = this.words.t('trouble')
    this.screen.announce(this.notice)
  }

  // ── saying

  say(text: string): boolean {
    const { files, busy } = this.uploads
    if ((!text.trim() && files.length === 0) || busy) return false
    if (text.length > 2 * LONGEST || [...text.trim()].length > LONGEST) {
      this.notice = this.words.t('tooLong', { n: LONGEST })
      this.screen.announce(this.notice)
      this.screen.refresh()
      return false
    }
    this.typist.stop()
    const { answered } = this.greet
    const one: Pending = { id: newId(), text: text.trim(), files, ...(answered ? { greeting: answered } : {}), state: 'sending' }
    this.outbox.add(one, this.visitor.owes)
    this.uploads.all = []
    this.notice = ''
    this.store.setTab('draft', undefined)
    this.store.setTab('open', true)
    this.events.emit('message', { from: 'visitor', text: one.text })
    this.screen.refresh()
    void this.sender.go()
    return true
  }

  private sent(trouble: Refusal | null): void {
    this.outbox.keep()
    if (trouble && trouble.status !== 0 && trouble.status < 500) this.complain(trouble)
    else if (!trouble) this.notice = ''
    this.screen.refresh()
  }

  /** The visitor is writing; the shop need not know more often than this. */
  typed(text: string): void {
    this.store.setTab('draft', text.length > 4 * LONGEST ? undefined : text || undefined)
    this.typist.typed(text)
  }

  // ── hearing

  private connected(state: Connection['state'], wait: number): void {
    this.retryAt = performance.now() + wait
    this.typing = null
    if (state === 'over') {
      // Deleted elsewhere, or not visited for a month. What was not sent begins another.
      this.visitor.forget(this.current)
      if (!this.visitor.token) this.notice = this.words.t('over')
      if (this.isOpen) this.screen.announce(this.notice)
    }
    if (state === 'live') {
      void this.sender.go()
      this.reading.markAgain()
    }
    this.screen.refresh()
  }

  hurry(): void {
    this.connection.hurry()
    void this.sender.go()
    this.reading.look()
  }

  get unread(): number {
    return this.reading.unread
  }

  private hearTab(news: News): void {
    if (this.down || (news.type !== 'kept' && news.visit !== this.visitor.id)) return
    this.reading.hear(news)
    if (news.type === 'read') this.screen.pop(null)
    if (news.type === 'kept') {
      if (this.visitor.token !== this.current) this.visitChanged(false)
      const language = choose([this.store.kept.language, this.words.language])
      if (language !== this.words.language) void this.speak(language, false)
    }
    this.screen.refresh()
  }

  /** Nothing that somebody said, wrote or chose here is left for the next. */
  private empty(): void {
    this.outbox.empty()
    this.greet.forget()
    this.uploads.all = []
    this.answers = []
    this.asked = false
    this.name = undefined
    this.notice = ''
    this.store.setTab('draft', undefined)
    if (this.isOpen) this.screen.draw()
  }

  /** The visitor has left the shop's account, or the page wants no chat any more. */
  shutdown(): void {
    this.close()
    this.pages.stop(false)
    this.down = true
    this.proving = false
    this.deleted = false
    clearTimeout(this.again)
    this.identity = undefined
    this.outbox.named()
    this.empty()
    this.store.clear()
    this.visitor.forget()
    this.view = 'home'
    this.boot.host.remove()
  }
}

/** Random, where pages are not served over TLS too. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
