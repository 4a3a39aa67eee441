// The rules for parcels as they are filled in: a rule that is off keeps its days.
import type { ParcelRules } from '@api/schema'

export const counted = ['pickup_days', 'home_days', 'abroad_days'] as const
type Counted = (typeof counted)[number]
export type Form = Omit<ParcelRules, Counted> & Record<Counted, { on: boolean; days: number | '' }>
const usual: Record<Counted, number> = { pickup_days: 4, home_days: 3, abroad_days: 5 }

export function toForm(rules: ParcelRules): Form {
  const days = Object.fromEntries(counted.map((rule) => [rule, { on: rules[rule] !== null, days: rules[rule] ?? usual[rule] }])) as Record<Counted, { on: boolean; days: number }>
  return { ...rules, ...days }
}

/** An emptied field is refused by the server, not taken for a rule that is off. */
export function toRules(form: Form): ParcelRules {
  const days = Object.fromEntries(counted.map((rule) => [rule, form[rule].on ? Number(form[rule].days) : null])) as Record<Counted, number | null>
  return { ...form, ...days, zone: form.zone?.trim() || null }
}
