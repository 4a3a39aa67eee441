import { describe, expect, it } from 'vitest'
import type { Setting } from '@api/schema'
import { choices, flatten, isStored, nest, sections, usual } from '@/settings/schema'
import { formLine, formPage, snippet } from './settings'

const field = (key: string, kind: Setting['kind']): Setting => ({ key, kind, required: false, label: key })
const schema = [field('imap.host', 'text'), field('imap.port', 'number'), field('imap.password', 'secret'), field('imap.idle', 'switch'), field('imap.security', { choice: ['tls', 'plain'] }), field('plus', 'switch')]

describe('the form of an inbox', () => {
  it('shows what is stored, but never a secret', () => {
    const stored = { imap: { host: 'mail.example', port: 993, password: 'set' }, plus: false }
    expect(flatten(stored, schema)).toEqual({ 'imap.host': 'mail.example', 'imap.port': 993, 'imap.password': '', 'imap.idle': '', 'imap.security': '', plus: 'off' })
    expect(isStored(stored, schema[2]!)).toBe(true)
  })
  it('sends back what was filled in, where it belongs', () => {
    expect(nest({ 'imap.host': 'mail.example', 'imap.port': '143', 'imap.password': '', 'imap.idle': 'on', 'imap.security': 'tls', plus: '' }, schema)).toEqual({
      imap: { host: 'mail.example', port: 143, idle: true, security: 'tls' },
    })
  })
  it('says what holds where nothing is filled in', () => {
    const security: Setting = { ...field('imap.security', { choice: ['tls', 'starttls'] }), default: 'tls' }
    const port: Setting = { ...field('imap.port', 'number'), default: 993, default_by: { key: 'imap.security', values: { starttls: 143 } } }
    const all = [security, port]
    expect(usual(port, {}, all)).toBe('993')
    expect(usual(port, { 'imap.security': 'starttls' }, all)).toBe('143')
    expect(usual({ ...field('imap.idle', 'switch'), default: true }, {}, all)).toBe('on')
    expect(usual({ ...field('plain', 'switch'), default: false }, {}, all)).toBe('off')
    expect(usual(field('imap.host', 'text'), {}, all)).toBeNull()
  })
  it('keeps together what belongs together', () => {
    expect(sections(schema).map((s) => [s.name, s.settings.length])).toEqual([['imap', 5], ['', 1]])
    expect(choices(schema[4]!)).toEqual(['tls', 'plain'])
  })
  it('has the line for the pages of the shop, with how the button looks', () => {
    const look: Setting[] = [{ ...field('colour', 'text'), default: '#1f4d3a' }, { ...field('side', { choice: ['end', 'start'] }), default: 'end' }]
    expect(snippet('https://desk.example', { id: 3, settings: {} }, look)).toBe('<script src="https://desk.example/widget.js" data-inbox="3" async></script>')
    expect(snippet('https://desk.example', { id: 3, settings: { colour: '#aa0000', side: 'end' } }, look)).toContain(' data-colour="#aa0000" async>')
    expect(snippet('https://desk.example', { id: 3, settings: { colour: '"><b>', side: 'start' } }, look)).toContain('data-inbox="3" data-side="start" async>')
  })
})

it('a form has its own page, and a line for the pages of the shop', () => {
  expect(formPage('https://desk.example', 3)).toBe('https://desk.example/forms/3')
  expect(formLine('https://desk.example', 3)).toBe('<script src="https://desk.example/form.js" data-inbox="3" async></script>')
})
