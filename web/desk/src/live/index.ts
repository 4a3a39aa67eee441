// The one desk of this page: store, live line and outbox, wired together.
import { api, Problem } from '@api/client'
import type { Data, DeskEvent, Filter, Id, Message, Page, Ticket } from '@api/schema'
import { t } from '@/i18n'
import { said } from '@/said'
import { toast } from '@/toast'
import { createLive, type Source } from './live'
import { createOutbox } from './outbox'
import { createSocket } from './socket'

const mostMessages = 2000

const source: Source = {
  ticket: (id: Id) => api.get<Ticket>(`/tickets/${id}`),
  list: (filter: Filter, after) => api.get<Page<Ticket>>('/tickets', { ...filter, limit: 50, after }),
  async thread(id: Id) {
    const [messages, events] = await Promise.all([allMessages(id), api.get<Data<DeskEvent>>(`/tickets/${id}/events`)])
    return { messages, events: events.data }
  },
}

async function allMessages(id: Id): Promise<Message[]> {
  const messages: Message[] = []
  let after: string | null = null
  do {
    const page: Page<Message> = await api.get<Page<Message>>(`/tickets/${id}/messages`, { limit: 100, after })
    messages.push(...page.data)
    after = page.next
  } while (after && messages.length < mostMessages)
  return messages
}

export const live = createLive(source)
export const socket = createSocket(live)

/** What went wrong, in the words of the desk when the server has none. */
export function words(problem: unknown): string {
  if (!(problem instanceof Problem)) return t('problem-unknown')
  if (problem.status === 0) return t('problem-offline')
  if (problem.status === 409) return Problem.say(problem.detail) || t('problem-conflict')
  if (problem.status === 429) return t('problem-slow-down', { n: problem.retryAfter ?? 60 })
  const fields = problem.errors.map((e) => `${e.field}: ${Problem.say(e.why)}`).join(', ')
  return fields || Problem.say(problem.detail) || problem.title || t('problem-unknown')
}
Problem.say = said

export const outbox = createOutbox(live, (problem, action) => {
  toast({ text: t('action-failed', { action: t(action.label, action.args ?? {}), why: words(problem) }), bad: true })
  const ticket = action.pending?.event.ticket
  if (ticket) void live.load(ticket).catch(() => {})
})
socket.onOpen(() => void outbox.flush())

let ticking = false
export function startLive(): void {
  socket.start()
  outbox.restore()
  if (ticking) return
  ticking = true
  setInterval(() => {
    live.tick()
    if (outbox.waiting.size > 0) void outbox.flush()
  }, 15_000)
}
