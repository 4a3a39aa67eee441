// What can be done to the order in front of somebody, for the palette.
import { computed, onBeforeUnmount, shallowReactive, type ComputedRef } from 'vue'

export interface Offer {
  key: string
  label: string
  icon: string
  /** Why it cannot be had now. */
  why: string | null
  run: () => void
}
const stack = shallowReactive<ComputedRef<Offer[]>[]>([])
/** Those of the order that was opened last. */
export const offers = computed(() => stack[stack.length - 1]?.value ?? [])

export function useOffers(mine: ComputedRef<Offer[]>): void {
  stack.push(mine)
  onBeforeUnmount(() => {
    const at = stack.indexOf(mine)
    if (at >= 0) stack.splice(at, 1)
  })
}
