// A form over something stored: what differs, saving, and what the server says about a field.
import { computed, ref, watch, type Ref } from 'vue'
import { Problem } from '@api/client'
import { t } from '@/i18n'
import { words } from '@/live'
import { toast } from '@/toast'

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

export function useForm<T extends object>(stored: Ref<T>, keep: (changed: Partial<T>) => Promise<unknown>) {
  const form = ref<T>(copy(stored.value)) as Ref<T>
  const busy = ref(false)
  const problem = ref<unknown>(null)
  const same = (a: unknown, b: unknown) => JSON.stringify(a ?? '') === JSON.stringify(b ?? '')
  const changed = computed(() => {
    const keys = Object.keys(form.value) as (keyof T)[]
    return Object.fromEntries(keys.filter((k) => !same(form.value[k], stored.value[k])).map((k) => [k, form.value[k]])) as Partial<T>
  })
  const changes = computed(() => Object.keys(changed.value).length)
  // What is stored may change below a form; what was typed into it stays.
  watch(stored, (now, before) => {
    const untouched = Object.keys(before).every((k) => same(form.value[k as keyof T], before[k as keyof T]))
    if (busy.value || untouched) form.value = copy(now)
  })

  async function save(): Promise<boolean> {
    busy.value = true
    problem.value = null
    try {
      await keep(changed.value)
      form.value = copy(stored.value)
      toast({ text: t('said-saved') })
      return true
    } catch (caught) {
      problem.value = caught
      return false
    } finally {
      busy.value = false
    }
  }
  function discard(): void {
    form.value = copy(stored.value)
    problem.value = null
  }
  const error = (field: string) => (problem.value instanceof Problem ? problem.value.why(field) : null)
  const sentence = computed(() => (problem.value ? words(problem.value) : null))
  return { form, changes, busy, save, discard, error, sentence }
}
