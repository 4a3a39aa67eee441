// What an action will do, said before it is done.
import type { Action, ActionPreview, OrderDetail } from '@api/schema'
import { t } from '@/i18n'
import { said } from '@/said'
import { money } from '@/time'

export interface Effect { icon: string; text: string }

/** By what money goes back; empty where nobody says. */
export function paidWith(action: Action, detail: OrderDetail): string {
  if (action.kind === 'store_credit' || (action.kind === 'refund' && action.to === 'store_credit')) return t('paid-store-credit')
  return [...new Set(detail.order.payments.filter((one) => !one.authorized).map((one) => one.label ?? one.gateway).filter(Boolean))].join(', ')
}

export function effects(preview: ActionPreview, detail: OrderDetail): Effect[] {
  const { action, amount, currency } = preview
  const all: (Effect | false)[] = [
    amount > 0 && { icon: 'refund', text: outgoing(action, money(amount, currency), paidWith(action, detail)) },
    preview.platform.charge > 0 && { icon: 'cart', text: t('fx-charge', { amount: money(preview.platform.charge, currency) }) },
    ...own(action, currency),
    (action.kind === 'cancel' || action.kind === 'refund') && { icon: 'box', text: t(restocked(action) ? 'fx-restock' : 'fx-no-restock') },
    'notify' in action && { icon: 'mail', text: t(action.notify ? 'fx-notify' : 'fx-quiet') },
    ...preview.platform.notes.map((note) => ({ icon: 'cart', text: said(note) })),
  ]
  return all.filter((one) => one !== false)
}

const restocked = (action: Action) => (action.kind === 'refund' || action.kind === 'cancel') && action.restock

function outgoing(action: Action, amount: string, by: string): string {
  if (action.kind === 'store_credit') return t('fx-credit', { amount })
  return by ? t('fx-back', { amount, method: by }) : t('fx-back-somehow', { amount })
}

/** What belongs to one kind only. */
function own(action: Action, currency: string): Effect[] {
  const one = (icon: string, text: string): Effect[] => [{ icon, text }]
  switch (action.kind) {
    case 'cancel':
      return one('ban', t('fx-cancel'))
    case 'discount':
      return one('percent', t('fx-discount', { off: action.percent ? t('percent', { n: action.percent }) : money(action.amount ?? 0, currency), n: action.days ?? 0 }))
    case 'replacement':
    case 'exchange':
    case 'return':
      return one('box', t(`fx-${action.kind}`, { n: action.lines.reduce((sum, line) => sum + line.quantity, 0) }))
    case 'change_address':
    case 'note':
    case 'tag':
    case 'resend_confirmation':
    case 'hold':
    case 'release':
      return one('check', t(`fx-${action.kind}`))
    default:
      return []
  }
}
