import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { check, MOST, nameOf } from './files'
import { greeting, read } from './look'

describe('what the server says about the widget', () => {
  it('may be little', () => {
    const look = read({ shop: 'Fjellvik', language: 'de', look: { colour: '#1f4d3a', side: 'end', greeting: { de: 'Moin' } } })
    expect(look).toEqual({ shop: 'Fjellvik', language: 'de', colour: '#1f4d3a', side: 'end', greetings: { de: 'Moin' }, answers: null, questions: [], faces: [], files: null, preview: false })
    expect([greeting(look, 'de'), greeting(look, 'en'), greeting(null, 'de')]).toEqual(['Moin', '', ''])
  })
  it('may be more', () => {
    const look = read({
      shop: 'Fjellvik', language: 'en', look: { side: 'start' }, answers: { open: false, opens_at: '2026-11-30T08:00:00Z', minutes: null },
      questions: [{ key: 'order', label: 'Order', kind: 'choice', choices: ['a', 'b'], required: true }], faces: [{ name: 'Ingrid' }, {}, { name: 'Tomas' }],
      files: { max_bytes: 10, types: ['image/png'] }, texts: { fr: { greeting: 'Salut' } },
    })
    expect(look.answers).toEqual({ open: false, opensAt: '2026-11-30T08:00:00Z', minutes: null })
    expect(look.questions).toEqual([{ key: 'order', label: 'Order', kind: 'choice', choices: ['a', 'b'], required: true }])
    expect([look.faces, look.files, greeting(look, 'fr'), look.side]).toEqual([['Ingrid', 'Tomas'], { maxBytes: 10, types: ['image/png'] }, 'Salut', 'start'])
  })
  it.each([null, undefined, 3, 'x', [], { look: 3, faces: 'x', questions: [null], files: true, answers: [] }])('may be nonsense: %j', (nonsense) => {
    expect(read(nonsense).shop).toBe('')
  })
})

it('no files are taken where none may have a byte', () => expect(read({ files: { max_bytes: 0, types: [] } }).files).toBe(null))

describe('a file', () => {
  const limits = { maxBytes: 100, types: ['image/*', 'application/pdf'] }
  it('is checked before it leaves', () => {
    expect(check({ size: 100, type: 'image/png' }, limits, 0)).toBe(null)
    expect(check({ size: 1, type: 'application/pdf' }, limits, MOST - 1)).toBe(null)
    expect(check({ size: 101, type: 'image/png' }, limits, 0)).toEqual({ key: 'tooLarge', size: 100 })
    expect(check({ size: 1, type: 'text/html' }, limits, 0)?.key).toBe('wrongKind')
    expect(check({ size: 1, type: 'image/png' }, limits, MOST)?.key).toBe('tooMany')
    expect(check({ size: 0, type: 'image/png' }, limits, 0)?.key).toBe('fileFailed')
    expect(check({ size: 1, type: '' }, limits, 0), 'the server looks inside').toBe(null)
  })
  it('has a name that is only a name', () => {
    expect(nameOf(new File(['x'], '../../etc/passwd'))).toBe('.._.._etc_passwd')
    expect(nameOf(new File(['x'], `${'a'.repeat(300)}.png`)).endsWith('.png')).toBe(true)
  })
})

it('a focus ring takes the shape of what it surrounds: no rule for it beats a shape', () => {
  const css = readFileSync(join(process.cwd(), 'src/view/style.css'), 'utf8')
  const rules = [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(([, selector, body]) => [selector!.trim(), body!] as const)
  const rounding = rules.filter(([selector, body]) => selector.includes(':focus-visible') && body.includes('border-radius')).map(([selector]) => selector)
  expect(rounding).toEqual([':where(.w :focus-visible)'])
})
