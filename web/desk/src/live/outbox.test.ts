import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Fake, me } from './fake'
import { createLive } from './live'
import { createOutbox } from './outbox'

const answer = (body: unknown, status = 200) => Promise.resolve(new Response(JSON.stringify(body), { status }))
let calls: { url: string; key: string | null }[]
let down: boolean
let refuse: boolean

beforeEach(() => {
  localStorage.clear()
  calls = []
  down = refuse = false
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    calls.push({ url, key: new Headers(init.headers).get('idempotency-key') })
    if (down) return Promise.reject(new TypeError('network'))
    return refuse ? answer({ title: 'Conflict', status: 409, detail: 'stale' }, 409) : answer({})
  })
})
afterEach(() => vi.unstubAllGlobals())

async function desk() {
  const world = new Fake()
  const id = world.open('Offline')
  const live = createLive(world, () => world.now)
  live.me.value = me
  await live.load(id)
  const failed = vi.fn()
  const outbox = createOutbox(live, failed)
  const solve = () =>
    outbox.act({
      method: 'POST', path: `/tickets/${id}/x`, label: 'act-change',
      pending: { event: { kind: 'ticket.changed', ticket: id, data: { changes: { status: { from: 'new', to: 'solved' } } } } },
    })
  return { id, live, outbox, failed, solve }
}

describe('the outbox', () => {
  it('keeps an action while the line is down and sends it later, with the same key', async () => {
    const { id, live, outbox, solve } = await desk()
    down = true
    expect(await solve()).toBeNull()
    expect(live.tickets.get(id)!.status).toBe('solved')
    expect(outbox.list.value).toHaveLength(1)
    down = false
    await outbox.flush()
    expect(outbox.list.value).toHaveLength(0)
    expect(calls).toHaveLength(2)
    expect(calls[0]!.key).toBe(calls[1]!.key)
  })

  it('lets a person drop what waits, and shows the truth again', async () => {
    const { id, live, outbox, solve } = await desk()
    down = true
    await solve()
    outbox.drop(outbox.list.value[0]!.key)
    expect(live.tickets.get(id)!.status).toBe('new')
    down = false
    await outbox.flush()
    expect(calls).toHaveLength(1)
  })

  it('keeps what waits over a reload, for the same person only', async () => {
    const { outbox, solve } = await desk()
    down = true
    await solve()
    const again = await desk()
    again.outbox.restore()
    expect(again.outbox.list.value.map((a) => a.key)).toEqual(outbox.list.value.map((a) => a.key))
    const other = await desk()
    other.live.me.value = 99
    other.outbox.restore()
    expect(other.outbox.list.value).toHaveLength(0)
  })

  it('takes back what the server refuses, and says so', async () => {
    const { id, live, failed, solve } = await desk()
    refuse = true
    await expect(solve()).rejects.toMatchObject({ status: 409 })
    expect(live.tickets.get(id)!.status).toBe('new')
    expect(failed).toHaveBeenCalledOnce()
  })
})
