// Every text comes from the catalogues, both have the same, and no template says anything by itself.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { FluentResource } from '@fluent/bundle'
import { parse, type TemplateChildNode } from '@vue/compiler-dom'
import { describe, expect, it } from 'vitest'
import { direction, language, languages, locale, mirror, speak, t, use } from './i18n'

const root = process.cwd()
const catalogue = (name: string) => readFileSync(join(root, 'locales', `${name}.ftl`), 'utf8')
const keys = (text: string) => new Set(new FluentResource(text).body.map((message) => message.id))
const variables = (text: string) =>
  Object.fromEntries(
    text.split(/\n(?=[a-zA-Z][\w-]* =)/).slice(1).map((m) => [m.slice(0, m.indexOf(' =')), [...new Set([...m.matchAll(/\$(\w+)/g)].map((v) => v[1]))].sort().join()]),
  )

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path) : [path]
  })
}
const sources = [...files(join(root, 'src')), ...files(join(root, '..', 'ui'))].filter((f) => /\.(vue|ts)$/.test(f) && !f.endsWith('.test.ts'))

describe('the catalogues', () => {
  it('have the same messages with the same variables', () => {
    expect([...keys(catalogue('de'))].sort()).toEqual([...keys(catalogue('en'))].sort())
    const [en, de] = [variables(catalogue('en')), variables(catalogue('de'))]
    for (const key of Object.keys(en)) expect(`${key}: ${de[key]}`).toBe(`${key}: ${en[key]}`)
  })

  it('know every key the desk asks for', () => {
    const known = keys(catalogue('en'))
    for (const file of sources) {
      for (const [, key] of readFileSync(file, 'utf8').matchAll(/(?<![\w.])t\('([\w-]+)'/g)) expect(known, `${key} in ${file}`).toContain(key)
    }
  })

  it('count in words and keep names apart', () => {
    use('en', catalogue('en'))
    expect(t('save-changes', { n: 1 })).toBe('1 change not saved')
    expect(t('save-changes', { n: 3 })).toBe('3 changes not saved')
    expect(t('said-solved', { number: 48213 })).toBe('#48213 solved')
    expect(t('row-writing', { name: 'ليلى' })).toContain('\u2068ليلى\u2069')
  })
})

describe('from right to left', () => {
  it('the mirror turns the desk round, and is offered to nobody', async () => {
    await speak(mirror)
    expect([language.value, direction.value, document.documentElement.dir, document.documentElement.lang]).toEqual(['en', 'rtl', 'rtl', 'en'])
    expect(languages as readonly string[]).not.toContain(mirror)
    await speak('de')
    expect([direction.value, document.documentElement.dir, document.documentElement.lang]).toEqual(['ltr', 'ltr', 'de'])
  })
  it('keeps names apart that run the other way, but not numbers, and not what chooses a sentence', () => {
    use('en', catalogue('en'), 'rtl')
    expect(t('row-writing', { name: 'Ingrid' })).toContain('\u2068Ingrid\u2069')
    expect(t('said-solved', { number: 48213 })).toBe('#48213 solved')
    expect(t('event-spam', { who: 'Tomas', by: 'agent' })).toBe('\u2068Tomas\u2069 marked it as spam')
    use('en', catalogue('en'))
  })
  it('days and money are written as in the country of the language that was asked for', async () => {
    await speak('de-CH')
    expect(locale.value).toBe('de-CH')
    await speak('en-AU')
    expect(locale.value).toBe('en-AU')
    await speak('en')
  })
})

const spoken = new Set(['title', 'aria-label', 'placeholder', 'alt', 'label', 'hint', 'text', 'close', 'nothing'])
const fine = /^(SPF|DKIM|DMARC|Shopbell|https:\/\/|×|[^\p{L}]*)$/u

function literals(node: TemplateChildNode, found: string[]): void {
  if (node.type === 2) {
    for (const word of node.content.split(/[\s,]+/)) if (!fine.test(word)) found.push(node.content.trim())
  }
  if (node.type !== 1) return
  for (const prop of node.props) {
    if (prop.type === 6 && spoken.has(prop.name) && prop.value && !fine.test(prop.value.content)) found.push(`${prop.name}="${prop.value.content}"`)
  }
  node.children.forEach((child) => literals(child, found))
}

describe('templates', () => {
  it.each(sources.filter((f) => f.endsWith('.vue')))('%s says nothing by itself', (file) => {
    const page = parse(readFileSync(file, 'utf8'), { parseMode: 'sfc' })
    const template = page.children.find((c) => c.type === 1 && c.tag === 'template')
    const inside = template && template.type === 1 ? parse(readFileSync(file, 'utf8').slice(template.innerLoc!.start.offset, template.innerLoc!.end.offset)) : null
    const found: string[] = []
    inside?.children.forEach((child) => literals(child, found))
    expect(found).toEqual([])
  })
})
