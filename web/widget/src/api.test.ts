// Asking the server, which may not answer, or not to the end.
import { expect, it, vi } from 'vitest'
import { Api, type Refusal } from './api'

it('an answer that stalls in the middle is given up, and may be asked for again', async () => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', async (_: string, { signal }: RequestInit) => new Response(new ReadableStream({
    start: (body) => {
      body.enqueue(new TextEncoder().encode('{"place":'))
      signal!.addEventListener('abort', () => body.error(new Error('given up')))
    },
  })))
  const refused = vi.fn((caught: Refusal) => [caught.status, caught.passes])
  void new Api('https://desk.example/', '3', () => 't').ask('POST', 'messages', {}).catch(refused)
  await vi.advanceTimersByTimeAsync(21_000)
  expect(refused).toHaveReturnedWith([0, true])
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
