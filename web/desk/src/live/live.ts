// Everything the desk shows, by id, kept true by the event log.
// `base` is what the server said; what is shown is base plus pending events (our own, not yet answered).
import { shallowReactive, shallowRef } from 'vue'
import type { DeskEvent, Filter, Id, Message, Page, Present, Ticket, Whisper } from '@api/schema'
import { byAge, needsThread, needsTicket, otherTicket, patchMessages, patchTicket } from './apply'
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

/** Milliseconds for which somebody who was writing still is. */
const typingHolds = 6000

/** Where the desk reads from; tests bring their own. */
export interface Source {
  ticket(id: Id): Promise<Ticket>
  thread(id: Id): Promise<{ messages: Message[]; events: DeskEvent[] }>
  list(filter: Filter, after: string | null): Promise<Page<Ticket>>
}

export class Live {
  private readonly base = new Map<Id, Ticket>()
  readonly tickets = shallowReactive(new Map<Id, Ticket>())
  readonly threads = shallowReactive(new Map<Id, Thread>())
  readonly pending = shallowReactive(new Map<string, Pending>())
  readonly presence = shallowReactive(new Map<Id, Present[]>())
  readonly online = shallowRef<Id[]>([])
  /** Tickets whose shopper is writing just now. */
  readonly typing = shallowReactive(new Map<Id, ReturnType<typeof setTimeout>>())
  /** What they have typed and not said, where the inbox shows it. */
  readonly unsaid = shallowReactive(new Map<Id, string>())
  readonly me = shallowRef<Id | null>(null)
  private readonly listeners = new Set<(event: DeskEvent) => void>()
  private readonly stale = new Set<Id>()
  private readonly staleThreads = new Set<Id>()
  private readonly watched = new Map<Id, number>()
  private timer: ReturnType<typeof setTimeout> | null = null
  seq = 0
  readonly lists: Lists

  constructor(
    private readonly source: Source,
    private readonly clock: () => number = Date.now,
  ) {
    this.lists = createLists({ source, keep: (ticket) => this.keep(ticket), tickets: this.tickets, me: this.me, clock })
  }

  private show(id: Id): void {
    let ticket = this.base.get(id)
    if (!ticket) return
    for (const one of this.pending.values()) {
      if (one.event.ticket === id) ticket = patchTicket(ticket, this.asOurs(one))
    }
    this.tickets.set(id, ticket)
    this.lists.place(ticket)
  }

  private asOurs(one: Pending): DeskEvent {
    const actor = { kind: 'agent' as const, id: this.me.value, name: null }
    return { seq: 0, at: new Date(this.clock()).toISOString(), customer: null, cause: null, actor, ...one.event }
  }

  /** Takes what the server says about a ticket. */
  keep(ticket: Ticket): void {
    const known = this.base.get(ticket.id)
    if (known && known.version > ticket.version) return
    this.base.set(ticket.id, known?.kin && !ticket.kin ? { ...ticket, kin: known.kin } : ticket)
    this.show(ticket.id)
  }

  pend(one: Pending): void {
    this.pending.set(one.key, one)
    if (one.event.ticket !== null) this.show(one.event.ticket)
  }

  /** The server has answered (or never will): what was pending goes, what it said stays. */
  settle(key: string, answer?: Ticket): void {
    const one = this.pending.get(key)
    this.pending.delete(key)
    if (answer && typeof answer.number === 'number') this.keep(answer)
    if (one?.event.ticket != null) this.show(one.event.ticket)
  }

  hear(event: DeskEvent): void {
    if (event.seq <= this.seq) return
    this.seq = event.seq
    if (event.ticket !== null) this.hearTicket(event, event.ticket)
    for (const tell of this.listeners) tell(event)
  }

  /** What we did on another screen. It is in no log, so it changes what is known and nothing else. */
  hearWhisper({ kind, ticket: id, ...data }: Whisper): void {
    if (kind === 'visitor.typing') return this.hearTyping(id, (data as { text?: string }).text)
    const known = this.base.get(id)
    if (!known) return
    this.base.set(id, patchTicket(known, this.asOurs({ key: kind, event: { kind, ticket: id, data } })))
    this.show(id)
  }

  /** It is repeated every few seconds, and over when it is not. */
  private hearTyping(id: Id, text?: string): void {
    this.stopTyping(id)
    if (text) this.unsaid.set(id, text)
    this.typing.set(id, setTimeout(() => this.stopTyping(id), typingHolds))
  }
  private stopTyping(id: Id): void {
    clearTimeout(this.typing.get(id))
    this.typing.delete(id)
    this.unsaid.delete(id)
  }

