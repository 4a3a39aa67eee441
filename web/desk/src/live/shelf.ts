// Which list a ticket belongs to: the same rules as GET /tickets, so that a row comes and goes without asking.
import type { Filter, Id, Ticket } from '@api/schema'

/** Filters only the server can answer; their lists are read again instead. */
export function isLocal(filter: Filter): boolean {
  return !filter.q && !filter.view && !filter.mentions && !filter.drafts
}

export function onShelf(ticket: Ticket, shelf: Filter['shelf'], now: number): boolean {
  const asleep = ticket.snoozed_until !== null && Date.parse(ticket.snoozed_until) > now
  switch (shelf) {
    case 'spam':
      return ticket.spam
    case 'open':
      return !ticket.spam && !asleep && (ticket.status === 'new' || ticket.status === 'open')
    case 'waiting':
      return !ticket.spam && !asleep && (ticket.status === 'pending' || ticket.status === 'on_hold')
    case 'snoozed':
      return !ticket.spam && asleep
    case 'solved':
      return !ticket.spam && (ticket.status === 'solved' || ticket.status === 'closed')
    default:
      return !ticket.spam
  }
}

export function matches(ticket: Ticket, filter: Filter, me: Id | null, now: number): boolean {
  if (ticket.merged_into !== null || !onShelf(ticket, filter.shelf, now)) return false
  const same = (wanted: string | undefined, has: string | number | null) => wanted === undefined || wanted === String(has)
  if (filter.assignee === 'me' && ticket.assignee !== me) return false
  if (filter.assignee === 'none' && ticket.assignee !== null) return false
  if (filter.assignee && !['me', 'none'].includes(filter.assignee) && !same(filter.assignee, ticket.assignee)) return false
  if (filter.tag && !ticket.tags.includes(filter.tag)) return false
  if (filter.unread === 'true' && !ticket.unread) return false
  return (
    same(filter.team, ticket.team) &&
    same(filter.status, ticket.status) &&
    same(filter.priority, ticket.priority) &&
    same(filter.customer, ticket.customer?.id ?? null) &&
    same(filter.channel, ticket.channel) &&
    same(filter.inbox, ticket.inbox)
  )
}

/** Below zero when a stands before b in the list. */
export function order(a: Ticket, b: Ticket, sort: Filter['sort']): number {
  const first = a.updated_at === b.updated_at ? a.id - b.id : a.updated_at < b.updated_at ? -1 : 1
  return sort === 'oldest' ? first : -first
}

/** Puts the ticket where it belongs among `ids`; `whole` says that no further pages exist. */
export function place(ids: Id[], ticket: Ticket, at: (id: Id) => Ticket | undefined, sort: Filter['sort'], whole: boolean): Id[] {
  const rest = ids.filter((id) => id !== ticket.id)
  const index = rest.findIndex((id) => {
    const other = at(id)
    return other !== undefined && order(ticket, other, sort) < 0
  })
  if (index >= 0) return [...rest.slice(0, index), ticket.id, ...rest.slice(index)]
  // Beyond the last row we know: it will come with its page, unless there is none.
  return whole || ids[ids.length - 1] === ticket.id ? [...rest, ticket.id] : rest
}
