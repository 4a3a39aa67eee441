// What an event does to what we hold. Pure, so that "loaded state + events = freshly loaded state" can be tested.
import type { DeskEvent, Id, Message, Ticket, Time } from '@api/schema'

interface Change {
  from: unknown
  to: unknown
}

/** The ticket after the event. Fields an event does not carry (version, counts of others) come with the refetch. */
export function patchTicket(ticket: Ticket, event: DeskEvent): Ticket {
  const data = event.data
  switch (event.kind) {
    case 'ticket.changed': {
      const next = { ...ticket, updated_at: later(ticket.updated_at, event.at) }
      for (const [field, change] of Object.entries(data.changes as Record<string, Change>)) {
        Object.assign(next, { [field]: change.to })
      }
      return next
    }
    case 'ticket.snoozed':
      return { ...ticket, snoozed_until: data.until as Time }
    case 'ticket.woken':
      return { ...ticket, snoozed_until: null }
    case 'ticket.reopened':
      return { ...ticket, status: 'open' }
    case 'ticket.merged':
      return { ...ticket, merged_into: data.into as Id }
    case 'ticket.merge_undone':
      return { ...ticket, merged_into: null }
    case 'ticket.read':
      // Our own: read up to a message; null says that it is unread again.
      return { ...ticket, unread: data.message === null }
    case 'message.received':
      return said(ticket, event, {
        unread: true,
        waiting_since: data.automatic ? ticket.waiting_since : (ticket.waiting_since ?? event.at),
      })
    case 'message.queued':
      return said(ticket, event, { waiting_since: null })
    case 'note.added':
      return said(ticket, event, {})
    default:
      return ticket
  }
}

const later = (a: Time, b: Time) => (a > b ? a : b)

function said(ticket: Ticket, event: DeskEvent, more: Partial<Ticket>): Ticket {
  return {
    ...ticket,
    ...more,
    snippet: (event.data.snippet as string | undefined) ?? ticket.snippet,
    messages: ticket.messages + 1,
    last_message_at: event.at,
    updated_at: later(ticket.updated_at, event.at),
  }
}

/** The ticket's messages after the event. A message the event only names is fetched by whoever holds the thread. */
export function patchMessages(messages: Message[], event: DeskEvent): Message[] {
  const id = event.data.message as Id
  const change = (more: Partial<Message>) => messages.map((m) => (m.id === id ? { ...m, ...more } : m))
  switch (event.kind) {
    case 'message.sent':
      return change({ delivery: 'sent', delivery_why: null, send_at: null, sent_at: event.at })
    case 'message.delivered':
      return messages.map((m) => (m.id === id && m.delivery === 'sent' ? { ...m, delivery: 'delivered' } : m))
    case 'message.read':
      return change({ read_at: event.at })
    case 'message.refused':
      return change({ delivery: 'refused', delivery_why: (event.data.why as string) ?? null, send_at: null })
    case 'message.bounced':
      return change({ delivery: 'bounced', delivery_why: (event.data.why as string) ?? null })
    case 'message.retried':
      return change({ delivery: 'queued', delivery_why: null })
    case 'message.withdrawn':
      return messages.filter((m) => m.id !== id)
    default:
      return messages
  }
}

/** True when the thread has to be read again, because the event names a message we have not seen or moves some. */
export function needsThread(messages: Message[], event: DeskEvent): boolean {
  if (/^ticket\.(split|merge)/.test(event.kind) || event.kind === 'ticket.merged') return true
  const names = event.kind === 'message.received' || event.kind === 'message.queued' || event.kind === 'note.added'
  return names && !messages.some((m) => m.id === event.data.message)
}

/** Merging and splitting, and undoing them, change a second ticket too; this is its id. */
export function otherTicket(event: DeskEvent): Id | null {
  return /^ticket\.(merge|split)/.test(event.kind) ? ((event.data.into ?? event.data.from ?? null) as Id | null) : null
}

/** True when the ticket itself has to be read again to be exact. */
export function needsTicket(kind: string): boolean {
  return /^(ticket|message|note)\./.test(kind) && kind !== 'ticket.read'
}

export function byAge(a: Message, b: Message): number {
  return a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : a.id - b.id
}
