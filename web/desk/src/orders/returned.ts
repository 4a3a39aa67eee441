// What shoppers send back of an order, as it stands beside a ticket.
import { computed, onBeforeUnmount, shallowReactive, watch, type Ref } from 'vue'
import { api } from '@api/client'
import type { DeskEvent, Id, Page, Return, ReturnState } from '@api/schema'
import { live } from '@/live'
import { money } from '@/time'

/** What is given for it. */
export const given = (r: Pick<Return, 'worth' | 'fee' | 'bonus' | 'outcome' | 'currency'>): string =>
  money(Math.max(0, r.worth - r.fee) + (r.outcome === 'store_credit' ? r.bonus : 0), r.currency)

/** Brass is what waits for us: a return nobody has decided, or money that would not go out. */
export function tone(r: Pick<Return, 'state' | 'money_why'>): string {
  if (r.state === 'requested' || r.money_why) return 'pill-signal'
  if (r.state === 'resolved') return 'pill-ok'
  return over.includes(r.state) ? '' : 'pill-info'
}
const over: ReturnState[] = ['declined', 'expired', 'cancelled']

/** Those that are under way come first, each kind newest first as they came. */
export function sorted(all: Return[]): Return[] {
  const ended = (r: Return) => r.state === 'resolved' || over.includes(r.state)
  return [...all.filter((r) => !ended(r)), ...all.filter(ended)]
}

/** Whether an event changes what is known of an order's returns. A new one says what people call the order. */
export const concerns = (event: DeskEvent, number: string, known: Return[]): boolean =>
  event.kind.startsWith('return.') && (event.data.order === number || known.some((r) => r.id === event.data.return))

const known = shallowReactive(new Map<Id, Return[]>())

export function useReturned(order: Ref<Id>, number: Ref<string>) {
  const returns = computed(() => known.get(order.value) ?? [])
  // The card stands without them; the next event or the next visit asks again.
  const load = (id = order.value) => void api.get<Page<Return>>('/returns', { order: id, limit: 50 }).then((page) => known.set(id, sorted(page.data)), () => {})
  watch(order, () => load(), { immediate: true })
  onBeforeUnmount(live.listen((event) => concerns(event, number.value, returns.value) && load()))
  return returns
}
