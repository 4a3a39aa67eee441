// Who the visitor is: a visit that begins when it is needed, and the shop's word for who they are.
import { Refusal, type Api } from './api'
import type { Store } from './store'

export interface Hello {
  name?: string
  language?: string
  answers?: { key: string; value: string }[]
}

export interface Parts {
  api: Api
  store: Store
  hello(): Hello
  /** The shop's signed word, asked again where it has grown old; none where the page has named nobody. It may fail. */
  word(): Promise<string | undefined>
  alone<T>(act: () => Promise<T>): Promise<T>
  /** There is a visit now, or there is none any more. */
  changed(): void
  /** The visit is another person's, and so is what is here of it. */
  another(): void
  /** Whether the shop's word counts. */
  known(counts: boolean): void
}

/** The word that the page gave, or gives when it is asked. */
export async function wordOf(identity: unknown): Promise<string | undefined> {
  if (identity === undefined || identity === null || identity === '') return undefined
  const word: unknown = typeof identity === 'function' ? await (identity as () => unknown)() : identity
  if (typeof word !== 'string' || !word) throw new Error('identify: there is no word')
  return word
}

export class Visitor {
  private beginning: Promise<void> | undefined
  /** The word that was shown last counts, for this visit. */
  private shown: string | undefined
  /** Until the word has been shown nothing is said or read. */
  owes = false
  /** Grows when a visit is forgotten; what was asked before is then nobody's. */
  private turn = 0

  constructor(private readonly parts: Parts) {}

  get token(): string | undefined {
    return this.parts.store.kept.token
  }

  /** What the visit is called; before consent each tab has its own. */
  get id(): string | undefined {
    return this.token?.split('.')[0]
  }

  /** The token of a visit that may be shown: the shop's word for it is heard, or none is needed. */
  get proven(): string | undefined {
    return this.owes ? undefined : this.token
  }

  /** Begins a visit where there is none, and shows the shop's word for it. Whoever asks meanwhile waits for the same. */
  ready(): Promise<void> {
    if (this.token && !this.owes) return Promise.resolve()
    this.beginning ??= this.parts.alone(() => this.begin()).finally(() => {
      this.beginning = undefined
    })
    return this.beginning
  }

  private async begin(): Promise<void> {
    const { api, store, hello, changed } = this.parts
    // A visit of an earlier page may turn out to be somebody else's.
    if (this.token && this.owes) await this.prove()
    // Another tab may have been first.
    if (!this.token) {
      const said = hello()
      const { turn } = this
      const begun = await api.ask<{ token: string }>('POST', 'sessions', said)
      if (turn !== this.turn) throw new Refusal(0)
      store.set('token', begun.token)
      if (said.answers?.some((answer) => answer.key === 'email')) store.set('contact', true)
      this.owes = true
      await this.prove()
    }
    changed()
  }

  /** Goes on with the visit of an earlier page, if it is this person's. */
  async resume(): Promise<void> {
    this.owes = true
    if (this.token) await this.prove()
  }

  private async prove(): Promise<void> {
    await this.show()
    this.owes = false
  }

  /** Shows the shop's word for a visit that there is. Somebody else's visit is forgotten; one that has no answer is kept. */
  async show(): Promise<void> {
    // Without the word nobody knows whose visit this is.
    const { token } = this
    const word = await this.parts.word().catch(() => {
      throw new Refusal(0)
    })
    if (token !== this.token) throw new Refusal(0)
    if (!word || !this.token || word === this.shown) return
    try {
      await this.parts.api.ask('PUT', 'identity', { token: word })
      if (token !== this.token) throw new Refusal(0)
      this.shown = word
      this.parts.store.set('identified', true)
      this.parts.known(true)
    } catch (caught) {
      const status = caught instanceof Refusal && token === this.token ? caught.status : 0
      if (status === 409) {
        this.parts.another()
        return this.forget()
      }
      if (status === 401 && !(await this.isThere())) return this.forget(token)
      // What was not heard is shown again; what does not count leaves an anonymous visitor.
      if (status === 0 || (caught instanceof Refusal && caught.passes)) throw caught
      this.parts.known(false)
      // What a known person said is not for somebody unknown.
      if (!this.parts.store.kept.identified) return
      this.parts.another()
      this.forget()
    }
  }

  private async isThere(): Promise<boolean> {
    try {
      await this.parts.api.ask('GET', `messages?after=${Number.MAX_SAFE_INTEGER}`)
      return true
    } catch (caught) {
      return !(caught instanceof Refusal && caught.status === 401)
    }
  }

  /** This browser has no conversation any more; another than the one that failed stays. */
  forget(failed = this.token): void {
    if (failed !== this.token) return this.parts.changed()
    this.turn++
    this.shown = undefined
    this.owes = false
    this.parts.store.forget()
    this.parts.changed()
  }
}
