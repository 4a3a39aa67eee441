// What the warehouse writes down of a parcel that came back.
import type { ReturnDetail } from '@api/schema'

export const conditions = ['new', 'opened', 'used', 'damaged', 'wrong', 'missing'] as const
export type Condition = (typeof conditions)[number]

export interface Found {
  id: number
  received: number
  condition: Condition
  restock: boolean
  note: string
}

/** Everything is there and as new, until somebody says otherwise; what is kept is not looked for. */
export function expected(detail: Pick<ReturnDetail, 'lines'>): Found[] {
  return detail.lines.filter((line) => !line.offer.keep).map((line) => ({ id: line.id, received: line.quantity, condition: 'new', restock: true, note: '' }))
}

/** What has not come cannot go back on the shelf, nor what is broken. */
export function settled(found: Found): Found {
  const missing = found.received === 0
  const condition = missing ? 'missing' : found.condition === 'missing' ? 'new' : found.condition
  return { ...found, condition, restock: found.restock && (condition === 'new' || condition === 'opened') }
}

/** A return's number, in whatever way a scanner or a person enters it; null for what is none. */
export function scanned(text: string): string | null {
  const plain = text.trim().toUpperCase().replace(/[^A-Z0-9]/g, '')
  const rest = plain.startsWith('R') && plain.length === 8 ? plain.slice(1) : plain
  return /^[2-9A-HJ-NP-Z]{7}$/.test(rest) ? `R-${rest}` : null
}
