// What waits for a lead: actions above somebody's limits, and those whose end nobody knows.
import { computed, shallowRef } from 'vue'
import { api } from '@api/client'
import type { OrderAction, Page } from '@api/schema'
import { may, me } from '@/agents/useMe'
import { live } from '@/live'

export const waiting = shallowRef<OrderAction[]>([])
export const waitingKnown = shallowRef(false)
/** Nobody approves what they asked for themselves, so that waits for somebody else. */
export const waitingForMe = computed(() => waiting.value.filter((one) => one.state === 'unsure' || one.by.kind !== 'agent' || one.by.id !== me.value?.id))

export async function readWaiting(): Promise<void> {
  if (!may('actions.approve')) return
  const read = (state: string) => api.get<Page<OrderAction>>('/actions', { state, limit: 100 })
  const [unsure, above] = await Promise.all([read('unsure'), read('awaiting_approval')])
  waiting.value = [...unsure.data, ...above.data]
  waitingKnown.value = true
}

/** Keeps the list true while the desk is open. */
export function followWaiting(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const read = () => void readWaiting().catch(() => {})
  read()
  const stop = live.listen((event) => {
    if (!event.kind.startsWith('action.')) return
    clearTimeout(timer)
    timer = setTimeout(read, 250)
  })
  return () => {
    clearTimeout(timer)
    stop()
  }
}
