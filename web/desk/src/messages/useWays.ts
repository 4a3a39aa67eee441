// How the shopper of a ticket can be answered: the usual way is where they last wrote, others can be chosen.
import { computed, onBeforeUnmount, ref, shallowRef, watch, type Ref } from 'vue'
import { api } from '@api/client'
import type { Data, Id, Ticket, Way } from '@api/schema'
import type { MenuItem } from '@ui/menu'
import { answering } from '@/directory'
import { now } from '@/time'
import { about } from './limits'

export function useWays(ticket: Ref<Ticket>, lastIn: Ref<Id | undefined>) {
  const ways = shallowRef<Way[]>([])
  const picked = ref<Id | null>(null)
  /** The message that the server has been asked about; it may not have answered. */
  const asked = ref<Id | 'nobody' | null>(null)
  async function read(): Promise<void> {
    const id = ticket.value.id
    const about = lastIn.value
    const got = await api.get<Data<Way>>(`/tickets/${id}/ways`).catch(() => null)
    // Without a line to the server everything stays possible, and the server decides.
    if (got && id === ticket.value.id) ways.value = got.data
    if (id === ticket.value.id && about === lastIn.value) asked.value = about ?? 'nobody'
  }
  watch(() => [ticket.value.id, lastIn.value], read, { immediate: true })

  const open = computed(() => ways.value.filter((one) => !one.blocked && (!one.closes_at || Date.parse(one.closes_at) > now.value)))
  const usual = computed(() => open.value.find((one) => one.usual) ?? open.value[0])
  const way = computed(() => open.value.find((one) => one.inbox === picked.value) ?? usual.value)
  /** The one that would be usual, where it cannot be taken now. */
  const closed = computed(() => ways.value.find((one) => one.usual && !open.value.includes(one)) ?? (stuck.value ? ways.value[0] : undefined))
  /** There are ways, and none of them can be taken. */
  const stuck = computed(() => ways.value.length > 0 && open.value.length === 0)
  /** What the server is told: nothing where nobody knows, and then it takes the usual way. */
  const said = computed(() => way.value?.inbox ?? picked.value)
  const inboxId = computed(() => said.value ?? ticket.value.inbox)
  const choose = (id: Id) => () => void (picked.value = id)
  const cap = (i: number) => (i < 9 ? [String(i + 1)] : undefined)
  const choices = computed<MenuItem[][]>(() => [
    ways.value.length > 0
      ? ways.value.map((one, i) => ({ key: String(one.inbox), label: one.name, hint: about(one, now.value), icon: one.abilities.conversational ? 'chat' : 'mail', checked: one.inbox === inboxId.value, off: !open.value.includes(one), caps: cap(i), act: choose(one.inbox) }))
      : answering.value.map((one, i) => ({ key: String(one.id), label: one.name, hint: one.address, icon: 'mail', checked: one.id === inboxId.value, caps: cap(i), act: choose(one.id) })),
  ])
  /** What was said so far goes along: from a conversation to a letter. */
  const goesAlong = computed(() => ways.value.find((one) => one.usual)?.abilities.conversational === true && way.value?.abilities.conversational === false)
  const known = computed(() => asked.value === (lastIn.value ?? 'nobody'))
  return { way, closed, stuck, said, inboxId, choices, goesAlong, known }
}

/** Whom a way leads to, in words that people know. */
export const told = (way: Way) => (way.abilities.conversational ? way.to?.name : way.to?.value) ?? ''

/** While the choice of ways is open, 1 to 9 take one. */
export function pickByNumber(open: Ref<boolean>, choices: Ref<MenuItem[][]>): void {
  const hear = (e: KeyboardEvent) => {
    const item = /^[1-9]$/.test(e.key) ? choices.value.flat()[Number(e.key) - 1] : undefined
    if (!item || e.metaKey || e.ctrlKey || e.altKey) return
    e.preventDefault()
    e.stopPropagation()
    if (item.off) return
    item.act?.()
    open.value = false
  }
  const stop = () => document.removeEventListener('keydown', hear, true)
  watch(open, (is) => (is ? document.addEventListener('keydown', hear, true) : stop()))
  onBeforeUnmount(stop)
}
