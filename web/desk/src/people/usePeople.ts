// Two customers who are one person become one, and come apart again.
import { ref, watch, type Ref } from 'vue'
import { api } from '@api/client'
import type { Customer, CustomerMerge, CustomerMergePreview, Data, Id } from '@api/schema'
import { t } from '@/i18n'
import { live, words } from '@/live'
import { toast } from '@/toast'

export const preview = (from: Id, into: Id) => api.get<CustomerMergePreview>(`/customers/${from}/merge`, { into })

export async function merge(from: Pick<Customer, 'id' | 'name'>, into: Pick<Customer, 'id' | 'name'>): Promise<void> {
  const got = await api.post<{ id: Id; customer: Pick<Customer, 'name'> }>(`/customers/${from.id}/merge`, { into: into.id })
  toast({ text: t('said-people-merged', { from: from.name, into: got.customer.name }), icon: 'merge', undo: () => unmerge(got.id, from.name) })
}

export async function unmerge(id: Id, name: string): Promise<void> {
  try {
    await api.del(`/customer-merges/${id}`)
    toast({ text: t('said-people-unmerged', { name }) })
  } catch (error) {
    toast({ text: words(error), bad: true })
  }
}

/** Whether an event moved something to or from this customer. */
export const concerns = (event: { kind: string; customer: Id | null; data: Record<string, unknown> }, id: Id) =>
  event.kind.startsWith('customer.') && [event.customer, event.data.into, event.data.from].includes(id)

/** Who was merged into this customer, newest first; kept fresh by events. */
export function useMerges(id: Ref<Id>) {
  const merges = ref<CustomerMerge[]>([])
  async function load(): Promise<void> {
    const asked = id.value
    const got = await api.get<Data<CustomerMerge>>(`/customers/${asked}/merges`).catch(() => null)
    if (got && asked === id.value) merges.value = got.data
  }
  watch(id, load, { immediate: true })
  return { merges, stop: live.listen((event) => concerns(event, id.value) && void load()) }
}
