// What every dialog does that sends something: once at a time, and what the server says against it beside its field.
import { computed, ref } from 'vue'
import { Problem } from '@api/client'
import { words } from '@/live'

export function useSubmit(act: () => Promise<unknown>, ready: () => unknown = () => true) {
  const busy = ref(false)
  const problem = ref<unknown>(null)
  const error = (field: string) => (problem.value instanceof Problem ? problem.value.why(field) : null)
  const sentence = computed(() => (problem.value ? words(problem.value) : null))
  /** What is said of no field of these. */
  const other = (...fields: string[]) => (fields.some(error) ? null : sentence.value)

  async function submit(): Promise<void> {
    if (busy.value || !ready()) return
    busy.value = true
    problem.value = null
    try {
      await act()
    } catch (caught) {
      problem.value = caught
    } finally {
      busy.value = false
    }
  }
  return { busy, error, sentence, other, submit }
}
