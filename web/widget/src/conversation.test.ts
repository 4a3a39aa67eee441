import { describe, expect, it, vi } from 'vitest'
import { Refusal } from './api'
import { Conversation, type Line, type Pending } from './conversation'
import { Sender } from './sending'

const line = (place: number, text: string, id: string | null = null, at = '2026-11-27T12:00:00Z'): Line => ({ place, id, author: id ? 'visitor' : 'shop', name: null, text, at })
const said = (id: string): Pending => ({ id, text: id, files: [], state: 'sending' })
const texts = (all: Conversation) => all.lines.map((one) => one.text).join(' ')

describe('a conversation', () => {
  it('stands in the order of its places, whatever came first and whatever the clocks say', () => {
    const all = new Conversation()
    expect(all.add(line(3, 'c', null, '1999-01-01T00:00:00Z'))).toBe(true)
    all.add(line(1, 'a', null, '2031-01-01T00:00:00Z'))
    expect([texts(all), all.cursor]).toEqual(['a c', 1])
    all.add(line(2, 'b'))
    expect([texts(all), all.cursor]).toEqual(['a b c', 3])
  })
  it('shows no line twice, and what was said only once', () => {
    const all = new Conversation()
    all.pending = [said('x'), said('y')]
    expect(all.add(line(1, 'x', 'x'))).toBe(true)
    expect(all.add(line(1, 'x', 'x'))).toBe(false)
    expect(all.pending.map((one) => one.id)).toEqual(['y'])
    expect(all.takeUp([said('x'), said('y'), said('z')]).map((one) => one.id)).toEqual(['z'])
    expect(texts(all)).toBe('x')
  })
  it('knows how the last line fared', () => {
    const all = new Conversation()
    expect(all.fate).toBe(null)
    all.add(line(1, 'a', 'a'))
    expect(all.fate).toBe('sent')
    all.readByShop = 1
    expect(all.fate).toBe('read')
    all.pending = [said('b')]
    expect(all.fate).toBe(null)
    all.add(line(2, 'b', 'b'))
    expect(all.fate).toBe('sent')
    all.add(line(3, 'c'))
    expect(all.fate).toBe(null)
    expect(all.unread(2).map((one) => one.place)).toEqual([3])
  })
})

function sender(say: (one: Pending) => Promise<Line>, more: { ready?: () => Promise<void> } = {}) {
  const conversation = new Conversation()
  const troubles: number[] = []
  const gone = vi.fn()
  const one = new Sender({ conversation, ready: more.ready ?? (async () => {}), say, visit: () => 't', gone, changed: (trouble) => trouble && troubles.push(trouble.status), random: () => 0.5 })
  const add = (...ids: string[]) => conversation.pending.push(...ids.map(said))
  return { one, conversation, troubles, gone, add }
}

describe('sending', () => {
  it('goes in order, each with its own id', async () => {
    const asked: string[] = []
    const { one, conversation, add } = sender(async ({ id, text }) => {
      asked.push(id)
      return line(asked.length, text, id)
    })
    add('a', 'b', 'c')
    await Promise.all([one.go(), one.go()])
    expect(asked).toEqual(['a', 'b', 'c'])
    expect([texts(conversation), conversation.pending]).toEqual(['a b c', []])
  })
  it('waits while there is no answer, and says the same again', async () => {
    vi.useFakeTimers()
    const asked: string[] = []
    const { one, conversation, add, troubles } = sender(async ({ id }) => {
      asked.push(id)
      if (asked.length < 4) throw new Refusal(asked.length === 2 ? 503 : 0)
      return line(1, id, id)
    })
    add('a')
    await one.go()
    expect(conversation.pending[0]!.state).toBe('waiting')
    await vi.advanceTimersByTimeAsync(60_000)
    expect([asked, troubles, conversation.pending]).toEqual([['a', 'a', 'a', 'a'], [0, 503, 0], []])
    vi.useRealTimers()
  })
  it('keeps to the time that it is told after too many', async () => {
    vi.useFakeTimers()
    let asked = 0
    const { one, add } = sender(async ({ id }) => {
      if (asked++ === 0) throw new Refusal(429, 42)
      return line(1, id, id)
    })
    add('a')
    await one.go()
    await vi.advanceTimersByTimeAsync(41_000)
    expect(asked).toBe(1)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(asked).toBe(2)
    vi.useRealTimers()
  })
  it('what is refused stands aside, can be tried again, and holds up nothing', async () => {
    let refuses = true
    const { one, conversation, add } = sender(async ({ id }) => {
      if (id === 'bad' && refuses) throw new Refusal(422)
      return line(id === 'bad' ? 2 : 1, id, id)
    })
    add('bad', 'good')
    await one.go()
    expect([texts(conversation), conversation.pending.map((other) => other.state)]).toEqual(['good', ['failed']])
    refuses = false
    one.retry('bad')
    await vi.waitFor(() => expect(texts(conversation)).toBe('good bad'))
    add('worse')
    one.discard('worse')
    expect(conversation.pending).toEqual([])
  })
  it('begins another visit once where the old one is gone', async () => {
    let refused = 0
    const { one, conversation, add, gone } = sender(async ({ id }) => {
      if (id === 'a' && refused++ === 0) throw new Refusal(401)
      if (id === 'never') throw new Refusal(401)
      return line(1, id, id)
    })
    add('a', 'never')
    await one.go()
    expect(gone).toHaveBeenCalledTimes(2)
    expect([texts(conversation), conversation.pending.map((other) => [other.id, other.state])]).toEqual(['a', [['never', 'failed']]])
  })
})
