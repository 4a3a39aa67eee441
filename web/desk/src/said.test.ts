import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { use } from './i18n'
import { said } from './said'

const catalogue = (name: string) => readFileSync(join(process.cwd(), 'locales', `${name}.ftl`), 'utf8')
const desk = join(process.cwd(), '..', '..', 'crates', 'desk', 'src')
function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? files(join(folder, name)) : [join(folder, name)]))
}
/** What only a program can do wrong. */
const forPrograms = /token|another site|The demo/

describe('what the server says', () => {
  it('is said in German, with its numbers', () => {
    use('de', catalogue('de'))
    expect(said('is not your password')).toBe('ist nicht dein Passwort')
    expect(said('must have 1 to 60 visible characters')).toBe('braucht 1 bis 60 sichtbare Zeichen')
    expect(said('must have at most 10,000 characters')).toBe('darf höchstens 10.000 Zeichen haben')
    expect(said('A sentence nobody knows')).toBe('A sentence nobody knows')
  })
  it('finds its translation by the sentence itself', () => {
    const sentences = [...catalogue('en').matchAll(/^server-\S+ = (.+)$/gm)].map(([, text]) => text!.replace(/\{ \$(\w) \}/g, (_, n: string) => String(3 + n.charCodeAt(0))))
    expect(sentences.length).toBeGreaterThan(60)
    use('de', catalogue('de'))
    expect(sentences.filter((s) => said(s) === s)).toEqual([])
  })
  it('to people is in the catalogues', () => {
    use('de', catalogue('de'))
    const told = files(desk).flatMap((f) => [...readFileSync(f, 'utf8').matchAll(/\b(?:conflict|forbidden)\(\s*"([^"{]+)"/g)].map(([, s]) => s!)).filter((s) => !forPrograms.test(s))
    expect(told.length).toBeGreaterThan(10)
    expect(told.filter((s) => said(s) === s)).toEqual([])
  })
})
