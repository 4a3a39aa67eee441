// A message whose sender nothing proves says so, in words, with the reason.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createApp } from 'vue'
import type { Ticket } from '@api/schema'
import { use, type Language } from '@/i18n'
import { Fake } from '@/live/fake'
import MessageItem from './MessageItem.vue'

function shown(language: Language, unproven: boolean): HTMLElement {
  use(language, readFileSync(join(process.cwd(), 'locales', `${language}.ftl`), 'utf8'))
  const world = new Fake()
  const id = world.open('Pole')
  world.say(id, 'in', 'Send it to my new address')
  const message = { ...world.messages.get(id)!.at(-1)!, unproven }
  const root = document.createElement('div')
  createApp(MessageItem, { message, ticket: { id } as Ticket, open: true, picking: false, picked: false }).mount(root)
  return root
}

it.each<[Language, string, string]>([
  ['en', 'Address not proven', 'The address was typed into a form. Anybody may have written this.'],
  ['de', 'Adresse nicht bestätigt', 'Die Adresse wurde in ein Formular getippt. Das kann jeder geschrieben haben.'],
])('a message that anybody may have sent says so: %s', async (language, mark, why) => {
  const root = shown(language, true)
  const pill = [...root.querySelectorAll('.ev-head .pill')].find((one) => one.textContent === mark)
  expect(pill?.getAttribute('title')).toBe(why)
  root.querySelector<HTMLElement>('.ev-more')!.click()
  await Promise.resolve()
  expect(root.querySelector('.facts-list')!.textContent).toContain(why)
  expect(shown(language, false).textContent).not.toContain(mark)
})
