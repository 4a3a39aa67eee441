// Pages of a person's journey, and the newest again when something happens.
import { onBeforeUnmount, ref, watch, type Ref } from 'vue'
import { api } from '@api/client'
import type { Id, JourneyStep, Page } from '@api/schema'
import { live } from '@/live'
import { concerns } from './usePeople'

export const kinds = ['message', 'note', 'ticket', 'order', 'visit', 'pages', 'event'] as const
export type Kind = (typeof kinds)[number]

export function useJourney(id: Ref<Id>, chosen: Ref<Set<Kind>>) {
  const steps = ref<JourneyStep[]>([])
  const next = ref<string | null>(null)
  const ready = ref(false)
  const busy = ref(false)
  const problem = ref<unknown>(null)
  let turn = 0

  async function read(after: string | null): Promise<void> {
    const mine = ++turn
    busy.value = true
    problem.value = null
    try {
      const page = await api.get<Page<JourneyStep>>(`/customers/${id.value}/journey`, { kinds: [...chosen.value].join(','), limit: 50, after })
      if (mine !== turn) return
      steps.value = after ? [...steps.value, ...page.data] : page.data
      next.value = page.next
      ready.value = true
    } catch (error) {
      if (mine === turn) problem.value = error
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  const load = () => read(null)
  const more = () => read(next.value)
  watch([id, chosen], ([now], [before]) => {
    if (now !== before) ready.value = false
    void load()
  })
  void load()
  const tickets = () => new Set(steps.value.map((s) => s.ticket))
  const stop = live.listen((event) => {
    if (event.customer === id.value || concerns(event, id.value) || (event.ticket !== null && tickets().has(event.ticket) && /^(message|note)\./.test(event.kind))) void load()
  })
  onBeforeUnmount(stop)
  return { steps, next, ready, busy, problem, load, more }
}
