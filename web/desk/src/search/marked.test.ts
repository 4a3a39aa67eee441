import { describe, expect, it } from 'vitest'
import { hits, marked, told } from './marked'

describe('snippets', () => {
  it('take their marks and nothing else', () => {
    expect(marked('a <mark>pole</mark> &amp; <b>x</b> &lt;i&gt;')).toEqual([
      { text: 'a ', hit: false }, { text: 'pole', hit: true }, { text: ' & x <i>', hit: false },
    ])
    expect(marked(null)).toEqual([])
  })
  it('mark what was typed', () => {
    expect(hits('Refund items', 'refu')).toEqual([{ text: 'Refu', hit: true }, { text: 'nd items', hit: false }])
    expect(hits('Solve', '')).toEqual([{ text: 'Solve', hit: false }])
  })
  it('that repeat the title are not said twice', () => {
    const same = told('Jacket smells', '<mark>Jacket</mark> smells')
    expect(same).toEqual({ title: [{ text: 'Jacket', hit: true }, { text: ' smells', hit: false }], snippet: [] })
    expect(told('Refund', 'my <mark>jacket</mark>').snippet).toHaveLength(2)
  })
})
