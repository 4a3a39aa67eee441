import { describe, expect, it } from 'vitest'
import { brand, brandCss, contrast } from './colours'

const colours = ['#1f4d3a', '#000000', '#ffffff', '#ffff00', '#ff0000', '#00ff00', '#0000ff', '#777777', '#ffb6c1', '#123456', ...Array.from({ length: 60 }, (_, at) => `#${((at * 2654435) % 0xffffff).toString(16).padStart(6, '0')}`)]

describe('from one colour', () => {
  it.each(colours)('%s becomes a set in which everything can be read', (colour) => {
    for (const [theme, surface] of [['light', '#ffffff'], ['dark', '#171f22']] as const) {
      const made = brand(colour, theme)
      const pairs = [['on-panel', 'panel'], ['on-panel-2', 'panel'], ['on-brand', 'brand'], ['brand-text', 'soft']] as const
      for (const [text, ground] of pairs) expect(contrast(made[text], made[ground]), `${theme}: ${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
      expect(contrast(made['brand-text'], surface), `${theme}: text on the surface`).toBeGreaterThanOrEqual(4.5)
      expect(contrast(made.brand, surface), `${theme}: a button on the surface`).toBeGreaterThanOrEqual(3)
    }
  })
  it('a dark colour stays as it is', () => expect(brand('#1d4b39', 'light').brand).toBe('#1d4b39'))
  it('what is no colour is not let into the sheet', () => expect(brandCss('red;} body{display:none')).not.toContain('body'))
})
