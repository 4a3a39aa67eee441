// How far reading a store has come.
import type { StoreImport } from '@api/schema'

/** Of what is being read now, 0 to 1; null where the platform does not say how much there is. */
export function part(one: StoreImport): number | null {
  const read = one.reading === 'products' ? one.products : one.reading === 'customers' ? one.customers : one.orders
  return one.total && one.total > 0 ? Math.min(1, read / one.total) : null
}
/** A sweep that found nothing is no news, unless it failed. */
export const isShown = (one: StoreImport): boolean => one.kind === 'first' || one.state !== 'done' || one.orders + one.customers + one.products > 0
