// The list on screen: its rows, paging, moving through it, and what comes next.
import { computed } from 'vue'
import type { Ticket } from '@api/schema'
import { foresee } from '@/customers/useCustomer'
import { foreseeOrders } from '@/orders/useBeside'
import { live } from '@/live'
import { usePlace } from './place'

const ahead = 2

export function useList() {
  const place = usePlace()
  const list = computed(() => live.lists.get(place.filter.value))
  const rows = computed(() => (list.value?.ids ?? []).map((id) => live.tickets.get(id)).filter((x): x is Ticket => x !== undefined))
  const position = computed(() => rows.value.findIndex((r) => r.id === place.ticket.value))

  const more = () => live.lists.more(place.filter.value)
  const retry = () => live.lists.open(place.filter.value)

  function neighbour(by: number): Ticket | undefined {
    if (position.value < 0) return rows.value[by > 0 ? 0 : rows.value.length - 1]
    return rows.value[position.value + by]
  }
  function step(by: number): void {
    const next = neighbour(by)
    if (next) void place.openTicket(next.id, place.ticket.value !== null)
    else if (by > 0) void more()
  }
  /** Which ticket to open once this one leaves the list. */
  function after(id: number): Ticket | undefined {
    const at = rows.value.findIndex((r) => r.id === id)
    return rows.value[at + 1] ?? rows.value[at - 1]
  }

  return { place, list, rows, position, more, retry, step, neighbour, after }
}

/** Reads the next tickets before they are asked for, so that they paint at once. */
export function prefetch(rows: Ticket[], from: number): void {
  const idle = window.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 50))
  idle(() => {
    for (const row of rows.slice(from + 1, from + 1 + ahead)) {
      void live.thread(row.id).catch(() => {})
      if (!row.customer) continue
      void foresee(row.customer.id).catch(() => {})
      void foreseeOrders(row.id).catch(() => {})
    }
  })
}
