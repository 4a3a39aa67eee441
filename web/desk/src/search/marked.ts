// A snippet with <mark> around its hits, taken apart so that nothing in it is ever HTML.
export interface Part {
  text: string
  hit: boolean
}
const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#x27;': "'" }
const plain = (s: string) => s.replace(/<[^>]*>/g, '').replace(/&(amp|lt|gt|quot|#39|#x27);/g, (e) => entities[e] ?? e)

export function marked(snippet: string | null): Part[] {
  return (snippet ?? '').split(/(<mark>.*?<\/mark>)/gs).filter(Boolean).map((part) =>
    part.startsWith('<mark>') ? { text: plain(part), hit: true } : { text: plain(part), hit: false },
  )
}

/** A snippet that only repeats the title marks the title instead. */
export function told(title: string, snippet: string | null, typed = ''): { title: Part[]; snippet: Part[] } {
  const parts = marked(snippet)
  const same = title !== '' && parts.map((p) => p.text).join('').trim() === title.trim()
  return same ? { title: parts, snippet: [] } : { title: hits(title, typed), snippet: parts }
}

/** Marks what was typed inside a label. */
export function hits(label: string, typed: string): Part[] {
  const at = typed ? label.toLocaleLowerCase().indexOf(typed.toLocaleLowerCase()) : -1
  if (at < 0) return [{ text: label, hit: false }]
  const end = at + typed.length
  return [{ text: label.slice(0, at), hit: false }, { text: label.slice(at, end), hit: true }, { text: label.slice(end), hit: false }].filter((p) => p.text)
}
