// Limits as they are filled in, and as the server keeps them.
import type { ActionKind, Limit } from '@api/schema'
import { parse, plain } from './money'

export interface Row { role: string; kind: ActionKind; currency: string; once: string; day: string }
/** Those who have limits; owners have none, viewers do nothing. */
export const limited = ['agent', 'lead', 'admin', 'rule', 'bot', 'shopper'] as const
/** Those that give something away. */
export const costly: ActionKind[] = ['refund', 'cancel', 'store_credit', 'discount', 'replacement']

export const toRow = ({ role, kind, currency, once, day }: Limit): Row => ({ role, kind, currency, once: once === null ? '' : plain(once, currency), day: day === null ? '' : plain(day, currency) })
/** Empty is as much as they like. */
const amount = (text: string, currency: string): number | null => (text.trim() ? parse(text, currency) : null)
export const isOdd = (text: string, currency: string): boolean => text.trim() !== '' && parse(text, currency) === null
export const toLimit = ({ role, kind, currency, once, day }: Row): Limit => ({ role, kind, currency, once: amount(once, currency), day: amount(day, currency) })
/** The same role, kind and currency twice. */
export const twice = (rows: Row[], at: number): boolean => rows.some((one, i) => i !== at && one.role === rows[at]!.role && one.kind === rows[at]!.kind && one.currency.trim().toUpperCase() === rows[at]!.currency.trim().toUpperCase())
