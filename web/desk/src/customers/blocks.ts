// What a block is called in a sentence.
import type { Block } from '@api/schema'
import { t } from '@/i18n'

export function blockedName(block: Pick<Block, 'what' | 'value'>): string {
  if (block.what === 'customer') return t('block-customer', { id: block.value })
  if (block.what === 'domain') return t('block-domain', { domain: block.value })
  return block.value
}
