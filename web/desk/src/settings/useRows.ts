// A short list from the server, with its states.
import { ref, type Ref } from 'vue'
import { api } from '@api/client'
import type { Data } from '@api/schema'
import { live, words } from '@/live'
import { toast } from '@/toast'
import { onBeforeUnmount } from 'vue'

export function useRows<T>(path: string, query: Record<string, string> = {}, events?: RegExp) {
  const rows = ref([]) as Ref<T[]>
  const ready = ref(false)
  const problem = ref<unknown>(null)

  async function load(): Promise<void> {
    problem.value = null
    try {
      const got = await api.get<Data<T> | T[]>(path, query)
      rows.value = Array.isArray(got) ? got : got.data
      ready.value = true
    } catch (error) {
      problem.value = error
    }
  }
  /** Does something to the list and reads it again. */
  async function act(what: () => Promise<unknown>, said?: string): Promise<boolean> {
    try {
      await what()
      if (said) toast({ text: said })
      await load()
      return true
    } catch (error) {
      toast({ text: words(error), bad: true })
      return false
    }
  }
  void load()
  if (events) onBeforeUnmount(live.listen((e) => events.test(e.kind) && void load()))
  return { rows, ready, problem, load, act }
}