  private hearTicket(event: DeskEvent, id: Id): void {
    if (event.kind === 'message.received') this.stopTyping(id)
    const known = this.base.get(id)
    if (known) {
      this.base.set(id, patchTicket(known, event))
      this.show(id)
    }
    const held = this.threads.get(id)
    if (held?.ready) {
      this.threads.set(id, { ...held, events: [...held.events, event], messages: patchMessages(held.messages, event) })
      if (needsThread(held.messages, event)) this.staleThreads.add(id)
    }
    if (needsTicket(event.kind) && (known || this.lists.wanted())) this.stale.add(id)
    const other = otherTicket(event)
    if (other !== null && (this.base.has(other) || this.lists.wanted())) this.stale.add(other)
    if (other !== null && this.threads.has(other)) this.staleThreads.add(other)
    if (this.stale.size + this.staleThreads.size > 0) this.timer ??= setTimeout(() => void this.refresh(), 60)
  }

  /** Reads again what events only named. Resolves when all of it is here. */
  async refresh(): Promise<void> {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    const one = [...this.stale].slice(0, 40)
    const two = [...this.staleThreads]
    one.forEach((id) => this.stale.delete(id))
    this.staleThreads.clear()
    await Promise.allSettled([
      ...one.map(async (id) => this.keep(await this.source.ticket(id))),
      ...two.map(async (id) => {
        // A thread nobody looks at is dropped; it comes back when it is opened.
        if (this.watched.has(id)) await this.loadThread(id)
        else this.threads.delete(id)
      }),
    ])
    if (this.stale.size > 0) this.timer ??= setTimeout(() => void this.refresh(), 60)
  }

  async loadThread(id: Id): Promise<Thread> {
    const heard = this.seq
    const got = await this.source.thread(id)
    const last = got.events[got.events.length - 1]?.seq ?? 0
    // What was heard while the answer travelled is newer than the answer.
    const missed = (this.threads.get(id)?.events ?? []).filter((e) => e.seq > Math.max(heard, last))
    const messages = missed.reduce((all, e) => patchMessages(all, e), [...got.messages].sort(byAge))
    const whole = { messages, events: [...got.events, ...missed], ready: true }
    this.threads.set(id, whole)
    return whole
  }

  /** The thread of a ticket, from memory when it is known. */
  async thread(id: Id): Promise<Thread> {
    const known = this.threads.get(id)
    return known?.ready ? known : this.loadThread(id)
  }

  /** Keeps a thread fresh while somebody reads it. */
  watch(id: Id): () => void {
    this.watched.set(id, (this.watched.get(id) ?? 0) + 1)
    return () => {
      const left = (this.watched.get(id) ?? 1) - 1
      if (left > 0) this.watched.set(id, left)
      else this.watched.delete(id)
    }
  }

  async load(id: Id): Promise<Ticket> {
    const ticket = await this.source.ticket(id)
    this.keep(ticket)
    return ticket
  }

  /** Messages came to it or went from it: read again, its thread at once only if somebody looks at it. */
  async moved(id: Id): Promise<void> {
    if (!this.watched.has(id)) this.threads.delete(id)
    await Promise.allSettled([this.load(id), ...(this.watched.has(id) ? [this.loadThread(id)] : [])])
  }

  addMessage(message: Message): void {
    const known = this.threads.get(message.ticket)
    if (!known?.ready) return
    const others = known.messages.filter((m) => m.id !== message.id)
    this.threads.set(message.ticket, { ...known, messages: [...others, message].sort(byAge) })
  }

  dropMessage(ticket: Id, id: Id): void {
    const known = this.threads.get(ticket)
    if (known) this.threads.set(ticket, { ...known, messages: known.messages.filter((m) => m.id !== id) })
  }

  /** After a gap the log cannot fill: lists and the open thread are read again, the rest when it is looked at. */
  async resync(): Promise<void> {
    for (const id of [...this.threads.keys()]) if (!this.watched.has(id)) this.threads.delete(id)
    this.lists.forget()
    await Promise.allSettled([
      this.lists.reload(),
      ...[...this.watched.keys()].flatMap((id) => [this.load(id), this.loadThread(id)]),
    ])
  }

  /** Snoozes end with time, not with an event of ours; rows are sorted onto their shelves again. */
  tick(): void {
    for (const ticket of this.tickets.values()) if (ticket.snoozed_until) this.lists.place(ticket)
  }

  listen(act: (event: DeskEvent) => void): () => void {
    this.listeners.add(act)
    return () => this.listeners.delete(act)
  }
}

export const createLive = (source: Source, clock?: () => number) => new Live(source, clock)
