// Finds addresses in a text. What comes out is text and addresses, never HTML.

export interface Piece {
  text: string
  /** Where it leads; none is plain text. */
  to?: string
}

const address = /\b(?:https?:\/\/|www\.)[^\s<>"'`]{1,2000}|\b[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}\b/gi

export function pieces(text: string): Piece[] {
  const all: Piece[] = []
  let done = 0
  for (const found of text.matchAll(address)) {
    const shown = trimmed(found[0])
    const to = target(shown)
    if (!to) continue
    const at = found.index
    if (at > done) all.push({ text: text.slice(done, at) })
    all.push({ text: shown, to })
    done = at + shown.length
  }
  if (done < text.length) all.push({ text: text.slice(done) })
  return all
}

/** Without the full stop of its sentence, and without a bracket that was opened before it. */
function trimmed(found: string): string {
  let text = found
  for (;;) {
    const last = text.at(-1)!
    const closes = { ')': '(', ']': '[', '}': '{' }[last]
    const lonely = closes !== undefined && text.split(last).length > text.split(closes).length
    if (!lonely && !/[.,;:!?…’”»*_~]/.test(last)) return text
    text = text.slice(0, -1)
    if (text === '') return found
  }
}

function target(shown: string): string | undefined {
  if (shown.includes('@') && !/^(https?:|www\.)/i.test(shown)) return `mailto:${encodeURIComponent(shown).replace('%40', '@')}`
  try {
    const url = new URL(/^www\./i.test(shown) ? `https://${shown}` : shown)
    return url.hostname.includes('.') || url.hostname === 'localhost' ? url.href : undefined
  } catch {
    return undefined
  }
}
