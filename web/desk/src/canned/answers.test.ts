import { describe, expect, it } from 'vitest'
import { content, holeNames, holes, inline, sample } from './answers'

describe('a canned answer', () => {
  it('of one paragraph goes into the line, of several it stands for itself', () => {
    expect(inline('<p>Thank <b>you</b></p>\n')).toBe('Thank <b>you</b>')
    expect(inline('<p>One</p>\n<p>Two</p>\n')).toBe('<p>One</p>\n<p>Two</p>')
    expect(inline('<ul><li><p>One</p></li></ul>')).toBe('<ul><li><p>One</p></li></ul>')
  })
  it('without any element is text, with its entities read', () => {
    expect(content('Hi&nbsp;Jo &lt;3')).toEqual({ type: 'text', text: 'Hi\u00a0Jo <3' })
    expect(content('Hi <b>Jo</b>')).toBe('Hi <b>Jo</b>')
  })
  it('shows what nobody filled in, once each', () => {
    const html = '<p>Hi {{customer.first_name}}, {{ shop.name }} {{customer.first_name}} {not} {{}} {{<b>x</b>}}</p>'
    expect(holeNames(html)).toEqual(['customer.first_name', 'shop.name'])
    expect(holes('a {{b}} c')).toEqual([{ from: 2, to: 7, name: 'b' }])
    expect(holeNames('<p>nothing</p>')).toEqual([])
  })
  it('is shown with samples that are text and never HTML', () => {
    expect(sample('<p>{{ shop.name }} {{other}}</p>', { 'shop.name': 'A & <b>' })).toBe('<p>A &amp; &lt;b> {{other}}</p>')
  })
})
