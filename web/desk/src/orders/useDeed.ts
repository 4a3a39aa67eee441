// Asking for something to be done to an order, taking it back, and deciding what others asked for.
import { api } from '@api/client'
import type { OrderAction } from '@api/schema'
import { t } from '@/i18n'
import { words } from '@/live'
import { toast } from '@/toast'
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
