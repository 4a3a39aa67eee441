import { describe, expect, it } from 'vitest'
import { pieces } from './links'

const links = (text: string) => pieces(text).filter((piece) => piece.to).map((piece) => [piece.text, piece.to])

describe('addresses in a text', () => {
  it('become links, and nothing of the text is lost', () => {
    const text = 'See https://fjellvik.example/skarv?x=1#a, www.fjellvik.example or mail help@fjellvik.example. Thanks'
    expect(links(text)).toEqual([
      ['https://fjellvik.example/skarv?x=1#a', 'https://fjellvik.example/skarv?x=1#a'],
      ['www.fjellvik.example', 'https://www.fjellvik.example/'],
      ['help@fjellvik.example', 'mailto:help@fjellvik.example'],
    ])
    expect(pieces(text).map((piece) => piece.text).join('')).toBe(text)
  })
  it('end before the full stop and the bracket of their sentence', () => {
    expect(links('(https://a.example/b) https://a.example/c_(d). “https://a.example/e”!')).toEqual([
      ['https://a.example/b', 'https://a.example/b'], ['https://a.example/c_(d)', 'https://a.example/c_(d)'], ['https://a.example/e', 'https://a.example/e'],
    ])
  })
  it.each(['javascript:alert(1)', 'data:text/html,<script>', 'vbscript:x', 'file:///etc/passwd', 'java\nscript:alert(1)', 'https://', 'https:///x', 'a@b', '@@@', 'ftp://a.example', ''])('%s is text', (text) => {
    expect(links(text)).toEqual([])
    expect(pieces(text).map((piece) => piece.text).join('')).toBe(text)
  })
  it('lead nowhere else than they say', () => {
    for (const text of ['https://a.example"onclick=alert(1)', 'https://a.example/<b>', 'x@a.example?bcc=eve@b.example', 'https://user:secret@a.example']) {
      for (const [, to] of links(text)) expect(to).toMatch(/^(https?:\/\/|mailto:[\w.%@+-]+$)/)
    }
  })
  it('are found quickly in a hostile text', () => {
    const began = performance.now()
    pieces('a'.repeat(5000)); pieces('https://a.example/'.repeat(280)); pieces('(('.repeat(2500)); pieces(`https://a.example/${')'.repeat(4900)}`); pieces('a.'.repeat(2500) + '@')
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
