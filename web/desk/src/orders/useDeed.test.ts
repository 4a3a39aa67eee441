import { describe, expect, it } from 'vitest'
import type { DeskEvent } from '@api/schema'
import { heard } from './useDeed'

const event = (kind: string, data: Record<string, unknown> = {}) => ({ kind, data: { action: 7, ...data } }) as unknown as DeskEvent
const hears = (...events: DeskEvent[]) => events.map((one) => heard(one, 7)).map((one) => one && [one.says && 'says', one.bad && 'bad', one.ends && 'ends'].filter(Boolean).join(' '))

describe('whoever asked for an action', () => {
  it('hears of it until it has ended', () => {
    expect(hears(event('action.requested'), event('action.decided', { approved: true }), event('action.done'))).toEqual([null, 'says', 'ends'])
    expect(hears(event('action.decided', { approved: false }), event('action.refused'), event('action.unsure'), event('action.withdrawn'))).toEqual(['says bad ends', 'says bad ends', 'says bad ends', 'ends'])
    expect(hears(event('action.refused', { action: 8 }))).toEqual([null])
  })
})
