// Two customers who are one person become one, one who is two comes apart, and each is taken back.
import { ref, watch, type Ref } from 'vue'
import { api } from '@api/client'
import type { Customer, CustomerMergePreview, CustomerMove, CustomerSuggestion, Data, Id, Person } from '@api/schema'
import { personName } from '@/customers/names'
import { t } from '@/i18n'
import { live, words } from '@/live'
import { toast } from '@/toast'

export const preview = (from: Id, into: Id) => api.get<CustomerMergePreview>(`/customers/${from}/merge`, { into })

export async function merge(from: Person, into: Person): Promise<void> {
  const got = await api.post<{ id: Id; customer: Person }>(`/customers/${from.id}/merge`, { into: into.id })
  toast({ text: t('said-people-merged', { from: personName(from.name), into: personName(got.customer.name) }), icon: 'merge', undo: () => unmerge(got.id, personName(from.name)) })
}

export function unmerge(id: Id, name: string): Promise<void> {
  return reverse(`/customer-merges/${id}`, t('said-people-unmerged', { name }))
}

export async function split(from: Customer, identities: Id[]): Promise<void> {
  const got = await api.post<{ id: Id; customer: Person }>(`/customers/${from.id}/split`, { identities })
  toast({ text: t('said-people-split', { name: personName(got.customer.name) }), icon: 'split', undo: () => unsplit(got.id, personName(got.customer.name)) })
}

export function unsplit(id: Id, name: string): Promise<void> {
  return reverse(`/customer-splits/${id}`, t('said-people-unsplit', { name }))
}

/** Not the same person: never suggested again, unless it is taken back. */
export async function dismiss(one: Id, other: Person): Promise<void> {
  const path = `/customers/${one}/suggestions/${other.id}/dismiss`
  try {
    await api.post(path)
    toast({ text: t('said-people-dismissed', { name: personName(other.name) }), undo: () => reverse(path, t('said-people-restored', { name: personName(other.name) })) })
  } catch (error) {
    toast({ text: words(error), bad: true })
  }
}

async function reverse(path: string, text: string): Promise<void> {
  try {
    await api.del(path)
    toast({ text })
  } catch (error) {
    toast({ text: words(error), bad: true })
  }
}

/** Whether an event moved something to or from this customer. */
export const concerns = (event: { kind: string; customer: Id | null; data: Record<string, unknown> }, id: Id) =>
  /^(customer|block)\./.test(event.kind) && [event.customer, event.data.into, event.data.from, event.data.other].includes(id)

/** Who was merged into this customer and who was split out, newest first, and who else may be the same; kept fresh by events. */
export function useMoves(id: Ref<Id>) {
  const merges = ref<CustomerMove[]>([])
  const splits = ref<CustomerMove[]>([])
  const likely = ref<CustomerSuggestion[]>([])
  async function load(): Promise<void> {
    const asked = id.value
    const read = <T>(what: string) => api.get<Data<T>>(`/customers/${asked}/${what}`).catch(() => ({ data: [] as T[] }))
    const [merged, split, found] = await Promise.all([read<CustomerMove>('merges'), read<CustomerMove>('splits'), read<CustomerSuggestion>('suggestions')])
    if (asked !== id.value) return
    merges.value = merged.data
    splits.value = split.data
    likely.value = found.data
  }
  watch(id, load, { immediate: true })
  return { merges, splits, likely, stop: live.listen((event) => concerns(event, id.value) && void load()) }
}
