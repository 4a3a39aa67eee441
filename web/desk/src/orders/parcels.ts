// How far a parcel has come, in four steps: packed, with the carrier, on its way, there.
import type { Shipment } from '@api/schema'

export const steps = 4
/** Steps that are behind it. */
export function passed(parcel: Shipment): number {
  if (parcel.delivered_at) return 4
  if (parcel.scans.length > 0) return 2
  return parcel.shipped_at ? 1 : 0
}
/** The end of a long number, by which people know it. */
export const ending = (number: string): string => (number.length > 10 ? `…${number.slice(-4)}` : number)
/** Its newest news; carriers tell them oldest first. */
export const lastScan = (parcel: Shipment) => parcel.scans[parcel.scans.length - 1]
