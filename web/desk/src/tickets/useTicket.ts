// What an agent does to tickets. Every verb shows at once, goes through the outbox and can be undone.
import { api } from '@api/client'
import type { BulkChange, Id, Ticket, TicketChange, TicketField } from '@api/schema'
import { me } from '@/agents/useMe'
import { agent } from '@/directory'
import { t } from '@/i18n'
import { live, outbox, words } from '@/live'
import { moment } from '@/time'
import { toast } from '@/toast'

export const closedStates = ['solved', 'closed']
export const isReadOnly = (ticket: Ticket) => ticket.merged_into !== null || ticket.status === 'closed'

function changes(ticket: Ticket, to: TicketChange) {
  return Object.fromEntries(Object.entries(to).map(([field, value]) => [field, { from: ticket[field as TicketField], to: value }]))
}

/** Changes fields. `said` is the sentence of the toast; without one nothing is said. */
export async function change(ticket: Ticket, to: TicketChange, said?: string): Promise<void> {
  const before = Object.fromEntries(Object.keys(to).map((f) => [f, ticket[f as TicketField]])) as TicketChange
  if (said) toast({ text: said, undo: () => change(live.tickets.get(ticket.id) ?? ticket, before) })
  await outbox
    .act({
      method: 'PATCH', path: `/tickets/${ticket.id}`, body: to,
      label: 'act-change', args: { number: ticket.number },
      pending: { event: { kind: 'ticket.changed', ticket: ticket.id, data: { changes: changes(ticket, to) } } },
    })
    .catch(() => {})
}

export function solve(ticket: Ticket): Promise<void> {
  const done = closedStates.includes(ticket.status)
  return change(ticket, { status: done ? 'open' : 'solved' }, t(done ? 'said-reopened' : 'said-solved', { number: ticket.number }))
}

export function assign(ticket: Ticket, to: Id | null): Promise<void> {
  const name = agent(to)?.name ?? ''
  const key = to === null ? 'said-unassigned' : to === me.value?.id ? 'said-assigned-me' : 'said-assigned'
  return change(ticket, { assignee: to }, t(key, { number: ticket.number, name }))
}

export function setSpam(ticket: Ticket, spam: boolean): Promise<void> {
  return change(ticket, { spam }, t(spam ? 'said-spam' : 'said-not-spam', { number: ticket.number }))
}

export async function snooze(ticket: Ticket, until: Date): Promise<void> {
  const at = until.toISOString()
  toast({ text: t('said-snoozed', { number: ticket.number, until: moment(at) }), icon: 'snooze', undo: () => wake(ticket) })
  await outbox
    .act({
      method: 'POST', path: `/tickets/${ticket.id}/snooze`, body: { until: at },
      label: 'act-snooze', args: { number: ticket.number },
      pending: { event: { kind: 'ticket.snoozed', ticket: ticket.id, data: { until: at } } },
    })
    .catch(() => {})
}

export async function wake(ticket: Ticket): Promise<void> {
  await outbox
    .act({
      method: 'DELETE', path: `/tickets/${ticket.id}/snooze`,
      label: 'act-wake', args: { number: ticket.number },
      pending: { event: { kind: 'ticket.woken', ticket: ticket.id, data: { why: 'agent' } } },
    })
    .catch(() => {})
}

const reading = new Set<Id>()
/** Marks as read; quietly, because nobody asked for it in words. */
export async function markRead(ticket: Ticket): Promise<void> {
  if (!ticket.unread || reading.has(ticket.id)) return
  reading.add(ticket.id)
  const key = `read:${ticket.id}`
  live.pend({ key, event: { kind: 'ticket.read', ticket: ticket.id, data: {} } })
  try {
    await api.put(`/tickets/${ticket.id}/read`, { message: null })
    live.keep({ ...(live.tickets.get(ticket.id) ?? ticket), unread: false })
  } catch {
    // Unread stays unread; the next opening tries again.
  } finally {
    reading.delete(ticket.id)
    live.settle(key)
  }
}

export async function markUnread(ticket: Ticket): Promise<void> {
  try {
    await api.del(`/tickets/${ticket.id}/read`)
    live.keep({ ...ticket, unread: true })
    toast({ text: t('said-unread', { number: ticket.number }), undo: () => markRead({ ...ticket, unread: true }) })
  } catch (error) {
    toast({ text: words(error), bad: true })
  }
}

export async function merge(ticket: Ticket, into: { id: Id; number: number | null }): Promise<Ticket> {
  const got = await api.post<{ id: Id; ticket: Ticket }>(`/tickets/${ticket.id}/merge`, { into: into.id })
  live.keep(got.ticket)
  void live.moved(into.id)
  void live.moved(ticket.id)
  toast({
    text: t('said-merged', { number: ticket.number, into: into.number ?? got.ticket.number }), icon: 'merge',
    undo: async () => {
      await reverse(`/merges/${got.id}`)
      await Promise.all([live.moved(ticket.id), live.moved(into.id)])
    },
  })
  return got.ticket
}

export async function split(ticket: Ticket, messages: Id[], subject: string): Promise<Ticket> {
  const got = await api.post<{ id: Id; ticket: Ticket }>(`/tickets/${ticket.id}/split`, { messages, subject: subject || undefined })
  live.keep(got.ticket)
  await live.moved(ticket.id)
  toast({
    text: t('said-split', { number: got.ticket.number, n: messages.length }), icon: 'split',
    undo: async () => {
      await reverse(`/splits/${got.id}`)
      await Promise.all([live.moved(ticket.id), live.moved(got.ticket.id)])
    },
  })
  return got.ticket
}

async function reverse(path: string): Promise<void> {
  try {
    await api.del(path)
  } catch (error) {
    toast({ text: words(error), bad: true })
  }
}

/** Applies a bulk change to a ticket as we show it, before the server says so. */
function bulkPart(ticket: Ticket, to: BulkChange): TicketChange {
  const { add_tags, remove_tags, snoozed_until: _, ...fields } = to
  if (!add_tags && !remove_tags) return fields
  const tags = [...new Set([...ticket.tags, ...(add_tags ?? [])])].filter((tag) => !remove_tags?.includes(tag))
  return { ...fields, tags }
}

export async function bulk(ids: Id[], to: BulkChange, said: string): Promise<void> {
  const keys: string[] = []
  for (const id of ids) {
    const ticket = live.tickets.get(id)
    if (!ticket) continue
    const key = `bulk:${id}:${Date.now()}`
    keys.push(key)
    const event = to.snoozed_until
      ? { kind: 'ticket.snoozed', ticket: id, data: { until: to.snoozed_until } }
      : { kind: 'ticket.changed', ticket: id, data: { changes: changes(ticket, bulkPart(ticket, to)) } }
    live.pend({ key, event })
  }
  try {
    const got = await api.post<{ undo: Id | string; changed: number }>('/tickets/bulk', { tickets: ids, change: to })
    await Promise.allSettled(ids.map((id) => live.load(id)))
    toast({
      text: said,
      undo: async () => {
        await api.post(`/undo/${got.undo}`).catch((error) => toast({ text: words(error), bad: true }))
        await Promise.allSettled(ids.map((id) => live.load(id)))
      },
    })
  } catch (error) {
    toast({ text: words(error), bad: true })
  } finally {
    keys.forEach((key) => live.settle(key))
  }
}
