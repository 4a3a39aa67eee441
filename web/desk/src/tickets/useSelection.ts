// Which rows are ticked. One selection per page, kept by id so that it survives reloads of the list.
import { computed, shallowRef } from 'vue'
import type { Id } from '@api/schema'

const ids = shallowRef<Set<Id>>(new Set())
const anchor = shallowRef<Id | null>(null)

export function useSelection() {
  const set = (next: Iterable<Id>) => (ids.value = new Set(next))
  return {
    ids,
    size: computed(() => ids.value.size),
    has: (id: Id) => ids.value.has(id),
    clear: () => {
      set([])
      anchor.value = null
    },
    set,
    toggle(id: Id) {
      const next = new Set(ids.value)
      if (!next.delete(id)) next.add(id)
      anchor.value = id
      ids.value = next
    },
    /** Ticks everything between the last ticked row and this one. */
    extend(to: Id, order: Id[]) {
      const from = order.indexOf(anchor.value ?? to)
      const end = order.indexOf(to)
      if (from < 0 || end < 0) return set([to])
      const [a, b] = from < end ? [from, end] : [end, from]
      set([...ids.value, ...order.slice(a, b + 1)])
    },
  }
}
