// WCAG 2.2 contrast of the tokens that meet on screen, computed from tokens.css itself: a new colour is tested by
// being written there, a new pair by being listed here.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

type Colours = Map<string, string>
type Rgb = [number, number, number]

const css = readFileSync(join(process.cwd(), '..', 'ui', 'tokens.css'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')

/** The declarations of the first block that begins with these words. */
function block(start: string): Colours {
  const from = css.indexOf(start)
  expect(from, start).toBeGreaterThanOrEqual(0)
  const open = css.indexOf('{', from + start.length - 1)
  const body = css.slice(open + 1, css.indexOf('}', open))
  return new Map([...body.matchAll(/(--[\w-]+)\s*:\s*([^;]+);/g)].map(([, name, value]) => [name!, value!.trim()]))
}
const light = block(':root {')
const dark = block('[data-theme="dark"] {')
const themes: [string, Colours][] = [['light', light], ['dark', new Map([...light, ...dark])]]

function colour(value: string, of: Colours): Rgb {
  const text = value.trim()
  const name = /^(?:var\()?(--[\w-]+)\)?$/.exec(text)?.[1]
  if (name) {
    const found = of.get(name)
    if (!found) throw new Error(`${name} is not in tokens.css`)
    return colour(found, of)
  }
  const hex = /^#([\da-f]{6})$/i.exec(text)?.[1]
  if (hex) return [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as Rgb
  // "12% --signal on --note": one colour laid thinly over another, as color-mix and opacity do.
  const [, part, above, below] = /^(\d+)% (\S+) on (\S+)$/.exec(text) ?? []
  if (!part) throw new Error(`${value} is no colour`)
  const [a, b] = [colour(above!, of), colour(below!, of)]
  return a.map((c, i) => (c * Number(part) + b[i]! * (100 - Number(part))) / 100) as Rgb
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(ink: string, ground: string, of: Colours): number {
  const [a, b] = [luminance(colour(ink, of)), luminance(colour(ground, of))]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

const flat = ['--bg-app', '--bg-pane', '--bg-surface', '--bg-raised', '--bg-sunken']
const rows = ['--bg-pane', '--bg-surface', '--bg-hover', '--bg-selected']
const everywhere = [...flat, '--bg-hover', '--bg-selected']
const channels = ['email', 'chat', 'instagram', 'messenger', 'whatsapp', 'phone', 'sms', 'review', 'market', 'form', 'telegram']
const states = ['open', 'waiting', 'snoozed', 'solved', 'closed', 'spam']

/** Letters: 4.5:1 (1.4.3). */
const letters: [ink: string, grounds: string[]][] = [
  ...['--text', '--text-2', '--text-3'].map((ink): [string, string[]] => [ink, everywhere]),
  ['--text', ['--bg-active', '--accent-soft', '--note']],
  ['--text-2', ['--bg-active', '--accent-soft', '7% --text on --bg-pane', '7% --text on --bg-surface', '7% --text on --bg-hover', '7% --text on --bg-selected']],
  ['--text-link', [...flat, '--bg-hover', '--accent-soft', '--note', '--signal-soft']],
  ['--accent-text', [...everywhere, '--accent-soft', '--accent-soft-2']],
  ['--on-accent', ['--accent', '--accent-hover', '--accent-press', '14% --on-accent on --accent', '14% --on-accent on --accent-hover']],
  ['--text-rail', ['--bg-rail', '8% #FFFFFF on --bg-rail']],
  ['--text-rail-on', ['--bg-rail', '13% #FFFFFF on --bg-rail']],
  ['--signal-bright', ['--bg-rail']],
  ['--on-signal', ['--signal', '--signal-bright']],
  ['--signal-text', ['--signal-soft', '--bg-app', ...rows]],
  ['--ok-text', ['--ok-soft', '--bg-surface']],
  ['--danger-text', ['--danger-soft', '--bg-app', '--bg-raised', ...rows]],
  ['--info-text', ['--info-soft', '--bg-surface']],
  ['--on-ok', ['--ok']],
  ['--on-danger', ['--danger', '--danger-hover']],
  ['--on-info', ['--info']],
  ['--note-text', ['--note', '20% --signal on --note', '20% --signal on --bg-surface']],
  ['--text-2', ['--note']],
  ['--text-inverse', ['--bg-inverse']],
  ['80% --text-inverse on --bg-inverse', ['--bg-inverse']],
  ...states.map((state): [string, string[]] => [`--status-${state}-text`, [`--status-${state}-soft`, '--bg-surface', '--bg-raised', '--bg-hover']]),
  ...channels.map((channel): [string, string[]] => [`--ch-${channel}`, [`--ch-${channel}-soft`, '--bg-surface']]),
  ['--brand-text', ['--brand-soft', '--bg-surface']],
  ['--on-brand', ['--brand', '--brand-hover']],
]

/** What is seen and not read: borders of controls, focus rings, icons, dots, marks in charts. 3:1 (1.4.11). */
const shapes: [ink: string, grounds: string[]][] = [
  ['--line-control', ['--bg-pane', '--bg-surface', '--bg-raised', '--bg-hover', '--bg-selected', '--accent-soft', '--note']],
  ['#FFFFFF', ['--line-control']],
  ['--focus', [...everywhere, '--accent-soft', '--signal-soft', '--danger-soft', '--note']],
  // Focus on the rail and on a toast is brass, because petrol does not show there.
  ['--signal-bright', ['--bg-rail']],
  ['--focus-inverse', ['--bg-inverse']],
  ['--accent', [...rows, '--bg-app', '--bg-raised']],
  ['--on-accent', ['--accent']],
  ['--ok', ['--bg-pane', '--bg-surface', '--bg-selected']],
  ['--danger', ['--bg-surface', '--bg-raised']],
  ...['good', 'flat', 'bad'].map((mood): [string, string[]] => [`--mood-${mood}`, ['--bg-pane', '--bg-surface', '--bg-selected']]),
  ...states.map((state): [string, string[]] => [`--status-${state}`, ['--bg-pane', '--bg-surface', '--bg-raised']]),
  ...channels.map((channel): [string, string[]] => [`--ch-${channel}`, ['--bg-pane', '--bg-hover', '--bg-selected']]),
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((n): [string, string[]] => [`--chart-${n}`, ['--bg-surface']]),
  ['--chart-axis', ['--bg-surface']],
]

const tooFaint = (pairs: typeof letters, least: number, of: Colours) =>
  pairs.flatMap(([ink, grounds]) =>
    grounds.filter((ground) => contrast(ink, ground, of) < least).map((ground) => `${ink} on ${ground}: ${contrast(ink, ground, of).toFixed(2)}`),
  )

describe.each(themes)('in the %s theme', (_name, of) => {
  it('letters are at least 4.5:1 on what they stand on', () => {
    expect(tooFaint(letters, 4.5, of)).toEqual([])
  })
  it('shapes are at least 3:1 on what they stand on', () => {
    expect(tooFaint(shapes, 3, of)).toEqual([])
  })
})

describe('the tokens', () => {
  it('are the same dark ones whether the system or the agent asks for dark', () => {
    expect([...block(':root:not([data-theme="light"]) {')]).toEqual([...dark])
  })
  it('measure as the standard does', () => {
    expect(contrast('#000000', '#FFFFFF', light)).toBeCloseTo(21)
    expect(contrast('#777777', '#FFFFFF', light)).toBeCloseTo(4.48, 2)
  })
})
