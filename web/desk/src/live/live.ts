// Everything the desk shows, by id, kept true by the event log.
// `base` is what the server said; what is shown is base plus pending events (our own, not yet answered).
import { shallowReactive, shallowRef } from 'vue'
import type { DeskEvent, Filter, Id, Message, Page, Present, Ticket } from '@api/schema'
import { byAge, needsThread, needsTicket, patchMessages, patchTicket } from './apply'
import { createLists, type Lists } from './lists'

export interface Thread {
  messages: Message[]
  events: DeskEvent[]
  /** Loaded once; kept true by events from then on. */
  ready: boolean
}

/** An event of our own that the server has not confirmed yet. */
export interface Pending {
  key: string
  event: Pick<DeskEvent, 'kind' | 'ticket' | 'data'>
  /** A message shown at once, with an id below zero. */
  message?: Message
}

/** Where the desk reads from; tests bring their own. */
export interface Source {
  ticket(id: Id): Promise<Ticket>
  thread(id: Id): Promise<{ messages: Message[]; events: DeskEvent[] }>
  list(filter: Filter, after: string | null): Promise<Page<Ticket>>
}

export function createLive(source: Source, clock: () => number = Date.now) {
  const base = new Map<Id, Ticket>()
  const tickets = shallowReactive(new Map<Id, Ticket>())
  const threads = shallowReactive(new Map<Id, Thread>())
  const pending = shallowReactive(new Map<string, Pending>())
  const presence = shallowReactive(new Map<Id, Present[]>())
  const online = shallowRef<Id[]>([])
  const me = shallowRef<Id | null>(null)
  const listeners = new Set<(event: DeskEvent) => void>()
  const stale = new Set<Id>()
  const staleThreads = new Set<Id>()
  const watched = new Map<Id, number>()
  let timer: ReturnType<typeof setTimeout> | null = null
  let seq = 0

  const lists: Lists = createLists({ source, keep, tickets, me, clock })

  function show(id: Id): void {
    let ticket = base.get(id)
    if (!ticket) return
    for (const one of pending.values()) {
      if (one.event.ticket === id) ticket = patchTicket(ticket, asOurs(one), me.value)
    }
    tickets.set(id, ticket)
    lists.place(ticket)
  }

  function asOurs(one: Pending): DeskEvent {
    const actor = { kind: 'agent' as const, id: me.value, name: null }
    return { seq: 0, at: new Date(clock()).toISOString(), customer: null, cause: null, actor, ...one.event }
  }

  /** Takes what the server says about a ticket. */
  function keep(ticket: Ticket): void {
    const known = base.get(ticket.id)
    if (known && known.version > ticket.version) return
    base.set(ticket.id, known?.kin && !ticket.kin ? { ...ticket, kin: known.kin } : ticket)
    show(ticket.id)
  }

  function pend(one: Pending): void {
    pending.set(one.key, one)
    if (one.event.ticket !== null) show(one.event.ticket)
  }

  /** The server has answered (or never will): what was pending goes, what it said stays. */
  function settle(key: string, answer?: Ticket): void {
    const one = pending.get(key)
    pending.delete(key)
    if (answer && typeof answer.number === 'number') keep(answer)
    if (one?.event.ticket != null) show(one.event.ticket)
  }

  function hear(event: DeskEvent): void {
    if (event.seq <= seq) return
    seq = event.seq
    if (event.ticket !== null) hearTicket(event, event.ticket)
    for (const listen of listeners) listen(event)
  }

  function hearTicket(event: DeskEvent, id: Id): void {
    const known = base.get(id)
    if (known) {
      base.set(id, patchTicket(known, event, me.value))
      show(id)
    }
    const thread = threads.get(id)
    if (thread?.ready) {
      const events = event.kind === 'ticket.read' || event.kind === 'draft.saved' ? thread.events : [...thread.events, event]
      threads.set(id, { ...thread, events, messages: patchMessages(thread.messages, event) })
      if (needsThread(thread.messages, event)) staleThreads.add(id)
    }
    if (needsTicket(event.kind) && (known || lists.wanted())) stale.add(id)
    if (stale.size + staleThreads.size > 0) timer ??= setTimeout(() => void refresh(), 60)
  }

  /** Reads again what events only named. Resolves when all of it is here. */
  async function refresh(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    const one = [...stale].slice(0, 40)
    const two = [...staleThreads]
    one.forEach((id) => stale.delete(id))
    staleThreads.clear()
    await Promise.allSettled([
      ...one.map(async (id) => keep(await source.ticket(id))),
      ...two.map(async (id) => {
        // A thread nobody looks at is dropped; it comes back when it is opened.
        if (watched.has(id)) await loadThread(id)
        else threads.delete(id)
      }),
    ])
    if (stale.size > 0) timer ??= setTimeout(() => void refresh(), 60)
  }

  async function loadThread(id: Id): Promise<Thread> {
    const heard = seq
    const got = await source.thread(id)
    const last = got.events[got.events.length - 1]?.seq ?? 0
    // What was heard while the answer travelled is newer than the answer.
    const missed = (threads.get(id)?.events ?? []).filter((e) => e.seq > Math.max(heard, last))
    const messages = missed.reduce((all, e) => patchMessages(all, e), [...got.messages].sort(byAge))
    const thread = { messages, events: [...got.events, ...missed], ready: true }
    threads.set(id, thread)
    return thread
  }

  /** The thread of a ticket, from memory when it is known. */
  async function thread(id: Id): Promise<Thread> {
    const known = threads.get(id)
    return known?.ready ? known : loadThread(id)
  }

  /** Keeps a thread fresh while somebody reads it. */
  function watch(id: Id): () => void {
    watched.set(id, (watched.get(id) ?? 0) + 1)
    return () => {
      const left = (watched.get(id) ?? 1) - 1
      if (left > 0) watched.set(id, left)
      else watched.delete(id)
    }
  }

  async function load(id: Id): Promise<Ticket> {
    const ticket = await source.ticket(id)
    keep(ticket)
    return ticket
  }

  function addMessage(message: Message): void {
    const known = threads.get(message.ticket)
    if (!known?.ready) return
    const others = known.messages.filter((m) => m.id !== message.id)
    threads.set(message.ticket, { ...known, messages: [...others, message].sort(byAge) })
  }

  function dropMessage(ticket: Id, id: Id): void {
    const known = threads.get(ticket)
    if (known) threads.set(ticket, { ...known, messages: known.messages.filter((m) => m.id !== id) })
  }

  /** After a gap the log cannot fill: lists and the open thread are read again, the rest when it is looked at. */
  async function resync(): Promise<void> {
    for (const id of [...threads.keys()]) if (!watched.has(id)) threads.delete(id)
    lists.forget()
    await Promise.allSettled([
      lists.reload(),
      ...[...watched.keys()].flatMap((id) => [load(id), loadThread(id)]),
    ])
  }

  /** Snoozes end with time, not with an event of ours; rows are sorted onto their shelves again. */
  function tick(): void {
    for (const ticket of tickets.values()) if (ticket.snoozed_until) lists.place(ticket)
  }

  function listen(act: (event: DeskEvent) => void): () => void {
    listeners.add(act)
    return () => listeners.delete(act)
  }

  return {
    tickets, threads, pending, presence, online, me, lists,
    keep, pend, settle, hear, refresh, thread, loadThread, watch, load, addMessage, dropMessage, resync, tick, listen,
    get seq() { return seq },
    set seq(value: number) { seq = value },
  }
}

export type Live = ReturnType<typeof createLive>
