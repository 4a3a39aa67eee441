// The way of an answer: nobody is sent the wrong one because a line was down.
import { describe, expect, it, vi } from 'vitest'
import { createApp, nextTick, ref } from 'vue'
import type { Ticket } from '@api/schema'
import type { MenuItem } from '@ui/menu'

const get = vi.hoisted(() => vi.fn())
vi.mock('@api/client', () => ({ api: { get } }))
vi.mock('@/directory', () => ({ inbox: () => undefined, answering: { value: [{ id: 1, name: 'Mail', address: 'a@shop.example', active: true }, { id: 3, name: 'Chat', address: 'shop.example', active: true }] } }))
const { pickByNumber, useWays } = await import('./useWays')

const ticket = ref({ id: 7, inbox: 1 } as Ticket)
const settle = () => new Promise((later) => setTimeout(later))
const chat = { inbox: 3, name: 'Chat', channel: 'chat', usual: true, to: { name: 'Kim', value: 'visitor-1' }, cc: [], blocked: null, closes_at: null, here: true, greeting: null, abilities: { conversational: true } }
const mail = { ...chat, inbox: 1, name: 'Mail', channel: 'email', usual: false, to: { name: 'Kim', value: 'kim@post.example' }, here: null, abilities: { conversational: false } }

describe('the way of an answer', () => {
  it('is the usual one', async () => {
    get.mockResolvedValue({ data: [chat] })
    const { said, inboxId } = useWays(ticket, ref(9))
    await settle()
    expect([said.value, inboxId.value]).toEqual([3, 3])
  })
  it('is left to the server where it has not answered, until an agent picks one', async () => {
    get.mockRejectedValue(new Error('no line'))
    const { said, inboxId, choices } = useWays(ticket, ref(9))
    await settle()
    expect([said.value, inboxId.value]).toEqual([null, 1])
    choices.value[0]!.find((item) => item.label === 'Chat')!.act!()
    expect([said.value, inboxId.value]).toEqual([3, 3])
  })
  it('leaves out what is closed, and says which one it was', async () => {
    get.mockResolvedValue({ data: [mail, { ...chat, blocked: 'over' }] })
    const { said, closed, choices } = useWays(ticket, ref(9))
    await settle()
    expect([said.value, closed.value?.name]).toEqual([1, 'Chat'])
    expect(choices.value[0]!.map((item) => item.off)).toEqual([false, true])
    choices.value[0]![1]!.act!()
    expect(said.value, 'what is closed is not taken, whoever asks').toBe(1)
  })
  it('is none where all are closed', async () => {
    get.mockResolvedValue({ data: [{ ...chat, blocked: 'over' }, { ...mail, to: null, blocked: 'no_address' }] })
    const { way, closed, stuck } = useWays(ticket, ref(9))
    await settle()
    expect([way.value, closed.value?.name, stuck.value]).toEqual([undefined, 'Chat', true])
  })
  it('closes when its time is over', async () => {
    get.mockResolvedValue({ data: [{ ...chat, closes_at: new Date(Date.now() - 1000).toISOString() }, mail] })
    const { said, closed } = useWays(ticket, ref(9))
    await settle()
    expect([said.value, closed.value?.name]).toEqual([1, 'Chat'])
  })
  it('is chosen by its number while the list is open', async () => {
    const taken: string[] = []
    const item = (key: string, off = false): MenuItem => ({ key, label: key, off, act: () => taken.push(key) })
    const open = ref(false)
    const app = createApp({ setup: () => (pickByNumber(open, ref([[item('one'), item('two', true), item('three')]])), () => null) })
    app.mount(document.createElement('div'))
    const press = (key: string) => document.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }))
    press('1')
    open.value = true
    await nextTick()
    press('2')
    expect([taken.length, open.value]).toEqual([0, true])
    press('3')
    await nextTick()
    expect([taken, open.value]).toEqual([['three'], false])
    press('1')
    expect(taken).toEqual(['three'])
    app.unmount()
  })
})
