// Asking for something to be done to an order, taking it back, and deciding what others asked for.
import { api } from '@api/client'
import type { DeskEvent, Id, OrderAction } from '@api/schema'
import { t } from '@/i18n'
import { live, words } from '@/live'
import { actorName } from '@/messages/eventText'
import { toast } from '@/toast'
import { aboutOrder } from './eventWords'
import { readDeeds } from './useBeside'

async function act(deed: Pick<OrderAction, 'order'>, what: () => Promise<unknown>, said: string): Promise<boolean> {
  try {
    await what()
    toast({ text: said })
    return true
  } catch (error) {
    toast({ text: words(error), bad: true })
    return false
  } finally {
    void readDeeds(deed.order).catch(() => {})
  }
}

export const takeBack = (deed: OrderAction) => act(deed, () => api.del(`/actions/${deed.id}`), t('said-taken-back'))
export const decide = (deed: OrderAction, approve: boolean, note: string) =>
  act(deed, () => api.put(`/actions/${deed.id}/decision`, { approve, note: note.trim() || null }), t(approve ? 'said-approved' : 'said-declined'))
/** Somebody looked at the platform: it was done, or it was not. */
export const settle = (deed: OrderAction, done: boolean) => act(deed, () => api.put(`/actions/${deed.id}/outcome`, { done }), t(done ? 'said-was-done' : 'said-was-not-done'))

/** What an event says of an action to whoever asked for it: words, and whether anything is to be heard after it. */
export function heard(event: DeskEvent, action: Id): { says: boolean; bad: boolean; ends: boolean } | null {
  if (event.data.action !== action || event.kind === 'action.requested') return null
  const decided = event.kind === 'action.decided'
  const failed = event.kind === 'action.refused' || event.kind === 'action.unsure'
  const goesOn = decided && event.data.approved === true
  return { says: decided || failed, bad: failed || (decided && !goesOn), ends: !goesOn }
}

/** Whoever asked hears how it ended, although they may be at another ticket by then. */
export function tellEnd(deed: OrderAction): void {
  const stop = live.listen((event) => {
    const what = heard(event, deed.id)
    if (what?.ends) stop()
    if (what?.says) toast({ text: aboutOrder(event, actorName(event), event.actor.kind) ?? '', bad: what.bad })
  })
}
