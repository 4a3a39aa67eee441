import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { use, type Language } from '@/i18n'
import { asStored, personName } from './names'

const speak = (name: Language) => use(name, readFileSync(join(process.cwd(), 'locales', `${name}.ftl`), 'utf8'))

describe('who has no name', () => {
  beforeEach(() => speak('en'))
  it('is called by the beginning of their identity, in the language of the desk', () => {
    expect(personName('visitor-615421f0a9b3c4d5')).toBe('Visitor 6154')
    speak('de')
    expect(personName('visitor-a3f021f0a9b3c4d5')).toBe('Besucher A3F0')
    expect([personName('Jo Brandt'), personName('visitor-1'), personName(''), personName(null)]).toEqual(['Jo Brandt', 'visitor-1', 'Unbekannte Person', 'Unbekannte Person'])
  })
  it('is found by what is shown', () => {
    expect([asStored(' visitor 6154'), asStored('Visitor'), asStored('Visitor Centre'), asStored('Jo ')]).toEqual(['visitor-6154', 'visitor-', 'Visitor Centre', 'Jo'])
    speak('de')
    expect([asStored('Besucher A3f'), asStored('visitor 6154')]).toEqual(['visitor-a3f', 'visitor 6154'])
  })
})
