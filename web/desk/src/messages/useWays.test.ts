// The way of an answer: nobody is sent the wrong one because a line was down.
import { describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import type { Ticket } from '@api/schema'

const get = vi.hoisted(() => vi.fn())
vi.mock('@api/client', () => ({ api: { get } }))
vi.mock('@/directory', () => ({ inbox: () => undefined, inboxes: { value: [{ id: 1, name: 'Mail', address: 'a@shop.example', active: true }, { id: 3, name: 'Chat', address: 'shop.example', active: true }] } }))
const { useWays } = await import('./useWays')

const ticket = ref({ id: 7, inbox: 1 } as Ticket)
const settle = () => new Promise((later) => setTimeout(later))
const chat = { inbox: 3, name: 'Chat', channel: 'chat', usual: true, to: { name: 'Kim', value: 'visitor-1' }, cc: [], abilities: { conversational: true } }

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
})
