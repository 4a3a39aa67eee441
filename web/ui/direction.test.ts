// The desk is read from either side. Whoever writes "left" means "start", and this says so.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const web = join(process.cwd(), '..')

/** Where a side of the screen is really meant, and why. */
const meant: Record<string, string> = {
  'ui/desk.css .track': 'a gradient has no logical direction; the rule after it turns it round',
  'ui/desk.css .track-next': 'dashes look the same from both ends',
  'ui/ui.css .select': 'a background has no logical place; the rule after it turns it round',
  'ui/ui.css .check:checked::after': 'a tick is drawn with two borders and looks the same in every script',
}

const sided = [
  /(?:^|[\s;{])((?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)(?:-\w+)?|border-(?:top|bottom)-(?:left|right)-radius|left|right)\s*:/,
  /(?:^|[\s;{])((?:text-align|float|clear|justify-content|justify-items|justify-self|caption-side)\s*:\s*(?:left|right))/,
  /(to (?:left|right)|translateX\(|background-position[^;]*(?:left|right))/,
]
/** `padding: 1px 2px 3px 4px` names its sides by their order. */
const four = /(?:^|[\s;{])(margin|padding|inset|border-width|border-radius)\s*:\s*([^;{}]+)/g

function uneven(body: string): string | null {
  for (const [, name, value] of body.matchAll(four)) {
    const parts = value!.replace(/\([^()]*(?:\([^()]*\)[^()]*)*\)/g, 'f()').trim().split(/\s+/)
    if (parts.length !== 4) continue
    const even = name === 'border-radius' ? parts[0] === parts[1] && parts[2] === parts[3] : parts[1] === parts[3]
    if (!even && !new RegExp(`${name}-inline\\s*:`).test(body)) return `${name}: ${value!.trim()}`
  }
  return null
}

/** What in this sheet names a side, as "selector: what". */
export function sides(css: string): { selector: string; what: string }[] {
  const found = []
  for (const [, selector, body] of css.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{};]+)\{([^{}]*)\}/g)) {
    const name = selector!.trim()
    if (name.startsWith('[dir="rtl"]')) continue
    const what = sided.map((s) => s.exec(` ${body}`)?.[1]).find(Boolean) ?? uneven(body!)
    if (what) found.push({ selector: name, what })
  }
  return found
}

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (name === 'node_modules' || name === 'dist') return []
    return statSync(path).isDirectory() ? files(path) : [path]
  })
}
const all = [...files(join(web, 'ui')), ...files(join(web, 'desk', 'src'))].filter((f) => !f.endsWith('.test.ts'))

describe('the look of the desk', () => {
  it('names no side of the screen in its sheets', () => {
    const found = all.filter((f) => f.endsWith('.css')).flatMap((f) => sides(readFileSync(f, 'utf8')).map((s) => ({ at: `${relative(web, f)} ${s.selector}`, ...s })))
    expect(found.filter((s) => !meant[s.at]).map((s) => `${s.at}: ${s.what}`)).toEqual([])
    for (const at of Object.keys(meant)) expect(found.map((s) => s.at), `${at} is no exception any more`).toContain(at)
  })

  it('nor in its components, neither in style blocks nor in style attributes', () => {
    const said = /(?:margin|padding|border|inset)-?(?:left|right)\b|[{,]\s*(?:left|right)\s*:|\b(?:align|side)="(?:left|right)"|text-align:\s*(?:left|right)/i
    const found = all.filter((f) => /\.(vue|ts)$/.test(f)).flatMap((f) => {
      const text = readFileSync(f, 'utf8')
      const hit = said.exec(text)
      return hit ? [`${relative(web, f)}: ${hit[0]}`] : []
    })
    expect(found).toEqual([])
  })

  it('notices a side when it is named', () => {
    const caught = ['margin-left: 2px', 'right: 0', 'text-align: left', 'padding: 1px 2px 3px 4px', 'border-top-left-radius: 3px', 'transform: translateX(4px)', 'border-radius: 4px 0 0 4px']
    for (const one of caught) expect(sides(`.a { ${one} }`), one).toHaveLength(1)
    const fine = ['margin-inline-start: 2px', 'inset-inline-end: 0', 'text-align: start', 'padding: 1px 2px 3px 2px', 'padding: 1px 2px 3px 4px; padding-inline: 4px 2px', 'border-radius: 0 0 4px 4px']
    for (const one of fine) expect(sides(`.a { ${one} }`), one).toHaveLength(0)
  })
})
