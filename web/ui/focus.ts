// Where the focus was before something opened, for when the button that opened it has gone meanwhile.
import { onBeforeUnmount, watch, type Ref } from 'vue'

export function useWayBack(open: Ref<boolean>): void {
  let before: Element | null = null
  const come = () => (before = document.activeElement)
  function go(): void {
    const back = before
    before = null
    if (!(back instanceof HTMLElement)) return
    // The popover gives the focus to its button by a timer, or goes later than its button; this looks after that.
    const look = () => document.activeElement === document.body && back.isConnected && back.focus()
    for (const later of [0, 60, 160, 320]) setTimeout(() => setTimeout(look), later)
  }
  if (open.value) come()
  watch(open, (is) => (is ? come() : go()), { flush: 'sync' })
  onBeforeUnmount(go)
}
