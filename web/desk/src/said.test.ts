import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { use } from './i18n'
import { said } from './said'
import { shapes } from './shapes'

const catalogue = (name: string) => readFileSync(join(process.cwd(), 'locales', `${name}.ftl`), 'utf8')
const crates = join(process.cwd(), '..', '..', 'crates')
const desk = join(crates, 'desk', 'src')
function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? files(join(folder, name)) : [join(folder, name)]))
}
/** What only a program can do wrong. */
const forPrograms = /token|another site|The demo/

/** What is refused to a store that calls, and what a platform says in its own words. */
const toStores = /webhooks\.rs$|plugin\.rs$|tests?\.rs$/
const itsOwn = /^Fjellvik: Fjellvik$|^Fjellvik Fjellvik$|^Fjellvik; give a percentage$/
const refusal = /\b(?:refused|upstream|conflict|forbidden)\(\s*(?:format!\(\s*)?"((?:[^"\\]|\\[\s\S])+)"/g

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
  it('of stores and returns is in the catalogues, with the names in it', () => {
    use('de', catalogue('de'))
    const places = [join(crates, 'connectors', 'src', 'platforms'), ...['returns', 'actions', 'stores', 'updates', 'shipments'].map((name) => join(desk, name))]
    const all = places.flatMap(files).filter((f) => f.endsWith('.rs') && !toStores.test(f))
    const told = all.flatMap((f) => [...readFileSync(f, 'utf8').matchAll(refusal)].map(([, s]) => s!.replace(/\\\n\s*/g, '').replace(/\{[^}]*\}/g, 'Fjellvik'))).filter((s) => !itsOwn.test(s))
    expect(told.length).toBeGreaterThan(80)
    expect([...new Set(told.filter((s) => said(s) === s))]).toEqual([])
  })
  it('keeps names, states and sentences apart', () => {
    use('de', catalogue('de'))
    expect(said('R-7K2M9QX is label_sent; it cannot become declined.')).toBe('R-7K2M9QX ist „Etikett gesendet“ und kann nicht „abgelehnt“ werden')
    expect(said('Not possible on this order as it is now: not paid.')).toBe('Bei dieser Bestellung so nicht möglich: es wurde nichts bezahlt')
    expect(said('The store does not answer, so nothing can be done there now. Medusa gave up on the call')).toBe('Der Shop antwortet nicht, also lässt sich dort jetzt nichts tun. Medusa hat den Aufruf abgebrochen')
    expect(said('This store has no actions. Nobody knows this one.')).toBe('Dieser Shop kennt keine Aktionen. Nobody knows this one.')
    expect(said('Fjellvik did not answer within 20 seconds.')).toBe('Fjellvik hat nicht binnen 20 Sekunden geantwortet')
    expect(shapes.filter((shape) => !/\{\w/.test(shape))).toEqual([])
  })
})
