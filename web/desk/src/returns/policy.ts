// The return policy as it is filled in: what a rule asks for and does are lists of rows, amounts are typed.
import type { ReturnPolicy, ReturnRule } from '@api/schema'
import { parse, plain } from '@/orders/money'

type When = ReturnRule['when']
type Then = ReturnRule['then']
export const outcomes = ['refund', 'exchange', 'store_credit'] as const
export const methods = ['label', 'qr', 'drop_off', 'own'] as const
export const releases = ['drop_off', 'receipt', 'inspection'] as const
export const verdicts = ['approve', 'review', 'reject'] as const
export const sinces = ['delivery', 'shipment', 'order'] as const
/** Languages of the page for shoppers. */
export const spoken = ['en', 'de', 'fr', 'es', 'sv', 'ar']
/** They have their words in every language. */
export const knownReasons = ['too_small', 'too_large', 'not_as_expected', 'damaged', 'wrong_item', 'changed_mind', 'other']

export const chosen = ['outcomes', 'reasons'] as const
export const listed = ['countries', 'customer_tags', 'order_tags', 'discount_codes', 'product_tags', 'skus'] as const
export const ranged = ['quantity', 'price', 'order_value', 'order_age', 'customer_value', 'returns'] as const
export const flagged = ['discounted', 'final_sale', 'digital'] as const
export const asks = [...chosen, ...listed, ...ranged, ...flagged] as const
export type Ask = (typeof asks)[number]
export const deeds = ['verdict', 'days', 'keep', 'fee', 'bonus', 'destination', 'methods', 'release'] as const
export type Deed = (typeof deeds)[number]
const inMoney: Ask[] = ['price', 'order_value', 'customer_value']
export const isMoney = (ask: Ask) => inMoney.includes(ask)
export const isOf = <T extends string>(all: readonly T[], one: string): one is T => (all as readonly string[]).includes(one)

export interface Condition { ask: Ask; picked: string[]; list: string; least: string; most: string; is: boolean }
export interface Words { language: string; text: string }
export interface Deeding { deed: Deed; verdict: string; words: Words[]; days: number | ''; keep: boolean; for: string; amount: string; percent: number | ''; destination: string; methods: string[]; release: string }
export interface RuleForm { key: number; name: string; conditions: Condition[]; deeds: Deeding[] }
export interface WindowForm { outcomes: string[]; countries: string; days: number | ''; since: string }
export interface ReasonForm { id: string; words: Words[]; photos: boolean }
export interface PlaceForm { name: string; lines: string }
export interface Form {
  currency: string
  zone: string
  windows: WindowForm[]
  rules: RuleForm[]
  reasons: ReasonForm[]
  destinations: PlaceForm[]
  methods: string[]
  release: string
  send_within: number | ''
  other_products: boolean
  withdrawal: { days: number | ''; business_tags: string; made_to_order: string; perishable: string; sealed: string; digital_begun: string }
}

export const split = (text: string): string[] => text.split(',').map((one) => one.trim()).filter(Boolean)
const joined = (all: string[] = []): string => all.join(', ')
const rows = (texts: Record<string, string> = {}): Words[] => Object.entries(texts).map(([language, text]) => ({ language, text }))
const texts = (all: Words[]): Record<string, string> => Object.fromEntries(all.filter((one) => one.text.trim()).map((one) => [one.language, one.text]))
const number = (value: number | string): number => (value === '' ? 0 : Number(value))

let made = 0
export const condition = (ask: Ask): Condition => ({ ask, picked: [], list: '', least: '', most: '', is: true })
export const deeding = (deed: Deed): Deeding => ({ deed, verdict: 'approve', words: [], days: 30, keep: true, for: 'shipping', amount: '', percent: '', destination: '', methods: ['label'], release: 'receipt' })
export const rule = (): RuleForm => ({ key: ++made, name: '', conditions: [], deeds: [deeding('verdict')] })

function toConditions(when: When, currency: string): Condition[] {
  const all: Condition[] = []
  const shown = (ask: Ask, value: number | null | undefined) => (value === null || value === undefined ? '' : isMoney(ask) ? plain(value, currency) : String(value))
  for (const ask of chosen) if (when[ask].length > 0) all.push({ ...condition(ask), picked: [...when[ask]] })
  for (const ask of listed) if (when[ask].length > 0) all.push({ ...condition(ask), list: joined(when[ask]) })
  for (const ask of ranged) {
    const { at_least, at_most } = when[ask]
    if (at_least !== null || at_most !== null) all.push({ ...condition(ask), least: shown(ask, at_least), most: shown(ask, at_most) })
  }
  for (const ask of flagged) if (when[ask] !== null) all.push({ ...condition(ask), is: when[ask] })
  return all
}

function toDeeds(then: Then, currency: string): Deeding[] {
  const amount = (value: number) => (value === 0 ? '' : plain(value, currency))
  const percent = (value: number): number | '' => (value === 0 ? '' : value)
  const all: Deeding[] = []
  if (then.verdict !== null) all.push({ ...deeding('verdict'), verdict: then.verdict, words: rows(then.words) })
  if (then.days !== null) all.push({ ...deeding('days'), days: then.days })
  if (then.keep !== null) all.push({ ...deeding('keep'), keep: then.keep })
  if (then.fee !== null) all.push({ ...deeding('fee'), for: then.fee.for, amount: amount(then.fee.amount), percent: percent(then.fee.percent) })
  if (then.bonus !== null) all.push({ ...deeding('bonus'), amount: amount(then.bonus.amount), percent: percent(then.bonus.percent) })
  if (then.destination !== null) all.push({ ...deeding('destination'), destination: then.destination })
  if (then.methods !== null) all.push({ ...deeding('methods'), methods: [...then.methods] })
  if (then.release !== null) all.push({ ...deeding('release'), release: then.release })
  return all
}

