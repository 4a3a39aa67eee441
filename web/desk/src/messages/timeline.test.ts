import { describe, expect, it } from 'vitest'
import { Fake } from '@/live/fake'
import { build, firstUnread, openFrom } from './timeline'

function story() {
  const world = new Fake()
  const id = world.open('Pole')
  const say = (d: 'in' | 'out' | 'note') => world.say(id, d, d)
  return { world, id, say, messages: () => world.messages.get(id)! }
}

describe('the timeline', () => {
  it('folds what is known and opens the last exchange', () => {
    const { say, messages } = story()
    for (const d of ['in', 'out', 'in', 'out', 'note', 'in'] as const) say(d)
    expect(openFrom(messages())).toBe(2)
    const shown = build(messages(), [], -1).filter((i) => i.type === 'message')
    expect(shown.map((i) => i.type === 'message' && i.open)).toEqual([false, false, true, true, true, true])
  })

  it('opens everything unread, however long ago it began', () => {
    const { say, messages } = story()
    for (let i = 0; i < 6; i++) say('in')
    expect(firstUnread(messages(), true, 1)).toBe(0)
    expect(build(messages(), [], 0).every((i) => i.type !== 'message' || i.open)).toBe(true)
    expect(firstUnread(messages(), false, 1)).toBe(-1)
  })

  it('puts neighbouring events into one line and leaves out what messages show themselves', () => {
    const { world, id, say, messages } = story()
    say('in')
    world.change(id, { priority: 'high' })
    world.change(id, { tags: ['warranty'] })
    say('out')
    const items = build(messages(), world.log, -1)
    const lines = items.flatMap((i) => (i.type === 'events' ? [i.events.map((e) => e.kind)] : []))
    expect(lines).toEqual([['ticket.created', 'ticket.changed', 'ticket.changed']])
  })

  it('keeps quiet about a status that came with a message', () => {
    const { world, id, say, messages } = story()
    say('in')
    say('out')
    world.now -= 900
    world.change(id, { status: 'pending' })
    world.now += 60_000
    world.change(id, { status: 'solved' })
    const told = build(messages(), world.log, -1).flatMap((i) => (i.type === 'events' ? i.events : []))
    expect(told.map((e) => e.kind)).toEqual(['ticket.created', 'ticket.changed'])
  })

  it('tells what a person chose, however close to a message', () => {
    const { world, id, say, messages } = story()
    say('in')
    world.now -= 900
    world.change(id, { status: 'solved' })
    say('in')
    world.now -= 900
    world.change(id, { status: 'pending' })
    world.log.push({ ...world.log[world.log.length - 1]!, seq: world.seq + 1, actor: { kind: 'system', id: null, name: null } })
    const told = build(messages(), world.log, -1).flatMap((i) => (i.type === 'events' ? i.events : []))
    expect(told.map((e) => e.actor.kind)).toEqual(['agent', 'agent', 'agent'])
  })

  it('starts a day once', () => {
    const { world, say, messages } = story()
    say('in')
    world.now += 86_400_000
    say('out')
    say('in')
    expect(build(messages(), [], -1).filter((i) => i.type === 'day')).toHaveLength(2)
  })
})
