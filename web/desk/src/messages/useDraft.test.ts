// A draft is what costs most to lose, so its races have tests.
import { beforeEach, describe, expect, it, vi } from 'vitest'

const asked: { method: string; done: (status: number, body?: unknown) => void }[] = []
let opened: (() => void)[] = []
vi.mock('@/live', async () => {
  const { ref } = await import('vue')
  return { live: { me: ref(1) }, socket: { lostAt: ref(null), onOpen: (act: () => void) => opened.push(act) } }
})

const settle = () => new Promise((r) => setTimeout(r))
const local = (ticket: number) => JSON.parse(localStorage.getItem(`shopbell.draft.1.${ticket}.reply`) ?? 'null')
const keep = (ticket: number, html: string, stored: boolean) =>
  localStorage.setItem(`shopbell.draft.1.${ticket}.reply`, JSON.stringify({ html, attachments: [], cc: [], changed: 1000, stored }))

beforeEach(() => {
  localStorage.clear()
  asked.length = 0
  vi.stubGlobal('fetch', (_: string, init: RequestInit) =>
    new Promise((resolve) => asked.push({ method: init.method!, done: (status, body) => resolve(new Response(status === 204 ? null : JSON.stringify(body ?? {}), { status })) })))
})
const { draft, clear, changed } = await import('./useDraft')

describe('a draft', () => {
  it('written without a line is not wiped by an answer older than its storing', async () => {
    keep(1, '<p>Offline words</p>', false)
    const w = draft(1, 'reply')
    opened.forEach((act) => act())
    asked.find((a) => a.method === 'PUT')!.done(204)
    await settle()
    expect(w.stored).toBe(true)
    asked.find((a) => a.method === 'GET')!.done(404)
    await settle()
    expect(w.html).toBe('<p>Offline words</p>')
    expect(local(1).html).toBe('<p>Offline words</p>')
  })

  it('sent or dropped on another screen goes here too', async () => {
    keep(2, '<p>Sent elsewhere</p>', true)
    const w = draft(2, 'reply')
    asked[0]!.done(404)
    await settle()
    expect(w.html).toBe('')
    expect(local(2)).toBeNull()
  })

  it('written on another screen comes here, unless something newer stands here', async () => {
    keep(3, '<p>Old</p>', true)
    const w = draft(3, 'reply')
    asked[0]!.done(200, { html: '<p>New</p>', attachments: [], cc: ['a@b.example'], updated_at: '2026-11-22T08:00:00.000Z' })
    await settle()
    expect([w.html, w.cc]).toEqual(['<p>New</p>', ['a@b.example']])
    w.html = '<p>Typed</p>'
    changed(w)
    expect(local(3).html).toBe('<p>Typed</p>')
  })

  it('that was sent is empty, and answers what it was', async () => {
    keep(4, '<p>Hello</p>', true)
    const w = draft(4, 'reply')
    asked[0]!.done(200, { html: '<p>Hello</p>', attachments: [], cc: [], updated_at: '2026-11-22T08:00:00.000Z' })
    await settle()
    expect(clear(w).html).toBe('<p>Hello</p>')
    expect(w.html).toBe('')
    expect(local(4)).toBeNull()
  })
})
