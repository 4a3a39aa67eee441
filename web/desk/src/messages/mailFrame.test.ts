import { describe, expect, it } from 'vitest'
import { dress, hasOwnLook, hasRemote } from './mailFrame'

const plain = { message: 7, pictures: false, lang: 'de' }

describe('the frame of a mail', () => {
  it('allows nothing but styles and our own pictures', () => {
    const doc = dress('<p>Hi</p>', plain)
    expect(doc).toContain("default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'")
    expect(doc.indexOf('Content-Security-Policy')).toBeLessThan(doc.indexOf('<style'))
  })

  it('drops whatever could run, leave or pretend', () => {
    const doc = dress('<script>x()</script><p onclick="x()">a</p><a href="javascript:x()">b</a><form action="/x"><input></form><iframe></iframe><meta http-equiv="refresh" content="0"><base href="https://evil.example/">', plain)
    expect(doc).not.toMatch(/<script|onclick|javascript:|<form|<iframe|refresh|evil/)
  })

  it('loads no picture from elsewhere before it is asked for, and then only through the proxy', () => {
    const html = '<img src="https://shop.example/a.png"><img data-remote-src="https://shop.example/b.png"><img src="/api/v1/attachments/1/c.png">'
    expect(hasRemote(html)).toBe(true)
    const held = dress(html, plain)
    expect(held).not.toContain(' src="https://')
    expect(held).toContain('src="/api/v1/attachments/1/c.png"')
    const shown = dress(html, { ...plain, pictures: true })
    expect(shown.match(/src="\/api\/v1\/image-proxy\?url=https%3A%2F%2Fshop\.example%2F[ab]\.png&amp;message=7"/g)).toHaveLength(2)
  })

  it('leaves a gap where a picture did not come with the mail', () => {
    expect(dress('<p>Hi <img src="cid:gone@x" alt="Pole"></p>', plain)).toContain('<img alt="Pole">')
  })

  it('gives light ground to mails with colours of their own', () => {
    expect(hasOwnLook('<p>plain <b>words</b></p>')).toBe(false)
    expect(hasOwnLook('<td bgcolor="#eee">')).toBe(true)
    expect(hasOwnLook('<p style="background-color:#fff">')).toBe(true)
  })

  it('opens links in a tab that knows nothing of us', () => {
    expect(dress('<a href="https://x.example">x</a>', plain)).toContain('target="_blank" rel="noopener noreferrer"')
  })
})
