// What the loader hands to the panel.

export type Call = [name: string, ...rest: unknown[]]

export interface Boot {
  /** Where the server is, with a slash at the end. */
  base: string
  inbox: string
  /** What the script's line says: lang, theme, consent, colour, side. */
  said: DOMStringMap
  /** For pages whose policy lets only scripts and styles with it. */
  nonce: string
  host: HTMLElement
  root: ShadowRoot
  wrap: HTMLElement
  launcher: HTMLButtonElement
  /** Calls that were made before the panel listens, then every further one. */
  listen(to: (call: Call) => void): void
}

export interface Panel {
  start(boot: Boot): Promise<void>
}

export type Consent = 'usual' | 'wait' | 'yes' | 'no'

/** Where this inbox's conversation is kept; both halves of the widget look there. */
export const keyOf = (inbox: string) => `shopbell.${inbox}`

/** Before consent, and without it, nothing outlives the tab. */
export const isLasting = (consent: Consent) => consent === 'usual' || consent === 'yes'
