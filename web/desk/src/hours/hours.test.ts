import { describe, expect, it } from 'vitest'
import { blank, clockIn, more, toForm, toPlan, withDays } from './hours'

describe('a schedule', () => {
  it('has midnight as an end where a field can show it', () => {
    const plan = { ...blank('Europe/Oslo'), days: [{ date: '2026-12-24', name: '', periods: [{ from: '00:00', until: '24:00' }] }] }
    expect(toForm(plan).days[0]!.periods).toEqual([{ from: '00:00', until: '00:00' }])
    expect(toPlan(toForm({ ...plan, zone: ' Europe/Oslo ' }))).toEqual(plan)
  })
  it('goes on after the last period of a day', () => {
    expect(more([])).toEqual({ from: '09:00', until: '17:00' })
    expect(more([{ from: '09:00', until: '12:30' }])).toEqual({ from: '13:00', until: '00:00' })
    expect(more([{ from: '22:00', until: '06:00' }])).toEqual({ from: '09:00', until: '17:00' })
  })
  it('takes days of a file beside its own', () => {
    const own = { date: '2026-12-24', name: 'Half a day', periods: [{ from: '09:00', until: '12:00' }] }
    const plan = withDays({ ...blank('UTC'), days: [own] }, [{ date: '2026-12-24', name: 'Christmas Eve' }, { date: '2026-12-18', name: 'Party' }])
    expect(plan.days).toEqual([{ date: '2026-12-18', name: 'Party', periods: [] }, own])
  })
  it('is read by its own clocks', () => {
    expect(clockIn('Europe/Oslo', '2026-03-30T07:00:00.000Z')).toContain('09:00')
  })
})
