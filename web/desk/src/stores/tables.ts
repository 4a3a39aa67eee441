// Tables that are brought into a store, in words.
import type { StoreTable, TableFault, TablePlan } from '@api/schema'
import { t } from '@/i18n'

export const holds = ['customers', 'products', 'orders', 'shipments'] as const

/** How far it is, in a few words. */
export function standing(one: StoreTable): string {
  if (one.state === 'done') return t('table-done', { taken: one.taken, kept: one.kept, out: one.left_out })
  if (one.state === 'checked') return one.fault_count > 0 ? t('table-wrong', { n: one.fault_count }) : t('table-right')
  return t(`table-${one.state}`)
}

/** What is wrong, with what stands there. */
export const fault = (one: TableFault): string =>
  t(`table-flaw-${one.flaw.replace(/_/g, '-')}`, { value: one.value ?? '', field: one.field ? label(one.field) : '', column: one.column ?? '' })

export const label = (field: string): string => t(`table-field-${field.replace(/_/g, '-')}`)

/** A value as it was understood; lists with commas. */
export const cell = (value: unknown): string =>
  value === undefined || value === null ? '' : Array.isArray(value) ? value.join(', ') : value === true ? t('yes') : value === false ? t('no') : String(value)

/** Fields of the preview: those that have a column, as they stand in the list of all. */
export const shown = (plan: TablePlan, fields: { key: string }[]): string[] => fields.map((one) => one.key).filter((key) => plan.columns[key])

/** The plan with another column for a field; none takes it away. */
export function mapped(columns: Record<string, string>, field: string, column: string): Record<string, string> {
  const next = { ...columns }
  if (column) next[field] = column
  else delete next[field]
  return next
}
