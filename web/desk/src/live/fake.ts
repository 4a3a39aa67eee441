// A desk in memory for tests: it keeps the truth, changes it by verbs and says what happened, like the server does.
import type { DeskEvent, Filter, Id, Message, Page, Ticket, Whisper } from '@api/schema'
import { byAge } from './apply'
import type { Source } from './live'
import { matches, order } from './shelf'

export const me = 1
const pageSize = 5

export class Fake implements Source {
  tickets = new Map<Id, Ticket>()
  messages = new Map<Id, Message[]>()
  log: DeskEvent[] = []
  /** What is told once and kept nowhere. */
  whispers: Whisper[] = []
  now = Date.parse('2026-11-22T08:00:00.000Z')
  private ids = 0
  private said = 5000

  get seq(): number {
    return this.log.length
  }
  private tick(): string {
    this.now += 1000
    return new Date(this.now).toISOString()
  }
  private emit(kind: string, ticket: Id, data: Record<string, unknown>): void {
    this.log.push({ seq: this.log.length + 1, at: new Date(this.now).toISOString(), kind, ticket, customer: null, actor: { kind: 'agent', id: 2, name: null }, data, cause: null })
  }
  private touch(ticket: Ticket, change: Partial<Ticket>): void {
    this.tickets.set(ticket.id, { ...ticket, ...change, version: ticket.version + 1 })
  }
  at(id: Id): Ticket {
    return this.tickets.get(id)!
  }

  open(subject: string): Id {
    const at = this.tick()
    const id = ++this.ids
    this.tickets.set(id, {
      id, number: 1000 + id, subject, status: 'new', priority: 'normal', assignee: null, team: null, tags: [], customer: { id: 1, name: 'Johanna' }, channel: 'email', inbox: 1,
      language: 'en', spam: false, blocked: false, snoozed_until: null, created_at: at, updated_at: at, last_message_at: at, waiting_since: null, snippet: '', messages: 0, unread: false,
      channels: ['email'], merged_into: null, follows: null, version: 1,
    })
    this.messages.set(id, [])
    this.emit('ticket.created', id, { subject })
    return id
  }
  change(id: Id, to: Partial<Ticket>): void {
    const at = this.tick()
    const ticket = this.at(id)
    const changes = Object.fromEntries(Object.entries(to).map(([f, v]) => [f, { from: ticket[f as keyof Ticket], to: v }]))
    this.touch(ticket, { ...to, updated_at: at })
    this.emit('ticket.changed', id, { changes })
  }
  snooze(id: Id, until: string): void {
    this.tick()
    this.touch(this.at(id), { snoozed_until: until })
    this.emit('ticket.snoozed', id, { until })
  }
  wake(id: Id): void {
    this.tick()
    this.touch(this.at(id), { snoozed_until: null })
    this.emit('ticket.woken', id, { why: 'agent' })
  }
  merge(id: Id, into: Id): void {
    this.tick()
    const moved = this.messages.get(id)!
    this.messages.set(into, [...this.messages.get(into)!, ...moved.map((m) => ({ ...m, ticket: into }))])
    this.messages.set(id, [])
    this.touch(this.at(id), { merged_into: into, messages: 0 })
    this.touch(this.at(into), { messages: this.messages.get(into)!.length })
    this.emit('ticket.merged', id, { into, merge: 1 })
    this.emit('ticket.took_over', into, { from: id, merge: 1 })
  }
  say(id: Id, direction: Message['direction'], text: string): Id {
    const at = this.tick()
    const message = ++this.said
    const kind = direction === 'in' ? 'customer' : 'agent'
    this.messages.set(id, [...this.messages.get(id)!, {
      id: message, ticket: id, direction, author: { kind, id: kind === 'agent' ? 2 : 1, name: null }, text, html: null, quoted: null, quoted_html: null, signature: null, subject: null,
      from: null, reply_to: null, to: [], cc: [], attachments: [], inbox: 1, channel: 'email', delivery: direction === 'out' ? 'queued' : null, delivery_why: null, send_at: null, sent_at: null, read_at: null,
      automatic: null, joined: null, entered_by: null, checks: null, unproven: false, remote_images: 0, cut: false, mentions: [], original: null, language: null, created_at: at,
    }])
    const ticket = this.at(id)
    this.touch(ticket, {
      messages: ticket.messages + 1, snippet: text, last_message_at: at, updated_at: at, unread: ticket.unread || direction === 'in',
      waiting_since: direction === 'in' ? (ticket.waiting_since ?? at) : direction === 'out' ? null : ticket.waiting_since,
    })
    const name = { in: 'message.received', out: 'message.queued', note: 'note.added' }[direction]
    this.emit(name, id, { message, direction, snippet: text })
    return message
  }
  /** Its reader sees a message of ours, for the first time. */
  see(id: Id, message: Id): void {
    const at = this.tick()
    const all = this.messages.get(id)!
    if (all.find((m) => m.id === message)?.read_at !== null) return
    this.messages.set(id, all.map((m) => (m.id === message ? { ...m, read_at: at } : m)))
    this.emit('message.read', id, { message })
  }
  deliver(id: Id, message: Id, kind: 'sent' | 'refused' | 'bounced' | 'withdrawn'): void {
    const at = this.tick()
    const all = this.messages.get(id)!
    if (kind === 'withdrawn') {
      this.messages.set(id, all.filter((m) => m.id !== message))
      this.touch(this.at(id), { messages: this.at(id).messages - 1 })
    } else {
      const sent = { delivery: kind, delivery_why: kind === 'sent' ? null : 'mailbox full', send_at: null, ...(kind === 'sent' ? { sent_at: at } : {}) }
      this.messages.set(id, all.map((m) => (m.id === message ? { ...m, ...sent } : m)))
    }
    this.emit(`message.${kind}`, id, { message, why: 'mailbox full' })
  }
  read(id: Id): void {
    this.tick()
    // Reading is a matter between a ticket and an agent; the ticket itself does not change.
    this.tickets.set(id, { ...this.at(id), unread: false })
    this.whispers.push({ kind: 'ticket.read', ticket: id, message: this.said })
  }

  // What the desk reads.
  ticket(id: Id): Promise<Ticket> {
    return Promise.resolve({ ...this.at(id) })
  }
  thread(id: Id) {
    const events = this.log.filter((e) => e.ticket === id)
    return Promise.resolve({ messages: [...this.messages.get(id)!].sort(byAge), events })
  }
  list(filter: Filter, after: string | null): Promise<Page<Ticket>> {
    const all = [...this.tickets.values()].filter((x) => matches(x, filter, me, this.now)).sort((a, b) => order(a, b, filter.sort))
    const from = Number(after ?? 0)
    return Promise.resolve({ data: all.slice(from, from + pageSize), next: from + pageSize < all.length ? String(from + pageSize) : null })
  }
}
