// What a line of a return says: what goes out instead of it, and how it was decided.
import { api } from '@api/client'
import type { OrderDetail, Page, ReturnDetail, StoreProduct } from '@api/schema'
import { t } from '@/i18n'

type Line = ReturnDetail['lines'][number]
export interface Goes {
  quantity: number
  title: string
  variant: string
  sku: string
}

/** What goes out instead. A product that the shop no longer tells of is called by its number there. */
export function goes(line: Pick<Line, 'wished' | 'line' | 'title'>, order: OrderDetail['order'] | null, products: StoreProduct[]): Goes | null {
  const { wished } = line
  if (!wished) return null
  const bought = order?.lines.find((one) => one.id === line.line)
  const product = products.find((one) => one.id === wished.product)
  const variant = product?.variants.find((one) => one.id === wished.variant)
  const same = bought?.product === wished.product
  const again = same && bought.variant === wished.variant ? bought : null
  return {
    quantity: wished.quantity,
    title: product?.title ?? (same ? line.title : t('return-goes-number', { n: wished.product })),
    variant: (product && product.variants.length === 1 ? '' : variant?.title) ?? again?.variant_title ?? t('return-goes-kind', { n: wished.variant }),
    sku: variant?.sku ?? again?.sku ?? '',
  }
}

/** As many pages of products are looked through for one that was never in the order. */
const pages = 5

/** What is known of the order and of the products that go out. The shop finds products by name: the one that comes back lends its own. */
export async function readGoing(detail: Pick<ReturnDetail, 'order' | 'lines'>): Promise<{ order: OrderDetail['order'] | null; products: StoreProduct[] }> {
  const wanted = new Set(detail.lines.flatMap((line) => (line.wished ? [line.wished.product] : [])))
  if (wanted.size === 0) return { order: null, products: [] }
  const { store, order } = await api.get<OrderDetail>(`/orders/${detail.order}`)
  const products: StoreProduct[] = []
  const read = async (query: { q?: string; after?: string }) => {
    const page = await api.get<Page<StoreProduct>>(`/stores/${store}/products`, { ...query, limit: 200 })
    for (const product of page.data) if (wanted.delete(product.id)) products.push(product)
    return page.next
  }
  const same = detail.lines.filter((line) => line.wished && order.lines.find((one) => one.id === line.line)?.product === line.wished.product)
  for (const q of new Set(same.map((line) => line.title))) if (wanted.size > 0) await read({ q })
  let after: string | null = null
  for (let n = 0; wanted.size > 0 && n < pages && (n === 0 || after); n++) after = await read(after ? { after } : {})
  return { order, products }
}

/** Why it was decided so: each reason once, and each rule with all that it settled. */
export function because(offer: Pick<Line['offer'], 'because'>): string[] {
  const rules = new Map<string, string[]>()
  for (const { rule, kind } of offer.because) if (rule) rules.set(rule, [...new Set([...(rules.get(rule) ?? []), t(`return-kind-${kind}`)])])
  const said = offer.because.map(({ rule, why }) => (rule ? t('return-because-rule', { rule, kind: rules.get(rule)!.join(', ') }) : t(`return-why-${why}`)))
  return [...new Set(said)]
}

/** Their own words, where they say more than the reason they chose. */
export const more = (reason: string, comment: string | null): string | null => {
  const plain = (text: string) => text.trim().toLowerCase().replace(/[.!…]+$/, '')
  return comment?.trim() && plain(comment) !== plain(reason) ? comment : null
}
