// Arrow keys over a list whose focus stays in its input (the ARIA combobox pattern).
import { computed, ref, watch, type Ref } from 'vue'

export function useListbox(size: Ref<number>, choose: (index: number) => void, name: string) {
  const at = ref(0)
  watch(size, (n) => (at.value = Math.min(at.value, Math.max(0, n - 1))))
  const optionId = (index: number) => `${name}-${index}`
  const activeId = computed(() => (size.value > 0 ? optionId(at.value) : undefined))

  function move(by: number): void {
    if (size.value === 0) return
    at.value = (at.value + by + size.value) % size.value
    requestAnimationFrame(() => document.getElementById(optionId(at.value))?.scrollIntoView({ block: 'nearest' }))
  }
  function onKeydown(e: KeyboardEvent): void {
    if (e.isComposing) return
    if (e.key === 'ArrowDown') move(1)
    else if (e.key === 'ArrowUp') move(-1)
    else if (e.key === 'Home' && e.ctrlKey) at.value = 0
    else if (e.key === 'End' && e.ctrlKey) at.value = size.value - 1
    else if (e.key === 'Enter' && !e.ctrlKey && !e.metaKey && size.value > 0) choose(at.value)
    else return
    e.preventDefault()
  }
  return { at, activeId, optionId, onKeydown, move }
}
