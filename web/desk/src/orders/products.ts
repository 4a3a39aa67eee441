// What a store sells, as it can be picked: each kind of each product by itself.
import type { StoreProduct } from '@api/schema'
import { t } from '@/i18n'
import { money } from '@/time'

export interface Choice {
  product: string
  variant: string
  title: string
  about: string
  picture: string | null
  price: string
  soldOut: boolean
}

/** Of a currency that the order is not in, none can be had for it. */
export function asChoices(products: StoreProduct[], currency: string): Choice[] {
  return products.flatMap((product) =>
    product.variants
      .filter((variant) => !variant.currency || variant.currency === currency)
      .map((variant) => ({
        product: product.id,
        variant: variant.id,
        title: product.title,
        // A product without kinds calls its only one after itself, or `Default Title`.
        about: [product.variants.length > 1 ? variant.title : '', variant.sku ?? '', stock(variant.stock)].filter(Boolean).join(' · '),
        picture: variant.picture ?? product.picture,
        price: money(variant.price, currency),
        soldOut: variant.stock !== null && variant.stock <= 0,
      })),
  )
}

const stock = (pieces: number | null): string => (pieces === null ? '' : pieces <= 0 ? t('product-sold-out') : t('product-stock', { n: pieces }))
