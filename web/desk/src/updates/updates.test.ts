import { describe, expect, it } from 'vitest'
import { called, toForm, toSettings, variables } from './updates'

describe('messages about orders', () => {
  it('are off until somebody switches them on, and stay as they were kept', () => {
    const form = toForm({})
    expect(Object.values(form.kinds).every((one) => !one.on)).toBe(true)
    expect(toSettings(form)).toEqual({
      platform_tells: false, quiet: null, most_a_day: null,
      kinds: Object.fromEntries(['confirmed', 'shipped', 'out_for_delivery', 'delivered', 'refunded', 'thanks', 'care'].map((kind) => [kind, { on: false, days: null, texts: {} }])),
    })
    const kept = { platform_tells: true, kinds: { thanks: { on: true, days: 5, texts: { de: { subject: 'S', text: 'T' } } } }, quiet: { from: '20:00', until: '09:00' }, most_a_day: 2 }
    const again = toSettings(toForm(kept))
    expect(again).toMatchObject(kept)
  })
  it('leave an emptied field to the server', () => {
    const form = toForm({ kinds: { thanks: { on: true, days: 5, texts: {} } }, most_a_day: 2 })
    form.kinds.thanks.days = ''
    form.most_a_day = ''
    expect(toSettings(form)).toMatchObject({ kinds: { thanks: { days: null } }, most_a_day: null })
  })
  it('call variables by a word of the catalogues', () => {
    expect(variables.map(called)).toContain('variable-order-eta')
  })
})
