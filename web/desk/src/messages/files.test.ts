import { describe, expect, it } from 'vitest'
import { Fake } from '@/live/fake'
import { below } from './files'

const file = (id: number, name: string, content_type: string, inline: boolean) =>
  ({ id, name, content_type, size: 9, inline, url: `/api/v1/attachments/${id}/${name}` })

function names(html: string | null, quoted_html: string | null): string[] {
  const world = new Fake()
  const id = world.open('Pole')
  world.say(id, 'in', 'See below')
  const attachments = [
    file(1, 'pole.png', 'image/png', true), file(11, 'pole.png', 'image/png', true),
    file(2, 'bill.pdf', 'application/pdf', true), file(3, 'logo.svg', 'image/svg+xml', true), file(4, 'note.txt', 'text/plain', false),
  ]
  return below({ ...world.messages.get(id)![0]!, html, quoted_html, attachments }).map((a) => `${a.id} ${a.name}`)
}

describe('the files of a message', () => {
  const all = ['1 pole.png', '11 pole.png', '2 bill.pdf', '3 logo.svg', '4 note.txt']

  it('stand below it, whatever they claim, unless the text itself shows them', () => {
    expect(names(null, null)).toEqual(all)
    expect(names('<p>See /api/v1/attachments/1/pole.png</p>', null)).toEqual(all)
    expect(names('<p>See <img src="/api/v1/attachments/1/pole.png"></p>', null)).toEqual(all.slice(1))
    expect(names('<p>See</p>', '<img alt="" src="/api/v1/attachments/11/pole.png">')).toEqual(all.filter((name) => !name.startsWith('11')))
  })

  it('stand below it where the text names something that is no picture', () => {
    expect(names('<img src="/api/v1/attachments/2/bill.pdf"><img src="/api/v1/attachments/3/logo.svg">', null)).toEqual(all)
  })
})
