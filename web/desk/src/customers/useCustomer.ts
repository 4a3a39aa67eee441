import { computed, onBeforeUnmount, ref, shallowReactive, watch, type Ref } from 'vue'
import { api } from '@api/client'
import type { Customer, Id, Page, Ticket } from '@api/schema'
import { t } from '@/i18n'
import { live, words } from '@/live'
import { concerns } from '@/people/usePeople'
import { toast } from '@/toast'

interface Known {
  customer: Customer
  tickets: Ticket[]
}
const known = shallowReactive(new Map<Id, Known>())

async function read(id: Id): Promise<void> {
  const [customer, tickets] = await Promise.all([api.get<Customer>(`/customers/${id}`), api.get<Page<Ticket>>('/tickets', { customer: id, shelf: 'all', limit: 20 })])
  known.set(id, { customer, tickets: tickets.data })
}

/** Reads a customer ahead, so that the panel is there with the ticket. */
export async function foresee(id: Id): Promise<void> {
  if (!known.has(id)) await read(id)
}

export const knownCustomer = (id: Id): Customer | undefined => known.get(id)?.customer

export function useCustomer(id: Ref<Id>) {
  const problem = ref<unknown>(null)
  const load = async () => {
    problem.value = null
    try {
      await read(id.value)
    } catch (error) {
      problem.value = error
    }
  }
  watch(id, load, { immediate: true })
  const stop = live.listen((event) => {
    if (concerns(event, id.value)) void load()
  })
  onBeforeUnmount(stop)

  async function save(change: Partial<Pick<Customer, 'name' | 'language' | 'note'>>): Promise<void> {
    const before = known.get(id.value)
    if (!before) return
    known.set(id.value, { ...before, customer: { ...before.customer, ...change } })
    try {
      const customer = await api.patch<Customer>(`/customers/${id.value}`, change)
      known.set(id.value, { ...before, customer: { ...before.customer, ...customer } })
      toast({ text: t('said-saved') })
    } catch (error) {
      known.set(id.value, before)
      toast({ text: words(error), bad: true })
    }
  }
  return { known: computed(() => known.get(id.value)), problem, load, save }
}
