import { useRouter } from 'vue-router'
import { api } from '@api/client'
import type { Filter, View } from '@api/schema'
import { reread, views } from '@/directory'
import { t } from '@/i18n'
import { words } from '@/live'
import { toast } from '@/toast'
import { usePlace } from '@/tickets/place'

export function useViews() {
  const router = useRouter()
  const place = usePlace()

  async function save(view: View | null, name: string, filter: Filter, shared: boolean): Promise<View> {
    const saved = view
      ? await api.patch<View>(`/views/${view.id}`, { name, filter, shared })
      : await api.post<View>('/views', { name, filter, shared })
    views.value = [...views.value.filter((v) => v.id !== saved.id), saved].sort((a, b) => a.name.localeCompare(b.name))
    void reread('view', 'count')
    return saved
  }

  async function remove(view: View): Promise<void> {
    views.value = views.value.filter((v) => v.id !== view.id)
    if (place.view.value === `view-${view.id}`) void router.push('/inbox/open')
    try {
      await api.del(`/views/${view.id}`)
      toast({ text: t('view-deleted', { name: view.name }), undo: () => save(null, view.name, view.filter, view.shared).catch(() => {}) })
    } catch (error) {
      toast({ text: words(error), bad: true })
      void reread('view')
    }
  }
  return { save, remove }
}
