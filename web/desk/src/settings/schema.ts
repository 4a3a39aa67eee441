// Forms are drawn from the schema of a channel or a platform; keys like "imap.host" name places in nested settings.
import type { Setting, SettingValue } from '@api/schema'

export type Flat = Record<string, SettingValue>

export function flatten(settings: Record<string, unknown>, schema: Setting[]): Flat {
  return Object.fromEntries(
    schema.map((s) => {
      const found = s.key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | null | undefined)?.[part], settings)
      return [s.key, isSecret(s) ? '' : isSwitch(s) ? spoken(found) : ((found ?? '') as SettingValue)]
    }),
  )
}

/** A switch nobody has touched is neither on nor off: the channel decides. */
const spoken = (found: unknown) => (found === true ? 'on' : found === false ? 'off' : '')

/** Only what was filled in; a secret left empty stays as it is. */
export function nest(flat: Flat, schema: Setting[]): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const s of schema) {
    const value = flat[s.key]
    if (value === '' || value === null || value === undefined) continue
    const parts = s.key.split('.')
    const last = parts.pop()!
    let at = out
    for (const part of parts) at = (at[part] ??= {}) as Record<string, unknown>
    at[last] = isNumber(s) ? Number(value) : isSwitch(s) ? value === 'on' : value
  }
  return out
}

export const isSecret = (s: Setting) => s.kind === 'secret'
export const isNumber = (s: Setting) => s.kind === 'number'
export const isSwitch = (s: Setting) => s.kind === 'switch'
export const isStored = (settings: Record<string, unknown>, s: Setting): boolean =>
  Boolean(s.key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | null | undefined)?.[part], settings))

/** What a choice offers; null for everything that is not one. */
export const choices = (s: Setting): string[] | null => (typeof s.kind === 'object' ? s.kind.choice : isSwitch(s) ? ['on', 'off'] : null)

/** What holds for a field that is left empty, given what the others say. */
export function usual(s: Setting, flat: Flat, schema: Setting[]): string | null {
  const by = s.default_by
  const answer = by && (flat[by.key] || schema.find((other) => other.key === by.key)?.default)
  const value = (by && answer ? by.values[String(answer)] : undefined) ?? s.default
  if (value === undefined || value === null) return null
  return isSwitch(s) ? String(spoken(value)) : String(value)
}

/** Settings stand together by their first word: imap, smtp. */
export function sections(schema: Setting[]): { name: string; settings: Setting[] }[] {
  const all = new Map<string, Setting[]>()
  for (const s of schema) {
    const name = s.key.includes('.') ? s.key.split('.')[0]! : ''
    all.set(name, [...(all.get(name) ?? []), s])
  }
  return [...all].map(([name, settings]) => ({ name, settings }))
}
