// What a ticket's timeline says of its order and of what was done to it.
import type { ActionKind, DeskEvent } from '@api/schema'
import { t } from '@/i18n'
import { said } from '@/said'
import { named } from './deedWords'

/** Null for events that are about something else. */
export function aboutOrder(event: DeskEvent, who: string, by: string): string | null {
  const { data } = event
  const what = () => named(data.what as ActionKind, Number(data.amount ?? 0), String(data.currency ?? 'EUR'))
  const why = said(String(data.why ?? ''))
  switch (event.kind) {
    case 'ticket.order_linked':
      if (data.order === null) return t('event-order-off', { who, by })
      return data.why === 'picked' ? t('event-order-picked', { who, by, order: String(data.number) }) : t(data.why === 'number' ? 'event-order-number' : 'event-order-link', { order: String(data.number) })
    case 'action.requested':
      return t(data.above ? 'event-action-asked' : 'event-action-started', { who, by, what: what() })
    case 'action.decided':
      return t(data.approved ? 'event-action-approved' : 'event-action-declined', { who, by, note: data.note ? `: ${String(data.note)}` : '' })
    case 'action.withdrawn':
      return t('event-action-withdrawn', { who, by })
    case 'action.done':
      return t('event-action-done', { what: what() })
    case 'action.refused':
      return t('event-action-refused', { what: what(), why })
    case 'action.unsure':
      return t('event-action-unsure', { what: what() })
    default:
      return null
  }
}
