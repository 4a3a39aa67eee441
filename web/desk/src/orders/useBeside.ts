// The orders beside a ticket or a customer. What is known shows at once; the stores are asked meanwhile, and what they say
// takes its place.
import { computed, onBeforeUnmount, ref, shallowReactive, watch, type Ref } from 'vue'
import { api } from '@api/client'
import type { Beside, Data, DeskEvent, Id, OrderAction } from '@api/schema'
import { live } from '@/live'

/** Whoever only passes by asks no store; and one that was asked just now is not asked again. */
const passing = 400
const asked = new Map<string, number>()
const recent = 20_000
const known = shallowReactive(new Map<string, Beside>())
/** What was done to an order, newest first. */
const deeds = shallowReactive(new Map<Id, OrderAction[]>())

export const ofTicket = (id: Id) => `/tickets/${id}/orders`
export const ofCustomer = (id: Id) => `/customers/${id}/orders`
export const besideOf = (path: string): Beside | undefined => known.get(path)

/** Only whoever asked the stores knows which of them did not answer: that stays until they are asked again. */
export function merged(before: Beside | undefined, got: Beside, asked: boolean): Beside {
  if (asked || !before) return got
  const same = got.order && before.order?.id === got.order.id && before.order.read_at === got.order.read_at
  return { ...got, problems: before.problems, order: same ? { ...got.order!, stale: before.order!.stale } : got.order }
}

async function read(path: string, fresh: boolean): Promise<void> {
  const got = await api.get<Beside>(path, fresh ? { fresh } : {})
  known.set(path, merged(known.get(path), got, fresh))
  if (fresh) asked.set(path, Date.now())
}

/** Reads ahead what is known, so that the orders are there with the ticket. */
export async function foreseeOrders(ticket: Id): Promise<void> {
  if (!known.has(ofTicket(ticket))) await read(ofTicket(ticket), false)
}

export async function readDeeds(order: Id): Promise<void> {
  deeds.set(order, (await api.get<Data<OrderAction>>(`/orders/${order}/actions`)).data)
}

export type Wants = 'known' | 'fresh' | null
/** Whether an event changes what stands here, and whether the stores have to be asked for it. */
export function wants(event: DeskEvent, about: { ticket?: Id; customer: Id; orders: Id[] }): Wants {
  const named = about.orders.includes(event.data.order as Id)
  if (event.kind === 'ticket.order_linked') return event.ticket === about.ticket ? 'fresh' : null
  if (/^(order|action|shipment)\./.test(event.kind)) return named || event.customer === about.customer ? 'known' : null
  if (event.kind === 'store.recovered' || event.kind === 'store.connected') return 'fresh'
  if (event.kind.startsWith('store.') && event.kind !== 'store.call_failed') return 'known'
  return /^customer\.(merge|split|identity)/.test(event.kind) && event.customer === about.customer ? 'known' : null
}

export function useBeside(customer: Ref<Id>, ticket: Ref<Id | undefined>) {
  const path = computed(() => (ticket.value === undefined ? ofCustomer(customer.value) : ofTicket(ticket.value)))
  const beside = computed(() => known.get(path.value))
  const problem = ref<unknown>(null)

  async function load(fresh: boolean): Promise<void> {
    const mine = path.value
    try {
      await read(mine, fresh)
      if (mine === path.value) problem.value = null
    } catch (error) {
      if (mine === path.value) problem.value = error
    }
  }
  let stays: ReturnType<typeof setTimeout> | undefined
  watch(path, (mine) => {
    problem.value = null
    clearTimeout(stays)
    // What stood here when it was left may have changed since.
    void load(false)
    if (Date.now() - (asked.get(mine) ?? 0) > recent) stays = setTimeout(() => void load(true), passing)
  }, { immediate: true })

  const order = computed(() => beside.value?.order?.id)
  const look = () => order.value !== undefined && void readDeeds(order.value).catch(() => {})
  watch(order, look, { immediate: true })

  let timer: ReturnType<typeof setTimeout> | undefined
  let due: Wants = null
  const stop = live.listen((event) => {
    const orders = [order.value, ...(beside.value?.others ?? []).map((one) => one.id)].filter((id) => id !== undefined)
    const what = wants(event, { ticket: ticket.value, customer: customer.value, orders })
    if (!what) return
    due = due === 'fresh' ? due : what
    if (event.kind.startsWith('action.')) look()
    clearTimeout(timer)
    timer = setTimeout(() => {
      void load(due === 'fresh')
      due = null
    }, 250)
  })
  onBeforeUnmount(() => {
    clearTimeout(timer)
    clearTimeout(stays)
    stop()
  })
  return { beside, deeds: computed(() => (order.value === undefined ? [] : (deeds.get(order.value) ?? []))), problem, reload: () => load(true) }
}
