import { describe, expect, it, vi } from 'vitest'

vi.mock('./useMe', async () => {
  const { ref } = await import('vue')
  return { singleKeys: ref(true), prefs: ref({}) }
})
const { choose, hasRivals, own, rival } = await import('./keymap')

describe('shortcuts of one’s own', () => {
  it('are a key, a combination or a sequence', () => {
    expect(choose('s', false)).toEqual({ keys: 's' })
    expect(choose('shift+ö', false)).toEqual({ keys: 'shift+ö' })
    expect(choose('mod+b', false)).toEqual({ keys: 'mod+b' })
    expect(choose('g', false)).toEqual({ wait: true })
    expect(choose('o', true)).toEqual({ keys: 'g o' })
    expect(choose('g', true)).toEqual({ keys: 'g g' })
  })
  it('leave browser and focus alone', () => {
    expect(choose('mod+w', false)).toEqual({ refused: 'browser' })
    for (const keys of ['Tab', 'Enter', ' ', 'ArrowDown', 'F5', 'shift+Enter']) expect(choose(keys, false), keys).toEqual({ refused: 'moving' })
    expect(choose('shift+x', true)).toEqual({ refused: 'moving' })
  })
  it('never stand in each other’s way', () => {
    expect(hasRivals({})).toBe(false)
    expect(rival({ solve: 'r' }, 'solve')).toBe('reply')
    expect(rival({ solve: 'r' }, 'reply')).toBe('solve')
    expect(hasRivals({ solve: 'r', reply: 'e' })).toBe(false)
  })
  it('are kept only where they differ', () => {
    expect(own({ solve: 'e', reply: 'w', back: 'q' })).toEqual({ reply: 'w' })
    expect(JSON.stringify(own({ reply: 'w', next: 'n' }))).toBe(JSON.stringify(own({ next: 'n', reply: 'w' })))
  })
})
