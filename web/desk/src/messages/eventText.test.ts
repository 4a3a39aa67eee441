// What a ticket's timeline says of a merge, on both of its sides.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { use, type Language } from '@/i18n'
import type { DeskEvent } from '@api/schema'
import { eventTexts } from './eventText'
import { isTold } from './timeline'

const speak = (name: Language) => use(name, readFileSync(join(process.cwd(), 'locales', `${name}.ftl`), 'utf8'))
const plain = (text: string) => text.replace(/[\u2068\u2069]/g, '')
const event = (kind: string, data: Record<string, unknown>, name: string | null = 'Ingrid'): DeskEvent =>
  ({ seq: 1, kind, at: '2026-11-27T10:00:00Z', actor: { kind: name ? 'agent' : 'system', id: name ? 2 : null, name }, ticket: 48, customer: null, data }) as unknown as DeskEvent
const says = (...args: Parameters<typeof event>) => eventTexts(event(...args)).map(plain)
const change = (...fields: string[]) => event('ticket.changed', { changes: Object.fromEntries(fields.map((field) => [field, { from: 1, to: 2 }])) })

describe('a merge', () => {
  beforeEach(() => speak('en'))
  it('is told on the ticket that stands for both, with who did it', () => {
    expect(says('ticket.took_over', { from: 1047, merge: 1 })).toEqual(['Ingrid merged ticket #1047 into this one'])
    expect(says('ticket.took_over', { from: 1047, merge: 1 }, null)).toEqual(['Ticket #1047 was merged into this one'])
    expect(says('ticket.gave_back', { to: 1047, merge: 1 })).toEqual(['Ingrid undid the merge with ticket #1047'])
    speak('de')
    expect(says('ticket.took_over', { from: 1047, merge: 1 }, null)).toEqual(['Ticket #1047 wurde mit diesem zusammengeführt'])
    expect(says('ticket.gave_back', { to: 1047, merge: 1 })).toEqual(['Ingrid hat das Zusammenführen mit Ticket #1047 rückgängig gemacht'])
  })
  it('is told on the one that went away', () => {
    expect(says('ticket.merged', { into: 48, merge: 1 })).toEqual(['Ingrid merged it into #48'])
  })
  it('says nothing of what is only counted after it', () => {
    expect([change('messages'), change('messages', 'merged_into'), change('messages', 'status')].map(isTold)).toEqual([false, false, true])
    expect(eventTexts(change('messages', 'subject')).map(plain)).toEqual(['Ingrid changed the subject to “2”'])
  })
})
