// Whose word counts on being written to.
import type { Consent } from '@api/schema'

const same = ['marketing', 'newsletter']
/** What the store says of marketing; null where it says nothing, or the desk knows better. */
export const storeSays = (consents: Pick<Consent, 'what'>[], marketing: boolean | null): boolean | null => (consents.some((one) => same.includes(one.what)) ? null : marketing)
