// Where a list stands that belongs to a place in the text.
import { direction } from '@/i18n'

/** Above the cursor, beginning where the text does, and never past the far edge of the window. */
export function above(r: DOMRect, width: number): Record<string, string> {
  const start = direction.value === 'rtl' ? window.innerWidth - r.right : r.left
  return { insetInlineStart: `${Math.max(8, Math.min(start, window.innerWidth - width))}px`, insetBlockEnd: `${window.innerHeight - r.top + 6}px` }
}
