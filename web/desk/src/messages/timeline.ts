// Orders a ticket's story for reading: days, messages, and system events folded into one line between them.
import type { DeskEvent, Id, Message } from '@api/schema'
import { dayKey } from '@/time'
import { counted } from './eventText'

export type Item =
  | { type: 'day'; key: string; at: string; channel: string; before: string | null }
  | { type: 'message'; key: string; message: Message; open: boolean; last: boolean }
  | { type: 'events'; key: string; events: DeskEvent[]; channel: string }

/** Messages show themselves; these events would only repeat them. */
const silent = new Set([
  'message.received', 'message.queued', 'message.sent', 'message.refused', 'message.bounced', 'message.retried',
  'message.delivered', 'message.read', 'note.added', 'greeting.answered',
])
const onlyCounted = (event: DeskEvent) => event.kind === 'ticket.changed' && Object.keys(event.data.changes ?? {}).every((field) => counted.has(field))
export const isTold = (event: DeskEvent) => !silent.has(event.kind) && !onlyCounted(event)

/** A status that came of itself with a message says nothing the message does not. What a person chose is told. */
function goesWithout(event: DeskEvent, messages: Message[]): boolean {
  const changes = event.kind === 'ticket.changed' ? ((event.data.changes ?? {}) as Record<string, { to?: unknown }>) : {}
  const plain = (Object.keys(changes).length === 1 && changes.status !== undefined) || event.kind === 'ticket.reopened'
  const { kind, id } = event.actor
  if (!plain || (kind === 'agent' && changes.status?.to !== 'pending')) return false
  const at = Date.parse(event.at)
  const whose = (m: Message) => kind === 'system' || (m.author.kind === kind && m.author.id === id)
  return messages.some((m) => m.direction !== 'note' && whose(m) && Math.abs(Date.parse(m.created_at) - at) < 1500)
}

/** From which public message on everything stands open: the last exchange, never more than the last three. */
export function openFrom(messages: Message[]): number {
  const said = messages.filter((m) => m.direction !== 'note')
  const from = said[Math.max(0, said.length - 3)]
  return from ? messages.indexOf(from) : 0
}

export function build(messages: Message[], events: DeskEvent[], unreadFrom: number): Item[] {
  const items: Item[] = []
  const told = events.filter((e) => isTold(e) && !goesWithout(e, messages))
  const open = Math.min(openFrom(messages), unreadFrom < 0 ? Infinity : unreadFrom)
  let day: string | null = null
  let channel = messages[0]?.channel ?? 'email'
  let e = 0

  const startDay = (at: string, next: string): void => {
    if (dayKey(at) === day) return
    items.push({ type: 'day', key: `d-${dayKey(at)}`, at, channel: next, before: day === null ? null : channel })
    day = dayKey(at)
  }
  const tell = (until: string | null): void => {
    while (e < told.length && (until === null || told[e]!.at <= until)) {
      const event = told[e++]!
      startDay(event.at, channel)
      const last = items[items.length - 1]
      if (last?.type === 'events') last.events.push(event)
      else items.push({ type: 'events', key: `e-${event.seq}`, events: [event], channel })
    }
  }
  messages.forEach((message, i) => {
    // What made the ticket stands below its first day, even when the mail itself is dated earlier.
    if (i > 0) tell(message.created_at)
    const next = message.direction === 'note' ? channel : message.channel
    startDay(message.created_at, next)
    channel = next
    items.push({ type: 'message', key: `m-${message.id}`, message, open: i >= open, last: i === messages.length - 1 })
  })
  tell(null)
  return items
}

/** The first message that arrived since the ticket was read; -1 when all of it is known. */
export function firstUnread(messages: Message[], unread: boolean, me: Id | null): number {
  if (!unread) return -1
  let at = messages.length - 1
  while (at > 0 && !(messages[at]!.author.kind === 'agent' && messages[at]!.author.id === me)) at--
  return messages[at]?.author.id === me && messages[at]?.author.kind === 'agent' ? at + 1 : at
}

/** The one line a folded message shows. */
export function oneLine(message: Message): string {
  const text = message.text ?? message.html?.replace(/<[^>]+>/g, ' ') ?? ''
  return text.replace(/\s+/g, ' ').trim().slice(0, 240)
}
