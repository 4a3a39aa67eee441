// The promise of live.ts: what was loaded, plus the events since, is what a fresh load would bring.
import { describe, expect, it, vi } from 'vitest'
import type { Filter, Id, Ticket } from '@api/schema'
import { Fake, me } from './fake'
import { createLive } from './live'

const open: Filter = { shelf: 'open', sort: 'updated' }
const lists: Filter[] = [open, { shelf: 'open', assignee: 'me' }, { shelf: 'waiting' }, { shelf: 'snoozed' }, { shelf: 'solved' }, { shelf: 'spam' }, { shelf: 'open', tag: 'vip', sort: 'oldest' }]

/** The same story every time: a small generator with a fixed seed. */
function chance(seed: number) {
  let x = seed
  return (n: number) => {
    x = (x * 1103515245 + 12345) % 2147483648
    return x % n
  }
}

function something(world: Fake, pick: (n: number) => number): void {
  const ids = [...world.tickets.keys()]
  const id = ids[pick(ids.length)]!
  const out = world.messages.get(id)!.filter((m) => m.direction === 'out')
  const acts = [
    () => world.open(`Question ${ids.length}`),
    () => world.change(id, { status: (['open', 'pending', 'solved', 'on_hold'] as const)[pick(4)] }),
    () => world.change(id, { assignee: [null, me, 2][pick(3)]!, priority: 'high' }),
    () => world.change(id, { tags: pick(2) ? ['vip'] : [] }),
    () => world.change(id, { spam: pick(4) === 0, subject: `Renamed ${pick(100)}` }),
    () => world.snooze(id, new Date(world.now + 3_600_000).toISOString()),
    () => world.wake(id),
    () => world.say(id, (['in', 'out', 'note'] as const)[pick(3)]!, `words ${pick(1000)}`),
    () => world.read(id),
    () => out[0] && world.deliver(id, out[0].id, (['sent', 'refused', 'bounced', 'withdrawn'] as const)[pick(4)]!),
    () => out[0] && world.see(id, out[0].id),
    () => ids.length > 3 && pick(6) === 0 && world.merge(id, ids.find((x) => x !== id)!),
  ]
  acts[pick(acts.length)]!()
}

async function fresh(world: Fake, filter: Filter, rows: number): Promise<Ticket[]> {
  const all: Ticket[] = []
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<Fake['list']>> = await world.list(filter, after)
    all.push(...page.data)
    after = page.next
  } while (after && all.length < rows)
  return all
}

