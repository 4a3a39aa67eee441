// Schedules as they are filled in, and what they say in words.
import type { SchedulePeriod, SchedulePlan } from '@api/schema'
import { locale } from '@/i18n'

const nineToFive = (): SchedulePeriod => ({ from: '09:00', until: '17:00' })

/** Monday to Friday, by the clocks of whoever begins. */
export function blank(zone: string): SchedulePlan {
  return { zone, week: Array.from({ length: 7 }, (_, at) => (at < 5 ? [nineToFive()] : [])), holidays: null, days: [] }
}

/** A field for a time knows no 24:00; midnight as an end is that. */
const each = (plan: SchedulePlan, change: (period: SchedulePeriod) => SchedulePeriod): SchedulePlan => ({
  ...plan, week: plan.week.map((day) => day.map(change)), days: plan.days.map((day) => ({ ...day, periods: day.periods.map(change) })),
})
export const toForm = (plan: SchedulePlan) => each(plan, (one) => ({ from: one.from, until: one.until === '24:00' ? '00:00' : one.until }))
export const toPlan = (form: SchedulePlan) => each({ ...form, zone: form.zone.trim() }, (one) => ({ from: one.from, until: one.until === '00:00' ? '24:00' : one.until }))

/** One more period of a day: after its last, or the usual one. */
export function more(day: SchedulePeriod[]): SchedulePeriod {
  const last = day.at(-1)
  if (!last || last.until <= last.from) return nineToFive()
  const hour = Math.min(23, Number(last.until.slice(0, 2)) + 1)
  return { from: `${String(hour).padStart(2, '0')}:00`, until: '00:00' }
}

/** Days that are there already keep what is said of them. */
export function withDays(plan: SchedulePlan, days: { date: string; name: string }[]): SchedulePlan {
  const there = new Set(plan.days.map((day) => day.date))
  const fresh = days.filter((day) => !there.has(day.date)).map((day) => ({ ...day, periods: [] }))
  return { ...plan, days: [...plan.days, ...fresh].sort((a, b) => a.date.localeCompare(b.date)) }
}

/** 2024 began on a Monday. */
export const weekdayName = (at: number, weekday: 'long' | 'short' = 'long') => new Intl.DateTimeFormat(locale.value, { weekday, timeZone: 'UTC' }).format(Date.UTC(2024, 0, at + 1))
export const dayName = (date: string) => new Intl.DateTimeFormat(locale.value, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(Date.parse(date))
export const countryName = (code: string) => new Intl.DisplayNames([locale.value], { type: 'region' }).of(code) ?? code

/** A moment by the clocks of a zone that may not be one's own. */
export function clockIn(zone: string, at: string): string {
  return new Intl.DateTimeFormat(locale.value, { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(Date.parse(at))
}
export function momentIn(zone: string, at: string): string {
  return new Intl.DateTimeFormat(locale.value, { weekday: 'long', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: zone }).format(Date.parse(at))
}
