import { describe, expect, it } from 'vitest'
import { hits, marked } from './marked'

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
})
