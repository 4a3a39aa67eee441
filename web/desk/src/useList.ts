// A page whose long list is read as one scrolls, beside the one thing that is open: by pages, with its states and keys.
import { computed, ref, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { Problem } from '@api/client'
import type { Id, Page } from '@api/schema'
import { useKeys } from '@/keys'

/** `ask` reads one page; `home` is where the list stands alone. */
export function useList<T extends { id: Id }>(ask: (after: string | null) => Promise<Page<T>>, home: string) {
  const route = useRoute()
  const router = useRouter()
  const rows = ref([]) as Ref<T[]>
  const next = ref<string | null>(null)
  const ready = ref(false)
  const busy = ref(false)
  const problem = ref<Problem | null>(null)
  const id = computed(() => (route.params.id ? Number(route.params.id) : null))
  let asked = 0

  async function load(after: string | null = null): Promise<void> {
    const turn = ++asked
    busy.value = true
    problem.value = null
    try {
      const page = await ask(after)
      if (turn !== asked) return
      rows.value = after ? [...rows.value, ...page.data] : page.data
      next.value = page.next
      ready.value = true
    } catch (error) {
      if (turn === asked && error instanceof Problem) problem.value = error
    } finally {
      if (turn === asked) busy.value = false
    }
  }
  function scrolled(e: Event): void {
    const el = e.target as HTMLElement
    if (next.value && !busy.value && el.scrollTop + el.clientHeight > el.scrollHeight - 600) void load(next.value)
  }
  const step = (by: number) => {
    const at = rows.value.findIndex((one) => one.id === id.value)
    const to = rows.value[at + by] ?? (at < 0 ? rows.value[0] : undefined)
    if (to) void router.push({ params: { id: to.id }, query: route.query })
  }
  useKeys({ next: () => step(1), previous: () => step(-1), back: () => router.push(home) })
  void load()
  return { rows, ready, busy, problem, id, load, scrolled }
}
