// The shop's own attributes of customers: read once, and again when the shop changes.
import { ref } from 'vue'
import { api } from '@api/client'
import type { CustomerAttribute, Data } from '@api/schema'
import { t } from '@/i18n'
import { live } from '@/live'

export const attributes = ref<CustomerAttribute[]>([])

export async function rereadAttributes(): Promise<void> {
  const got = await api.get<Data<CustomerAttribute>>('/customer-attributes').catch(() => null)
  if (got) attributes.value = got.data
}

let asked = false
export function watchAttributes(): void {
  if (asked) return
  asked = true
  void rereadAttributes()
  live.listen((event) => void (event.kind === 'shop.changed' && rereadAttributes()))
}

export function shownValue(attribute: CustomerAttribute, value: unknown): string {
  if (attribute.kind === 'boolean') return t(value ? 'yes' : 'no')
  return String(value)
}
