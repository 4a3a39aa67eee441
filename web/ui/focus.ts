// Where the focus goes when something that floats has closed: back to where it was before, and never away from where
// somebody has gone meanwhile. (The library's own way back comes by a timer and takes the cursor out of a text.)
import { onBeforeUnmount, watch, type Ref } from 'vue'

/** For `close-auto-focus` of what floats. */
export function useWayBack(open: Ref<boolean>): (closing: Event) => void {
  let before: Element | null = null
  const come = () => (before = document.activeElement)
  const look = () => document.activeElement === document.body && before instanceof HTMLElement && before.isConnected && before.focus()
  // What floats may go later than its button, or its button with it; this looks after that.
  const go = () => [0, 60, 160, 320].forEach((later) => setTimeout(() => setTimeout(look), later))
  if (open.value) come()
  watch(open, (is) => (is ? come() : go()), { flush: 'sync' })
  onBeforeUnmount(go)
  return (closing) => {
    closing.preventDefault()
    setTimeout(look)
  }
}
