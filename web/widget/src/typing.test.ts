import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Typing } from './typing'

let sent: { type: string; text?: string }[] = []
const make = (shown: boolean) => new Typing({ shown: () => shown, send: (frame) => sent.push(frame as never) > 0 })
beforeEach(() => {
  sent = []
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => vi.useRealTimers())

it('says that somebody writes, never what, where the shop does not show it', () => {
  const typing = make(false)
  typing.typed('My card number')
  vi.advanceTimersByTime(2000)
  typing.typed('My card number is')
  vi.advanceTimersByTime(5000)
  expect(sent).toEqual([{ type: 'typing' }])
  typing.typed('My card number is 4')
  expect(sent.length).toBe(2)
})

it('shows what is typed once a second, the last of it included', () => {
  const typing = make(true)
  for (const text of ['H', 'He', 'Hello']) typing.typed(text)
  expect(sent).toEqual([{ type: 'typing', text: 'H' }])
  vi.advanceTimersByTime(1100)
  expect(sent.slice(1)).toEqual([{ type: 'typing', text: 'Hello' }])
  vi.advanceTimersByTime(5000)
  expect(sent.length).toBe(2)
})

it('shows nothing after it was said or taken back', () => {
  const typing = make(true)
  typing.typed('H')
  typing.typed('Hi')
  typing.stop()
  vi.advanceTimersByTime(5000)
  typing.typed('Again')
  typing.typed('Again?')
  typing.typed('')
  vi.advanceTimersByTime(5000)
  expect(sent.map((one) => one.text)).toEqual(['H', 'Again'])
})

it('sends whole letters, and at most 500 of them', () => {
  const typing = make(true)
  typing.typed('😀'.repeat(600))
  expect([...sent[0]!.text!].length).toBe(500)
  vi.advanceTimersByTime(2000)
  typing.typed('half \ud83d')
  expect(sent[1]!.text).toBe('half ')
})
