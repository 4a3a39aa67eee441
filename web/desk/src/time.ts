// Times as people say them, in the language of the desk. One clock for the whole page.
import { ref } from 'vue'
import type { Time } from '@api/schema'
import { locale, t } from './i18n'

/** Minutes pass for every waiting time at once. */
export const now = ref(Date.now())
/** For countdowns; runs only while somebody holds it. */
export const second = ref(Date.now())
let holders = 0
let ticking = 0

if (typeof window !== 'undefined') setInterval(() => (now.value = Date.now()), 20_000)

export function holdSeconds(): () => void {
  if (holders++ === 0) {
    second.value = Date.now()
    ticking = window.setInterval(() => (second.value = Date.now()), 250)
  }
  let held = true
  return () => {
    if (!held) return
    held = false
    if (--holders === 0) window.clearInterval(ticking)
  }
}

const forms = new Map<string, Intl.DateTimeFormat>()
function form(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale.value}:${name}`
  let made = forms.get(key)
  if (!made) forms.set(key, (made = new Intl.DateTimeFormat(locale.value, options)))
  return made
}

export const clock = (at: Time | number) => form('clock', { hour: '2-digit', minute: '2-digit' }).format(new Date(at))
export const weekday = (at: Time | number) => form('weekday', { weekday: 'short' }).format(new Date(at))
const dayMonth = (at: number) => form('dm', { day: 'numeric', month: 'short' }).format(at)
const dayMonthYear = (at: number) => form('dmy', { day: 'numeric', month: 'short', year: 'numeric' }).format(at)
export const full = (at: Time | number) => form('full', { dateStyle: 'full', timeStyle: 'short' }).format(new Date(at))
export const monthYear = (at: Time | number) => form('my', { month: 'short', year: 'numeric' }).format(new Date(at))

const startOfDay = (at: number) => new Date(at).setHours(0, 0, 0, 0)
export const dayKey = (at: Time) => String(startOfDay(Date.parse(at)))

export function dayHeading(at: Time): string {
  const when = Date.parse(at)
  const sameYear = new Date(when).getFullYear() === new Date(now.value).getFullYear()
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' }
  if (!sameYear) options.year = 'numeric'
  return form(sameYear ? 'day' : 'dayYear', options).format(when)
}

/** Today the clock, this week the weekday, before that the date. */
export function brief(at: Time | null): string {
  if (!at) return ''
  const when = Date.parse(at)
  const age = startOfDay(now.value) - startOfDay(when)
  if (age <= 0 && age > -86_400_000) return clock(when)
  if (age > 0 && age < 6 * 86_400_000) return weekday(when)
  return new Date(when).getFullYear() === new Date(now.value).getFullYear() ? dayMonth(when) : dayMonthYear(when)
}

/** Day and clock, for what lies ahead or has to be found again. */
export function moment(at: Time | number): string {
  const when = new Date(at).getTime()
  const days = Math.round((startOfDay(when) - startOfDay(now.value)) / 86_400_000)
  if (days === 0) return t('time-today', { clock: clock(when) })
  if (days === 1) return t('time-tomorrow', { clock: clock(when) })
  if (days > 1 && days < 7) return `${form('wd', { weekday: 'long' }).format(when)} ${clock(when)}`
  return `${dayMonthYear(when)}, ${clock(when)}`
}

/** A length of time: 12 min, 1 h 20, 3 d. */
export function span(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000))
  if (minutes < 60) return t('time-minutes', { n: minutes })
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return t('time-hours', { h: hours, m: String(minutes % 60).padStart(2, '0') })
  return t('time-days', { n: Math.floor(hours / 24) })
}

export function size(bytes: number): string {
  const digits = (n: number, d: number) => n.toLocaleString(locale.value, { maximumFractionDigits: d })
  if (bytes < 1024) return t('size-bytes', { n: bytes })
  if (bytes < 1024 * 1024) return t('size-kb', { n: digits(bytes / 1024, 0) })
  return t('size-mb', { n: digits(bytes / 1024 / 1024, 1) })
}

/** An amount in the smallest unit of its currency, which has two, three or no places after the point. */
export function money(amount: number, currency: string): string {
  try {
    const form = new Intl.NumberFormat(locale.value, { style: 'currency', currency })
    return form.format(amount / 10 ** (form.resolvedOptions().maximumFractionDigits ?? 2))
  } catch {
    return `${(amount / 100).toFixed(2)} ${currency}`
  }
}
