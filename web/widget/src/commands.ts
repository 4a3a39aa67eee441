// `shopbell(…)`: what a shop's page can tell the widget.
import type { Call } from './boot'
import { ours } from './language'
import type { Page } from './pages'
import type { Widget } from './widget'

type Heard = (about: unknown) => void

export function command(widget: Widget, [name, ...rest]: Call): void {
  const [first, second] = rest
  const known: Record<string, () => void> = {
    open: () => widget.open(),
    close: () => widget.close(),
    toggle: () => (widget.isOpen ? widget.close() : widget.open()),
    identify: () => void widget.identify(first),
    set: () => set(widget, first),
    on: () => typeof second === 'function' && widget.events.on(String(first), second as Heard),
    off: () => widget.events.off(String(first), second as Heard | undefined),
    consent: () => widget.setConsent(first === true),
    page: () => widget.pages.set(page(first)),
    greet: () => void widget.greet.offer(first),
    shutdown: () => widget.shutdown(),
  }
  const act = Object.hasOwn(known, name) ? known[name] : undefined
  if (act) act()
  else console.warn(`shopbell: there is no “${String(name)}”`)
}

function set(widget: Widget, given: unknown): void {
  const { name, language, theme, cart } = (given ?? {}) as Record<string, unknown>
  if (cart !== undefined) widget.pages.put(page({ cart }).cart)
  if (typeof name === 'string') {
    widget.name = name.trim().slice(0, 120) || undefined
    if (widget.visitor.token && widget.look?.answers) void widget.api.ask('PUT', 'contact', { name: widget.name }).catch(() => {})
  }
  if (theme === 'light' || theme === 'dark' || theme === 'auto') widget.theme = theme
  const speaks = ours(language)
  // What the shopper chose stays.
  if (speaks && !widget.store.kept.language) void widget.speak(speaks, false)
  else widget.screen.draw()
}

function page(given: unknown): Page {
  const { url, title, cart } = (given ?? {}) as Record<string, unknown>
  const { value, currency } = (cart ?? {}) as Record<string, unknown>
  return {
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof value === 'number' && Number.isInteger(value) && typeof currency === 'string' ? { cart: { value, currency } } : {}),
  }
}
