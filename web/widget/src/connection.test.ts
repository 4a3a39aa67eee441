import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Connection, pause, type Frame, type Parts, type State } from './connection'

class Line {
  static all: Line[] = []
  sent: string[] = []
  closed = false
  readyState = 0
  onopen: ((event: never) => void) | null = null
  onmessage: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null
  constructor() {
    Line.all.push(this)
  }
  send(text: string) {
    this.sent.push(text)
  }
  close() {
    this.closed = true
  }
  open() {
    this.onopen?.({} as never)
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) } as never)
  }
  end(code = 1006, reason = '') {
    this.onclose?.({ code, reason } as never)
  }
}
const last = () => Line.all.at(-1)!

function connection(more: Partial<Parts> = {}) {
  const states: [State, number][] = []
  const frames: Frame[] = []
  const one = new Connection({
    open: () => new Line() as never, hello: () => ({ type: 'hello', after: 3 }), heard: (frame) => frames.push(frame),
    changed: (state, wait) => states.push([state, wait]), random: () => 0.5, ...more,
  })
  return { one, states, frames }
}

beforeEach(() => {
  vi.useFakeTimers()
  Line.all = []
})
afterEach(() => vi.useRealTimers())

describe('a connection', () => {
  it('says hello, and is live with the first state', () => {
    const { one, states } = connection()
    one.start()
    expect(one.send({ type: 'typing' }), 'before anybody is there').toBe(false)
    last().open()
    expect(last().sent).toEqual(['{"type":"hello","after":3}'])
    last().say({ type: 'line' })
    expect(one.state).toBe('connecting')
    last().say({ type: 'state' })
    expect(states).toEqual([['connecting', 0], ['live', 0]])
    expect(one.send({ type: 'typing' })).toBe(true)
  })
  it('comes back after a break, later and later, and at once when it is told to', () => {
    const { one, states } = connection()
    one.start()
    const waits = []
    for (let tries = 0; tries < 8; tries++) {
      last().end()
      waits.push(states.at(-1)![1])
      vi.advanceTimersByTime(states.at(-1)![1])
      expect(Line.all.length).toBe(tries + 2)
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b))
    expect(waits[0]).toBeLessThan(700)
    expect(waits.at(-1)).toBeLessThanOrEqual(30_000)
    last().end()
    one.hurry()
    expect(one.state).toBe('connecting')
    last().open()
    last().say({ type: 'state' })
    last().end(1012, 'restarting')
    expect(states.at(-1)![1], 'after a good time it begins small again').toBeLessThan(700)
  })
  it('is over when the visit is, and only then', () => {
    const { one } = connection()
    one.start()
    last().end(1008, 'too many messages')
    expect(one.state).toBe('waiting')
    one.hurry()
    last().end(1008, 'over')
    expect(one.state).toBe('over')
    vi.advanceTimersByTime(600_000)
    expect(Line.all.length).toBe(2)
  })
  it('takes silence for a break', () => {
    const { one } = connection()
    one.start()
    last().open()
    last().say({ type: 'state' })
    vi.advanceTimersByTime(60_000)
    last().say({ type: 'ping' })
    vi.advanceTimersByTime(60_000)
    expect(one.state).toBe('live')
    const dead = last()
    vi.advanceTimersByTime(10_050)
    expect([one.state, dead.closed]).toEqual(['waiting', true])
  })
  it('hears nothing of a line it has left, and survives what is no frame', () => {
    const { one, frames } = connection()
    one.start()
    const first = last()
    first.onmessage!({ data: '<html>' } as never)
    first.say({ type: 'state' })
    one.stop()
    first.say({ type: 'line' })
    first.end()
    expect(frames.length).toBe(1)
    expect(one.state).toBe('idle')
  })
  it('does not connect where there is nobody to be', () => {
    const { one } = connection({ hello: () => null })
    one.start()
    expect([one.state, Line.all.length]).toEqual(['idle', 0])
  })
  it('waits also where no socket can be made', () => {
    const { one } = connection({ open: () => { throw new Error('refused by the policy') } })
    one.start()
    expect(one.state).toBe('waiting')
  })
  it('says when it fails again and again', () => {
    const failing = vi.fn()
    const { one } = connection({ failing })
    one.start()
    last().end()
    one.hurry()
    last().end()
    expect(failing.mock.calls).toEqual([[1], [2]])
  })
})

describe('the pause', () => {
  it('is spread, so that after a restart not all come at once', () => {
    const after = Array.from({ length: 100 }, (_, at) => pause(4, at / 100))
    expect(Math.max(...after) - Math.min(...after)).toBeGreaterThan(5000)
    expect(Math.min(...after)).toBeGreaterThan(1000)
    expect(pause(50, 1)).toBe(30_000)
  })
})
