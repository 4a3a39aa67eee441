import { describe, expect, it } from 'vitest'
import { toForm, toRules } from './rules'

describe('the rules for parcels', () => {
  const kept = { zone: 'Europe/Oslo', pickup_days: 6, home_days: null, abroad_days: 5, late: true, exceptions: false, tell_shoppers: true, texts: { late: { en: { subject: 'Late', text: 'It is late.' } } } }
  it('are the same after they were filled in', () => {
    expect(toRules(toForm(kept))).toEqual(kept)
  })
  it('take an emptied field for nothing that holds', () => {
    const form = toForm(kept)
    form.pickup_days.days = ''
    expect(toRules(form).pickup_days).toBe(0)
    form.home_days.on = true
    expect(toRules(form).home_days).toBe(3)
  })
})