describe('loaded state + events', () => {
  it.each([1, 7, 42, 99, 2026])('equals freshly loaded state (story %i)', async (seed) => {
    const world = new Fake()
    const pick = chance(seed)
    for (let i = 0; i < 8; i++) world.say(world.open(`Question ${i}`), 'in', `hello ${i}`)
    const live = createLive(world, () => world.now)
    live.me.value = me
    live.seq = world.seq
    for (const filter of lists) await live.lists.open(filter)
    const watched: Id[] = [1, 2, 3]
    for (const id of watched) {
      live.watch(id)
      await live.thread(id)
    }
    for (let step = 0; step < 60; step++) {
      const from = world.seq
      something(world, pick)
      world.log.slice(from).forEach((e) => live.hear(e))
      world.whispers.splice(0).forEach((whisper) => live.hearWhisper(whisper))
      if (step % 3 === 0) await live.refresh()
    }
    await live.refresh()
    for (const ticket of live.tickets.values()) expect(ticket).toEqual(world.at(ticket.id))
    for (const id of watched) expect(live.threads.get(id)).toMatchObject(await world.thread(id))
    for (const filter of lists) {
      const list = live.lists.get(filter)!
      const wanted = (await fresh(world, filter, 1000)).map((x) => x.id)
      // A list holds a beginning of the whole; without further pages it holds all of it.
      expect(list.ids).toEqual(list.next === null ? wanted : wanted.slice(0, list.ids.length))
    }
  })

  it('hears every event once, whatever is replayed', async () => {
    const world = new Fake()
    const id = world.open('Twice')
    const live = createLive(world, () => world.now)
    live.seq = world.seq
    await live.load(id)
    await live.thread(id)
    live.watch(id)
    world.say(id, 'in', 'once')
    const event = world.log[world.log.length - 1]!
    live.hear(event)
    live.hear(event)
    expect(live.tickets.get(id)!.messages).toBe(1)
    await live.refresh()
    expect(live.threads.get(id)!.messages).toHaveLength(1)
  })

  it('shows a pending change at once and lets go of it when it fails', async () => {
    const world = new Fake()
    const id = world.open('Optimist')
    const live = createLive(world, () => world.now)
    live.me.value = me
    await live.lists.open(open)
    live.pend({ key: 'a', event: { kind: 'ticket.changed', ticket: id, data: { changes: { status: { from: 'new', to: 'solved' } } } } })
    expect(live.tickets.get(id)!.status).toBe('solved')
    expect(live.lists.get(open)!.ids).toEqual([])
    live.settle('a')
    expect(live.tickets.get(id)!.status).toBe('new')
    expect(live.lists.get(open)!.ids).toEqual([id])
  })

  it('takes a ticket for unread when it is marked so on another screen', async () => {
    const world = new Fake()
    const id = world.open('Again')
    const live = createLive(world, () => world.now)
    live.me.value = me
    await live.load(id)
    live.hearWhisper({ kind: 'ticket.read', ticket: id, message: null })
    expect(live.tickets.get(id)!.unread).toBe(true)
    live.hearWhisper({ kind: 'draft.saved', ticket: id, draft: 'reply' })
    expect(live.tickets.get(id)!.unread).toBe(true)
    live.hearWhisper({ kind: 'ticket.read', ticket: id, message: 5 })
    expect(live.tickets.get(id)!.unread).toBe(false)
  })

  it('keeps what is newer when an older answer comes late', async () => {
    const world = new Fake()
    const id = world.open('Late')
    const live = createLive(world, () => world.now)
    const old = await world.ticket(id)
    world.change(id, { status: 'pending' })
    live.keep(await world.ticket(id))
    live.keep(old)
    expect(live.tickets.get(id)!.status).toBe('pending')
  })
})

describe('a shopper who writes', () => {
  it('is shown for some seconds, and not after their message has come', () => {
    vi.useFakeTimers()
    const world = new Fake()
    const live = createLive(world, () => world.now)
    live.seq = world.seq
    const id = world.open('Question')
    live.hearWhisper({ kind: 'visitor.typing', ticket: id })
    vi.advanceTimersByTime(4000)
    live.hearWhisper({ kind: 'visitor.typing', ticket: id })
    vi.advanceTimersByTime(4000)
    expect(live.typing.has(id)).toBe(true)
    vi.advanceTimersByTime(3000)
    expect(live.typing.has(id)).toBe(false)
    live.hearWhisper({ kind: 'visitor.typing', ticket: id })
    world.say(id, 'in', 'Here I am')
    for (const event of world.log) live.hear(event)
    expect(live.typing.has(id)).toBe(false)
    vi.useRealTimers()
  })
  it('may be read along, until it is said or forgotten', () => {
    vi.useFakeTimers()
    const world = new Fake()
    const live = createLive(world, () => world.now)
    live.seq = world.seq
    const id = world.open('Question')
    live.hearWhisper({ kind: 'visitor.typing', ticket: id, text: 'Is it wat' })
    live.hearWhisper({ kind: 'visitor.typing', ticket: id, text: 'Is it waterproof' })
    expect(live.unsaid.get(id)).toBe('Is it waterproof')
    vi.advanceTimersByTime(7000)
    expect(live.unsaid.has(id)).toBe(false)
    live.hearWhisper({ kind: 'visitor.typing', ticket: id, text: 'Is it waterproof?' })
    world.say(id, 'in', 'Is it waterproof?')
    for (const event of world.log) live.hear(event)
    expect(live.unsaid.has(id)).toBe(false)
    vi.useRealTimers()
  })
})
