// When "later" is. Mornings begin at nine, and a preset that has passed is not offered.
export interface Preset {
  key: 'hour' | 'evening' | 'tomorrow' | 'monday' | 'week'
  until: Date
}

export function snoozePresets(now: Date): Preset[] {
  const at = (days: number, hour: number) => {
    const d = new Date(now)
    d.setDate(d.getDate() + days)
    d.setHours(hour, 0, 0, 0)
    return d
  }
  const hour = new Date(now.getTime() + 3_600_000)
  const toMonday = (8 - now.getDay()) % 7 || 7
  const all: Preset[] = [
    { key: 'hour', until: hour },
    { key: 'evening', until: at(0, 17) },
    { key: 'tomorrow', until: at(1, 9) },
    { key: 'monday', until: at(toMonday, 9) },
    { key: 'week', until: at(7, 9) },
  ]
  return all.filter((p) => p.until.getTime() > now.getTime() + (p.key === 'evening' ? 3_600_000 : 0))
}