export function toForm(policy: ReturnPolicy): Form {
  const { currency, zone, withdrawal } = policy
  return {
    currency,
    zone: zone ?? '',
    windows: policy.windows.map((one) => ({ outcomes: [...one.outcomes], countries: joined(one.countries), days: one.days, since: one.since })),
    // Keys count from one again, so that the same policy always makes the same form.
    rules: policy.rules.map((one, at) => ({ key: -1 - at, name: one.name, conditions: toConditions(one.when, currency), deeds: toDeeds(one.then, currency) })),
    reasons: policy.reasons.map((one) => ({ id: one.id, words: rows(one.words), photos: one.photos })),
    destinations: policy.destinations.map((one) => ({ name: one.name, lines: one.lines.join('\n') })),
    methods: [...policy.methods],
    release: policy.release,
    send_within: policy.send_within,
    other_products: policy.other_products,
    withdrawal: { days: withdrawal.days, business_tags: joined(withdrawal.business_tags), made_to_order: joined(withdrawal.made_to_order), perishable: joined(withdrawal.perishable), sealed: joined(withdrawal.sealed), digital_begun: joined(withdrawal.digital_begun) },
  }
}

function toWhen(conditions: Condition[], currency: string): Partial<When> {
  const bound = (ask: Ask, text: string): number | null => (text.trim() === '' ? null : isMoney(ask) ? parse(text, currency) : Number(text))
  return Object.fromEntries(conditions.map((one) => {
    if (isOf(chosen, one.ask)) return [one.ask, one.picked]
    if (isOf(listed, one.ask)) return [one.ask, split(one.list)]
    if (isOf(ranged, one.ask)) return [one.ask, { at_least: bound(one.ask, one.least), at_most: bound(one.ask, one.most) }]
    return [one.ask, one.is]
  })) as Partial<When>
}

function toThen(all: Deeding[], currency: string): Partial<Then> {
  const share = (one: Deeding) => ({ amount: one.amount.trim() === '' ? 0 : (parse(one.amount, currency) ?? 0), percent: number(one.percent) })
  const then: Record<string, unknown> = {}
  for (const one of all) {
    switch (one.deed) {
      case 'verdict':
        then.verdict = one.verdict
        if (one.verdict === 'reject') then.words = texts(one.words)
        break
      case 'days':
        then.days = one.days === '' ? -1 : Number(one.days)
        break
      case 'keep':
        then.keep = one.keep
        break
      case 'fee':
        then.fee = { for: one.for, ...share(one) }
        break
      case 'bonus':
        then.bonus = share(one)
        break
      case 'destination':
        then.destination = one.destination
        break
      case 'methods':
        then.methods = one.methods
        break
      case 'release':
        then.release = one.release
    }
  }
  return then as Partial<Then>
}

/** As the server takes it; what is left out there, it fills in. */
export function toPolicy(form: Form): unknown {
  const currency = form.currency.trim().toUpperCase()
  const { withdrawal } = form
  return {
    currency,
    zone: form.zone.trim() || null,
    windows: form.windows.map((one) => ({ outcomes: one.outcomes, countries: split(one.countries), days: one.days === '' ? -1 : Number(one.days), since: one.since })),
    rules: form.rules.map((one) => ({ name: one.name, when: toWhen(one.conditions, currency), then: toThen(one.deeds, currency) })),
    reasons: form.reasons.map((one) => ({ id: one.id.trim(), words: texts(one.words), photos: one.photos })),
    destinations: form.destinations.map((one) => ({ name: one.name.trim(), lines: one.lines.split('\n').map((line) => line.trim()).filter(Boolean) })),
    methods: form.methods,
    release: form.release,
    send_within: number(form.send_within),
    other_products: form.other_products,
    withdrawal: { days: number(withdrawal.days), business_tags: split(withdrawal.business_tags), made_to_order: split(withdrawal.made_to_order), perishable: split(withdrawal.perishable), sealed: split(withdrawal.sealed), digital_begun: split(withdrawal.digital_begun) },
  }
}

const isOdd = (text: string, currency: string): boolean => text.trim() !== '' && parse(text, currency) === null
/** Where an amount stands that is none, by the server's names of the fields. The server would not see it. */
export function odd(form: Form): string[] {
  const currency = form.currency.trim().toUpperCase()
  return form.rules.flatMap((one, at) => [
    ...one.conditions.filter((c) => isOf(ranged, c.ask) && (isMoney(c.ask) ? isOdd(c.least, currency) || isOdd(c.most, currency) : [c.least, c.most].some((text) => text.trim() !== '' && !/^\d+$/.test(text.trim())))).map((c) => `rules[${at}].when.${c.ask}`),
    ...one.deeds.filter((d) => (d.deed === 'fee' || d.deed === 'bonus') && isOdd(d.amount, currency)).map((d) => `rules[${at}].then.${d.deed}.amount`),
  ])
}

/** The first thing that is wrong with a field or with something in it. */
export function within(errors: { field: string; why: string }[], field: string): string | null {
  return errors.find((one) => one.field === field || one.field.startsWith(`${field}.`) || one.field.startsWith(`${field}[`))?.why ?? null
}

/** One place further up or down; what falls off the end stays. */
export function moved<T>(all: T[], at: number, by: number): T[] {
  const to = at + by
  if (to < 0 || to >= all.length) return all
  const next = [...all]
  ;[next[at], next[to]] = [next[to]!, next[at]!]
  return next
}
