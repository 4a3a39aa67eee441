// How the shopper of a ticket can be answered: the usual way is where they last wrote, others can be chosen.
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { api } from '@api/client'
import type { Data, Id, Ticket, Way } from '@api/schema'
import type { MenuItem } from '@ui/menu'
import { inbox, inboxes } from '@/directory'

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

  const usual = computed(() => ways.value.find((way) => way.usual) ?? ways.value[0])
  const way = computed(() => ways.value.find((one) => one.inbox === picked.value) ?? usual.value)
  /** What the server is told: nothing where nobody knows, and then it takes the usual way. */
  const said = computed(() => way.value?.inbox ?? picked.value)
  const inboxId = computed(() => said.value ?? ticket.value.inbox)
  const choose = (id: Id) => () => void (picked.value = id)
  const choices = computed<MenuItem[][]>(() => [
    ways.value.length > 0
      ? ways.value.map((one) => ({ key: String(one.inbox), label: one.name, hint: told(one) || inbox(one.inbox)?.address, icon: one.abilities.conversational ? 'chat' : 'mail', checked: one.inbox === inboxId.value, act: choose(one.inbox) }))
      : inboxes.value.filter((i) => i.active).map((i) => ({ key: String(i.id), label: i.name, hint: i.address, icon: 'mail', checked: i.id === inboxId.value, act: choose(i.id) })),
  ])
  /** What was said so far goes along: from a conversation to a letter. */
  const goesAlong = computed(() => usual.value?.abilities.conversational === true && way.value?.abilities.conversational === false)
  const known = computed(() => asked.value === (lastIn.value ?? 'nobody'))
  return { way, said, inboxId, choices, goesAlong, known }
}

/** Whom a way leads to, in words that people know. */
export const told = (way: Way) => (way.abilities.conversational ? (way.to.name ?? '') : way.to.value)
