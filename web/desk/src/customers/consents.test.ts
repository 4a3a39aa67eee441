import { describe, expect, it } from 'vitest'
import { storeSays } from './consents'

describe('what the store says of marketing', () => {
  it('counts until the desk was told itself, whatever it was told', () => {
    expect(storeSays([], true)).toBe(true)
    expect(storeSays([{ what: 'call recording' }], false)).toBe(false)
    expect(storeSays([{ what: 'newsletter' }], true)).toBeNull()
    expect(storeSays([], null)).toBeNull()
  })
})
