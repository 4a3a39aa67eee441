// From what is filled in to what is done: the platform says what it would do, and only that is confirmed.
import { computed, onBeforeUnmount, ref, shallowRef, watch, type Ref } from 'vue'
import { api, freshKey, Problem } from '@api/client'
import type { Action, ActionPreview, Id, OrderAction, OrderDetail } from '@api/schema'
import { words } from '@/live'

const pause = 350

export function useAction(action: Ref<Action | null>, detail: Ref<OrderDetail>, ticket: Id | undefined) {
  const preview = shallowRef<ActionPreview | null>(null)
  const asked = ref('')
  const asking = ref(false)
  const busy = ref(false)
  const problem = shallowRef<unknown>(null)
  /** Somebody else was quicker. */
  const overtaken = ref(false)
  const wanted = computed(() => (action.value ? JSON.stringify(action.value) : ''))
  /** The preview is of what stands in the fields now. */
  const current = computed(() => preview.value !== null && asked.value === wanted.value)
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0
  /** The same for every try of one confirmation. */
  let key = freshKey()

  async function ask(): Promise<void> {
    const mine = ++turn
    const wish = wanted.value
    if (!action.value) return void (asking.value = false)
    asking.value = true
    try {
      const got = await api.post<ActionPreview>(`/orders/${detail.value.id}/actions/preview`, { action: action.value, ticket })
      if (mine !== turn) return
      preview.value = got
      asked.value = wish
      problem.value = null
      key = freshKey()
    } catch (caught) {
      if (mine !== turn) return
      problem.value = caught
      preview.value = null
    } finally {
      if (mine === turn) asking.value = false
    }
  }
  watch(wanted, (_, before) => {
    clearTimeout(timer)
    turn++
    problem.value = null
    overtaken.value = false
    asking.value = action.value !== null
    timer = setTimeout(() => void ask(), before === undefined ? 0 : pause)
  }, { immediate: true })
  onBeforeUnmount(() => clearTimeout(timer))

  /** Null where it was not taken on; then `problem` says why. */
  async function confirm(): Promise<OrderAction | null> {
    if (!current.value || !preview.value || busy.value) return null
    busy.value = true
    problem.value = null
    try {
      // With its amounts as they were shown: nothing else goes out.
      return await api.post<OrderAction>(`/orders/${detail.value.id}/actions`, { action: preview.value.action, ticket, seen: preview.value.seen }, key)
    } catch (caught) {
      problem.value = caught
      overtaken.value = caught instanceof Problem && caught.status === 409
      return null
    } finally {
      busy.value = false
    }
  }
  /** After somebody else did something: what is shown is what is so now. */
  function again(): void {
    overtaken.value = false
    problem.value = null
    preview.value = null
    void ask()
  }
  const error = (field: string) => (problem.value instanceof Problem ? problem.value.why(field) : null)
  const sentence = computed(() => (problem.value ? words(problem.value) : null))
  return { preview, asking, busy, current, overtaken, sentence, error, confirm, again }
}
