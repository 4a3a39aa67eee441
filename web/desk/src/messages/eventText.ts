// The sentence of an event in the timeline.
import type { DeskEvent, Id } from '@api/schema'
import { personName } from '@/customers/names'
import { agent, team } from '@/directory'
import { t, tOr } from '@/i18n'
import { aboutOrder } from '@/orders/eventWords'
import { moment, money } from '@/time'

interface Change { from: unknown; to: unknown }

/** What follows from a merge or a split, which says itself what happened. */
export const counted = new Set(['messages', 'merged_into'])

export function actorName(event: DeskEvent): string {
  if (event.actor.kind === 'agent') return agent(event.actor.id)?.name.split(' ')[0] ?? event.actor.name ?? ''
  return event.actor.name ? personName(event.actor.name) : ''
}

export function eventTexts(event: DeskEvent): string[] {
  const who = actorName(event)
  const by = who ? 'agent' : 'other'
  const data = event.data
  switch (event.kind) {
    case 'ticket.changed':
      return Object.entries((data.changes ?? {}) as Record<string, Change>).filter(([field]) => !counted.has(field)).map(([field, c]) => changed(field, c, who, by, event.actor.kind === 'agent' ? event.actor.id : null))
    case 'ticket.snoozed':
      return [t('event-snoozed', { who, by, until: moment(data.until as string) })]
    case 'ticket.merged':
      return [t('event-ticket-merged', { who, by, number: String(data.into) })]
    case 'ticket.took_over':
      return [t('event-ticket-took-over', { who, by, number: String(data.from) })]
    case 'ticket.gave_back':
      return [t('event-ticket-gave-back', { who, by, number: String(data.to) })]
    case 'return.requested':
      return [t(data.withdrawal ? 'event-return-withdrawal' : 'event-return-requested', { number: String(data.number) })]
    case 'return.moved':
      return [t(`event-return-${String(data.to).replace('_', '-')}`, { number: String(data.number) })]
    case 'return.reminded':
      return [t('event-return-reminded', { number: String(data.number) })]
    case 'return.due':
      return [t('event-return-due', { number: String(data.number), amount: money(Number(data.amount), String(data.currency)) })]
    default: {
      const told = aboutOrder(event, who, by)
      if (told) return [told]
      const key = `event-${event.kind.replace(/[._]/g, '-')}`
      const why = data.why ? tOr(`why-${String(data.why)}`, String(data.why)) : ''
      return [tOr(key, event.kind, { who, by, why, n: Array.isArray(data.messages) ? data.messages.length : 0 })]
    }
  }
}

function changed(field: string, { from, to }: Change, who: string, by: string, self: Id | null): string {
  switch (field) {
    case 'status':
      return t('event-status', { who, by, to: t(`status-${String(to)}`) })
    case 'priority':
      return t('event-priority', { who, by, to: t(`priority-${String(to)}`) })
    case 'assignee':
      if (to !== null && by === 'agent' && to === self) return t('event-took', { who })
      return to === null ? t('event-unassigned', { who, by }) : t('event-assigned', { who, by, to: agent(to as Id)?.name ?? '' })
    case 'team':
      return to === null ? t('event-no-team', { who, by }) : t('event-team', { who, by, to: team(to as Id)?.name ?? '' })
    case 'customer':
      return t('event-customer', { who, by, to: personName((to as { name: string }).name) })
    case 'subject':
      return t('event-subject', { who, by, to: String(to) })
    case 'spam':
      return t(to ? 'event-spam' : 'event-not-spam', { who, by })
    case 'tags':
      return tagged(from as string[], to as string[], who, by)
    default:
      return t('event-field', { who, by, field })
  }
}

function tagged(from: string[] = [], to: string[] = [], who: string, by: string): string {
  const more = to.filter((x) => !from.includes(x))
  const less = from.filter((x) => !to.includes(x))
  const parts = []
  if (more.length > 0) parts.push(t('event-tagged', { who, by, tags: more.join(', ') }))
  if (less.length > 0) parts.push(t('event-untagged', { who, by, tags: less.join(', ') }))
  return parts.join(' ') || t('event-field', { who, by, field: t('tags') })
}
