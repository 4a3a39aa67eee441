import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { choose, languages } from './language'
import { speak, type Catalogue, type Key } from './words'

const folder = join(process.cwd(), 'src')
const catalogue = async (name: string) => ((await import(`./words/${name}.ts`)) as { default: Catalogue }).default
const variables = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort().join()

describe('the catalogues', () => {
  it('are those of the languages', () => {
    expect(readdirSync(join(folder, 'words')).sort()).toEqual(languages.map((name) => `${name}.ts`).sort())
  })
  it.each(languages.filter((name) => name !== 'en'))('%s says all that English says, with the same variables, in its own words', async (name) => {
    const [en, other] = [await catalogue('en'), await catalogue(name)]
    expect(Object.keys(other).sort()).toEqual(Object.keys(en).sort())
    for (const key of Object.keys(en) as Key[]) expect(`${key}: ${variables(other[key])}`).toBe(`${key}: ${variables(en[key])}`)
    const same = (Object.keys(en) as Key[]).filter((key) => en[key] === other[key])
    expect(same.length, same.join()).toBeLessThan(6)
  })
  it.each([
    ['de', /(?<![\p{L}])(du|dich|dir|dein\p{L}*|schreib|sprich|versuch(?= es)|lies|bist)(?![\p{L}])/iu],
    ['es', /(?<![\p{L}])(tú|tus?|te|ti|has|escribe|habla|elige|rellena|sigue(?= escribiendo)|vuelvas|ayudarte|inténtalo)(?![\p{L}])/iu],
    ['fr', /(?<![\p{L}])(tu|te|toi|ton|ta|tes|écris|essaie)(?![\p{L}])/iu],
  ])('speak to strangers as the forms and the mails do: %s', async (name, familiar) => {
    expect(Object.values(await catalogue(name)).filter((text) => familiar.test(text))).toEqual([])
  })
  it('hold nothing that nobody says', async () => {
    const files = [...readdirSync(folder), ...readdirSync(join(folder, 'view')).map((name) => join('view', name))].filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    const code = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
    const unused = Object.keys(await catalogue('en')).filter((key) => !code.includes(`'${key}'`))
    expect(unused).toEqual([])
  })
})

describe('words', () => {
  it('keep names apart, and write numbers and times as their language does', async () => {
    const [en, de, ar] = await Promise.all([speak('en'), speak('de'), speak('ar')])
    expect(en.t('typing', { name: 'ليلى' })).toBe('\u2068ليلى\u2069 is writing')
    expect(de.t('tooLong', { n: 5000 })).toContain('5.000')
    expect(en.minutes(1)).toBe('1 minute')
    expect(en.minutes(4)).toBe('4 minutes')
    expect(en.minutes(150)).toBe('3 hours')
    expect(en.minutes(3000)).toBe('2 days')
    expect(de.seconds(5)).toBe('5 Sekunden')
    expect(ar.minutes(2)).toBe('دقيقتان')
    expect(en.seconds(600)).toBe('10 minutes')
    expect(en.size(10_000_000)).toBe('10 MB')
    expect([en.direction, ar.direction]).toEqual(['ltr', 'rtl'])
    expect(en.time('no time')).toBe('')
  })
  it('are chosen by the first tag that is known', () => {
    expect(choose([undefined, 'pt-BR', 'de-AT', 'fr'])).toBe('de')
    expect(choose(['', 'zh'])).toBe('en')
    expect(choose(['AR_eg'])).toBe('ar')
    expect(choose([{}, 3, 'english', 'sv'])).toBe('sv')
  })
})
