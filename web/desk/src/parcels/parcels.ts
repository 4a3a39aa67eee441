// Parcels with which something is wrong.
import type { Parcel, Time } from '@api/schema'
import { t } from '@/i18n'

export const reasons = ['not_handed_over', 'no_news', 'late', 'exception'] as const
export type Reason = (typeof reasons)[number]
/** What is wrong, as a title. */
export function reasonTitle(reason: Reason): string {
  const words = t(`parcel-trouble-${reason}`)
  return words.charAt(0).toLocaleUpperCase() + words.slice(1)
}
type Trouble = Parcel['troubles'][number]

/** What is wrong now, the newest first. */
export const open = (parcel: Pick<Parcel, 'troubles'>): Trouble[] => parcel.troubles.filter((one) => one.ended_at === null && one.dismissed_at === null)
/** Since when the first of it is. */
export const since = (parcel: Pick<Parcel, 'troubles'>): Time | null => open(parcel).reduce<Time | null>((first, one) => (first === null || one.found_at < first ? one.found_at : first), null)
/** The ticket in which one goes on: that in which the shopper was told, or wrote. */
export const ticketOf = (parcel: Pick<Parcel, 'troubles'>): number | null => [...open(parcel), ...parcel.troubles].find((one) => one.ticket !== null)?.ticket ?? null
