import { describe, expect, it } from 'vitest'
import { moment, toldOf } from './heard'

describe('who it was', () => {
  it.each([
    ['', {}],
    ['Jo Brandt', { name: 'Jo Brandt' }],
    ['jo@post.example', { email: 'jo@post.example' }],
    ['Jo Brandt <jo@post.example>, +47 22 22 55 55', { name: 'Jo Brandt', email: 'jo@post.example', phone: '+47 22 22 55 55' }],
    ['(030) 123-4567 Kim', { name: 'Kim', phone: '(030) 123-4567' }],
    ['Apartment 12', { name: 'Apartment 12' }],
  ])('%s', (typed, told) => expect(toldOf(typed)).toEqual(told))
})

it('a moment is said only where one was chosen', () => {
  expect(moment('')).toEqual({})
  expect(moment('nonsense')).toEqual({})
  expect(moment('2026-03-02T09:30')).toEqual({ said_at: new Date('2026-03-02T09:30').toISOString() })
})
