// What the widget says, in the visitor's language; days, times and numbers as their language writes them.
import { direction, ours, type Language } from './language'
import type en from './words/en'

export type Catalogue = typeof en
export type Key = keyof Catalogue

const catalogues: Record<Language, () => Promise<{ default: Catalogue }>> = {
  en: () => import('./words/en'),
  de: () => import('./words/de'),
  fr: () => import('./words/fr'),
  es: () => import('./words/es'),
  sv: () => import('./words/sv'),
  ar: () => import('./words/ar'),
}

export async function speak(language: Language): Promise<Words> {
  return new Words(language, (await catalogues[language]()).default)
}

export class Words {
  readonly direction: 'rtl' | 'ltr'
  /** As the visitor's country writes it, where the browser says which. */
  private readonly locale: string
  private readonly formats = new Map<string, Intl.DateTimeFormat>()

  constructor(readonly language: Language, private readonly catalogue: Catalogue) {
    this.direction = direction(language)
    this.locale = (navigator.languages ?? []).find((tag) => ours(tag) === language) ?? language
  }

  /** A sentence; names in it keep their own direction. */
  t(key: Key, values: Record<string, string | number> = {}): string {
    return this.catalogue[key].replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? ''
      return typeof value === 'number' ? this.number(value) : `\u2068${value}\u2069`
    })
  }

  number(value: number): string {
    return new Intl.NumberFormat(this.locale).format(value)
  }

  private unit(value: number, unit: string, unitDisplay: 'long' | 'short' = 'long'): string {
    return new Intl.NumberFormat(this.locale, { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 }).format(value)
  }

  seconds(value: number): string {
    return value > 90 ? this.minutes(Math.ceil(value / 60)) : this.unit(Math.max(1, Math.round(value)), 'second')
  }

  /** Long times are told roughly. */
  minutes(value: number): string {
    if (value < 90) return this.unit(Math.max(1, Math.round(value)), 'minute')
    return value < 36 * 60 ? this.unit(Math.round(value / 60), 'hour') : this.unit(Math.round(value / 1440), 'day')
  }

  size(bytes: number): string {
    return bytes < 1e6 ? this.unit(Math.max(1, Math.round(bytes / 1000)), 'kilobyte', 'short') : this.unit(bytes / 1e6, 'megabyte', 'short')
  }

  time(at: string): string {
    return this.dated(at, { hour: '2-digit', minute: '2-digit' })
  }

  day(at: string): string {
    return this.dated(at, { weekday: 'long', day: 'numeric', month: 'long' })
  }

  /** When the shop is there again. */
  moment(at: string): string {
    return this.dated(at, { weekday: 'long', hour: '2-digit', minute: '2-digit' })
  }

  private dated(at: string, how: Intl.DateTimeFormatOptions): string {
    const moment = new Date(at)
    const sign = Object.keys(how).join()
    // Made once: a long conversation asks for thousands.
    let format = this.formats.get(sign)
    if (!format) this.formats.set(sign, (format = new Intl.DateTimeFormat(this.locale, how)))
    return Number.isNaN(moment.getTime()) ? '' : format.format(moment)
  }
}
