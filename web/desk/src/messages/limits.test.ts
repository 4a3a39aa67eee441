import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Way } from '@api/schema'
import { use } from '@/i18n'
import { about, isDressed, letters, lettersLeft, misfit, misfits, usual } from './limits'

beforeAll(() => use('en', readFileSync(join(process.cwd(), 'locales', 'en.ftl'), 'utf8')))
const picture = (size: number, name = 'tent.png') => ({ name, size, content_type: 'image/png' })
const bare = (text: string | null) => text?.replace(/[\u2068\u2069]/g, '') ?? null
const abilities: Way['abilities'] = { html: false, attachments: true, max_bytes: 1000, max_text: 100, max_files: 2, file_types: [], subject: false, copies: false, conversational: true }
const way: Way = { inbox: 3, name: 'Chat', channel: 'chat', to: { name: 'Kim', value: 'visitor-1' }, cc: [], usual: true, blocked: null, closes_at: null, here: null, greeting: null, abilities }

describe('what a way carries', () => {
  it('refuses files with the reason, and keeps those that fit', () => {
    expect(misfit(picture(10), [], usual)).toBeNull()
    expect(bare(misfit(picture(10), [], { ...usual, attachments: false }))).toBe('tent.png cannot be sent this way.')
    expect(bare(misfit(picture(10), [picture(1), picture(1)], { ...usual, max_files: 2 }))).toBe('At most 2 attachments.')
    expect(bare(misfit(picture(600), [picture(500)], { ...usual, max_bytes: 1000 }))).toContain('tent.png does not fit')
    expect(bare(misfit(picture(1), [], { ...usual, file_types: ['image/webp'] }))).toBe('tent.png cannot be sent this way, which carries image/webp.')
    expect(misfits([picture(600, 'a'), picture(600, 'b'), picture(300, 'c')], { ...usual, max_bytes: 1000 }).map(bare)).toEqual(['b does not fit: all attachments together may have 1,000 B.'])
  })
  it('counts letters as they are sent, and speaks of them only when they get few', () => {
    expect(letters('<p>a &amp; b</p><p>😀</p>')).toBe('a & b\n\n😀'.replace('😀', 'x').length)
    expect(lettersLeft('<p>short</p>', 100)).toBeNull()
    expect(lettersLeft('<p>short</p>', null)).toBeNull()
    expect(lettersLeft(`<p>${'x'.repeat(95)}</p>`, 100)).toBe(5)
    expect(lettersLeft(`<p>${'x'.repeat(103)}</p>`, 100)).toBe(-3)
    expect(lettersLeft(`<p>${'&amp;'.repeat(40)}</p>`, 100)).toBeNull()
  })
  it('knows what would be lost on a plain one', () => {
    expect([isDressed('<p>a <strong>b</strong></p>'), isDressed('<p>a<br>b</p>')]).toEqual([true, false])
  })
  it('is said in one line, and what is in the way, too', () => {
    expect(bare(about({ ...way, here: false, closes_at: '2026-03-02T12:00:00Z' }, Date.parse('2026-03-02T10:00:00Z')))).toBe('Kim · last used · not on the site now · 2 h 00 left · plain text · up to 100 characters · up to 2 files, 1,000 B')
    expect(about({ ...way, blocked: 'window_closed' }, 0)).toBe('Closed until they write there again')
  })
})
