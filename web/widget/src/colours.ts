// A shop gives one colour. From it come all that are needed, so that every letter stands out by 4.5:1 in both themes.

type Rgb = [number, number, number]

const parse = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb
const print = (rgb: Rgb) => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`

export function luminance(hex: string): number {
  const [r, g, b] = parse(hex).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG 2.2's contrast ratio. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

export function mix(one: string, other: string, share: number): string {
  const [a, b] = [parse(one), parse(other)]
  return print(a.map((part, at) => part + (b[at]! - part) * share) as Rgb)
}

/** As near to the colour as it can be read on all these grounds. */
function readable(colour: string, pole: string, ...grounds: string[]): string {
  for (let share = 0; share < 1; share += 0.04) {
    const tried = mix(colour, pole, share)
    if (grounds.every((ground) => contrast(tried, ground) >= 4.6)) return tried
  }
  return pole
}

/** Lighter until it can be read on all these grounds; its hue stays, where white would wash it out. */
function lit(colour: string, ...grounds: string[]): string {
  const [r, g, b] = parse(colour).map((part) => part / 255) as Rgb
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)]
  const span = most - least
  const hue = span === 0 ? 0 : 60 * (most === r ? (g - b) / span : most === g ? 2 + (b - r) / span : 4 + (r - g) / span)
  const light = (most + least) / 2
  const full = span === 0 ? 0 : Math.min(0.9, span / (1 - Math.abs(2 * light - 1)))
  for (let lightness = light; lightness < 1; lightness += 0.02) {
    const reach = full * Math.min(lightness, 1 - lightness)
    const part = (n: number) => {
      const k = (n + hue / 30 + 24) % 12
      return 255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)))
    }
    const tried = print([part(0), part(8), part(4)])
    if (grounds.every((ground) => contrast(tried, ground) >= 6.5)) return tried
  }
  return '#ffffff'
}

const surface = { light: '#ffffff', dark: '#171f22' }
export type Brand = Record<'panel' | 'on-panel' | 'on-panel-2' | 'brand' | 'on-brand' | 'soft' | 'brand-text', string>

const known = (colour: string) => (/^#[0-9a-f]{6}$/i.test(colour) ? colour.toLowerCase() : '#1f4d3a')
/** Dark enough for white on it; what is no colour is the usual one. */
export const deepOf = (colour: string) => readable(known(colour), '#000000', '#ffffff')

export function brand(colour: string, theme: 'light' | 'dark'): Brand {
  const base = known(colour)
  const deep = deepOf(base)
  if (theme === 'light') {
    const soft = mix(base, surface.light, 0.9)
    return {
      panel: deep, 'on-panel': '#ffffff', 'on-panel-2': readable(mix(deep, '#ffffff', 0.78), '#ffffff', deep),
      brand: deep, 'on-brand': '#ffffff', soft, 'brand-text': readable(base, '#000000', surface.light, soft),
    }
  }
  const panel = mix(deep, '#0d1315', 0.3)
  const soft = mix(base, surface.dark, 0.8)
  const bright = lit(base, surface.dark, soft)
  return {
    panel, 'on-panel': '#ffffff', 'on-panel-2': readable(mix(panel, '#ffffff', 0.68), '#ffffff', panel),
    brand: bright, 'on-brand': readable(mix(bright, '#000000', 0.85), '#000000', bright), soft, 'brand-text': bright,
  }
}

/** The sheet that sets them. */
export function brandCss(colour: string): string {
  const set = (theme: 'light' | 'dark') => Object.entries(brand(colour, theme)).map(([name, value]) => `--${name}:${value}`).join(';')
  return `.w{${set('light')}}@media (prefers-color-scheme:dark){.w:not([data-theme=light]){${set('dark')}}}.w[data-theme=dark]{${set('dark')}}`
}
