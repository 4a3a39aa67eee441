// Ticket lists by filter: ids in order, paged by keyset, kept in place by events.
import { shallowReactive, type Ref } from 'vue'
import { Problem } from '@api/client'
import type { Filter, Id, Ticket } from '@api/schema'
import type { Source } from './live'
import { isLocal, matches, place as putInto } from './shelf'

export interface List {
  filter: Filter
  ids: Id[]
  next: string | null
  /** Known rows stay while they are read again. */
  ready: boolean
  busy: boolean
  problem: Problem | null
}

interface Needs {
  source: Source
  keep: (ticket: Ticket) => void
  tickets: Map<Id, Ticket>
  me: Ref<Id | null>
  clock: () => number
}

export const listKey = (filter: Filter) =>
  JSON.stringify(Object.entries(filter).filter(([, v]) => v !== undefined && v !== '').sort())

export class Lists {
  private readonly lists = shallowReactive(new Map<string, List>())
  private active: string | null = null
  private again: ReturnType<typeof setTimeout> | null = null
  private quiet = false

  constructor(private readonly needs: Needs) {}

  get(filter: Filter): List | undefined {
    return this.lists.get(listKey(filter))
  }

  private change(key: string, part: Partial<List>): void {
    const list = this.lists.get(key)
    if (list) this.lists.set(key, { ...list, ...part })
  }

  /** Opens a list: what is known shows at once and is read again in place. */
  async open(filter: Filter): Promise<void> {
    const key = listKey(filter)
    this.active = key
    if (!this.lists.has(key)) this.lists.set(key, { filter, ids: [], next: null, ready: false, busy: false, problem: null })
    await this.load(key)
  }

  private async load(key: string): Promise<void> {
    const list = this.lists.get(key)
    if (!list) return
    this.change(key, { busy: true, problem: null })
    try {
      const page = await this.needs.source.list(list.filter, null)
      page.data.forEach((ticket) => this.needs.keep(ticket))
      const known = this.lists.get(key)!
      const tail = known.ready && known.ids.length > page.data.length && page.next ? this.restOf(known.ids, page.data) : null
      const head = page.data.map((t) => t.id)
      this.change(key, {
        ids: tail ? [...head, ...tail] : head,
        next: tail ? known.next : page.next,
        ready: true,
        busy: false,
      })
    } catch (error) {
      this.change(key, { busy: false, problem: asProblem(error) })
    }
  }

  /** Rows of further pages stay when the first page is read again and still joins them. */
  private restOf(ids: Id[], head: Ticket[]): Id[] | null {
    const last = head[head.length - 1]
    const at = last ? ids.indexOf(last.id) : -1
    const fresh = new Set(head.map((t) => t.id))
    return at >= 0 ? ids.slice(at + 1).filter((id) => !fresh.has(id)) : null
  }

  async more(filter: Filter): Promise<void> {
    const key = listKey(filter)
    const list = this.lists.get(key)
    if (!list?.next || list.busy) return
    this.change(key, { busy: true, problem: null })
    try {
      const page = await this.needs.source.list(filter, list.next)
      page.data.forEach((ticket) => this.needs.keep(ticket))
      const now = this.lists.get(key)!
      const known = new Set(now.ids)
      this.change(key, { ids: [...now.ids, ...page.data.map((t) => t.id).filter((id) => !known.has(id))], next: page.next, busy: false })
    } catch (error) {
      this.change(key, { busy: false, problem: asProblem(error) })
    }
  }

  /** A ticket has changed: every list we hold takes it, moves it or lets it go. */
  place(ticket: Ticket): void {
    for (const [key, list] of this.lists) {
      if (!list.ready) continue
      if (!isLocal(list.filter)) {
        if (key === this.active) this.soon()
        continue
      }
      const belongs = matches(ticket, list.filter, this.needs.me.value, this.needs.clock())
      const has = list.ids.includes(ticket.id)
      if (!belongs && !has) continue
      const ids = belongs
        ? putInto(list.ids, ticket, (id) => this.needs.tickets.get(id), list.filter.sort, list.next === null)
        : list.ids.filter((id) => id !== ticket.id)
      if (ids.length !== list.ids.length || ids.some((id, i) => id !== list.ids[i])) this.change(key, { ids })
    }
  }

  /** Reads a list only the server can answer again, at most every two seconds. */
  private soon(): void {
    if (this.quiet) return
    this.again ??= setTimeout(async () => {
      this.again = null
      this.quiet = true
      if (this.active) await this.load(this.active)
      this.quiet = false
    }, 2000)
  }

  forget(): void {
    for (const key of [...this.lists.keys()]) if (key !== this.active) this.lists.delete(key)
  }

  /** Reads the list on screen again. */
  async reload(): Promise<void> {
    if (this.active) await this.load(this.active)
  }

  /** True when an unknown ticket could appear in the list on screen. */
  wanted(): boolean {
    return this.active !== null
  }
}

export const createLists = (needs: Needs) => new Lists(needs)

const asProblem = (error: unknown) => (error instanceof Problem ? error : new Problem(500, String(error), ''))
