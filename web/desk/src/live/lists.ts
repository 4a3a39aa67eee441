// Ticket lists by filter: ids in order, paged by keyset, kept in place by events.
import { shallowReactive, type Ref } from 'vue'
import { Problem } from '@api/client'
import type { Filter, Id, Ticket } from '@api/schema'
import type { Source } from './live'
import { isLocal, matches, place } from './shelf'

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

export function createLists({ source, keep, tickets, me, clock }: Needs) {
  const lists = shallowReactive(new Map<string, List>())
  let active: string | null = null
  let again: ReturnType<typeof setTimeout> | null = null

  const change = (key: string, more: Partial<List>) => {
    const list = lists.get(key)
    if (list) lists.set(key, { ...list, ...more })
  }

  /** Opens a list: what is known shows at once and is read again in place. */
  async function open(filter: Filter): Promise<void> {
    const key = listKey(filter)
    active = key
    if (!lists.has(key)) lists.set(key, { filter, ids: [], next: null, ready: false, busy: false, problem: null })
    await load(key)
  }

  async function load(key: string): Promise<void> {
    const list = lists.get(key)
    if (!list) return
    change(key, { busy: true, problem: null })
    try {
      const page = await source.list(list.filter, null)
      page.data.forEach(keep)
      const known = lists.get(key)!
      const tail = known.ready && known.ids.length > page.data.length && page.next ? restOf(known.ids, page.data) : null
      const head = page.data.map((t) => t.id)
      change(key, {
        ids: tail ? [...head, ...tail] : head,
        next: tail ? known.next : page.next,
        ready: true,
        busy: false,
      })
    } catch (error) {
      change(key, { busy: false, problem: asProblem(error) })
    }
  }

  /** Rows of further pages stay when the first page is read again and still joins them. */
  function restOf(ids: Id[], head: Ticket[]): Id[] | null {
    const last = head[head.length - 1]
    const at = last ? ids.indexOf(last.id) : -1
    const fresh = new Set(head.map((t) => t.id))
    return at >= 0 ? ids.slice(at + 1).filter((id) => !fresh.has(id)) : null
  }

  async function more(filter: Filter): Promise<void> {
    const key = listKey(filter)
    const list = lists.get(key)
    if (!list?.next || list.busy) return
    change(key, { busy: true, problem: null })
    try {
      const page = await source.list(filter, list.next)
      page.data.forEach(keep)
      const now = lists.get(key)!
      const known = new Set(now.ids)
      change(key, { ids: [...now.ids, ...page.data.map((t) => t.id).filter((id) => !known.has(id))], next: page.next, busy: false })
    } catch (error) {
      change(key, { busy: false, problem: asProblem(error) })
    }
  }

  /** A ticket has changed: every list we hold takes it, moves it or lets it go. */
  function placeEverywhere(ticket: Ticket): void {
    for (const [key, list] of lists) {
      if (!list.ready) continue
      if (!isLocal(list.filter)) {
        if (key === active) soon()
        continue
      }
      const belongs = matches(ticket, list.filter, me.value, clock())
      const has = list.ids.includes(ticket.id)
      if (!belongs && !has) continue
      const ids = belongs
        ? place(list.ids, ticket, (id) => tickets.get(id), list.filter.sort, list.next === null)
        : list.ids.filter((id) => id !== ticket.id)
      if (ids.length !== list.ids.length || ids.some((id, i) => id !== list.ids[i])) change(key, { ids })
    }
  }

  let quiet = false
  /** Reads a list only the server can answer again, at most every two seconds. */
  function soon(): void {
    if (quiet) return
    again ??= setTimeout(async () => {
      again = null
      quiet = true
      if (active) await load(active)
      quiet = false
    }, 2000)
  }

  function forget(): void {
    for (const key of [...lists.keys()]) if (key !== active) lists.delete(key)
  }

  return {
    get: (filter: Filter) => lists.get(listKey(filter)),
    open, more, forget,
    place: placeEverywhere,
    reload: async () => { if (active) await load(active) },
    /** True when an unknown ticket could appear in the list on screen. */
    wanted: () => active !== null,
    close: () => { active = null },
  }
}
export type Lists = ReturnType<typeof createLists>

const asProblem = (error: unknown) => (error instanceof Problem ? error : new Problem(500, String(error), ''))
