// Settings, Greetings: whoever may not change them reads them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { createApp } from 'vue'
import type { Inbox, Me, Permission } from '@api/schema'

const get = vi.hoisted(() => vi.fn())
vi.mock('@api/client', async (original) => ({ ...(await original<object>()), api: { get } }))
const { me } = await import('@/agents/useMe')
const { inboxes } = await import('@/directory')
const { use } = await import('@/i18n')
const { default: Greetings } = await import('./Greetings.vue')

const tents = { id: 1, inbox: 3, name: 'Tents', active: true, place: 1, texts: { en: 'Can I help?' }, face: null, every_days: 7, shown: 9, answered: 2, conditions: { pages: [], seconds: 30, cart: null, known: false, visits: 0, hours: 'always', languages: [] } }

/** What the person may press, besides the way back to the menu. */
async function offered(...permissions: Permission[]): Promise<string[]> {
  use('en', readFileSync(join(process.cwd(), 'locales/en.ftl'), 'utf8'))
  me.value = { id: 2, permissions } as unknown as Me
  inboxes.value = [{ id: 3, name: 'Chat', channel: 'chat', active: true } as Inbox]
  get.mockImplementation((path: string) => Promise.resolve({ data: path === '/channels' ? [{ name: 'chat', settings: [{ key: 'origins' }] }] : [tents] }))
  const root = document.createElement('div')
  const app = createApp(Greetings)
  app.mount(root)
  await vi.waitFor(() => expect(root.textContent).toContain('Can I help?'))
  const buttons = [...root.querySelectorAll('button')].map((button) => button.textContent!.trim()).filter((label) => label !== 'Settings')
  app.unmount()
  return buttons
}

it('shows the greetings to everybody, and ways to change them only to whom they are open', async () => {
  expect(await offered('tickets.read', 'tickets.write')).toEqual([])
  expect(await offered('tickets.read', 'inboxes.manage')).toEqual(expect.arrayContaining(['New greeting', 'Switch off', 'Edit', 'Delete']))
})
