// The document around a mail: a strict policy, our type, and no remote picture before it is asked for.
// allow-same-origin without allow-scripts lets us measure the frame; nothing inside it can run.

interface Dress {
  message: number
  pictures: boolean
  lang: string | null
}

const policy = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
const remoteUrl = /^\s*(https?:)?\/\//i

export function hasRemote(html: string): boolean {
  return /<img\b[^>]*\s(?:src|data-src|data-remote-src|data-remote)\s*=\s*["']?\s*(?:https?:)?\/\//i.test(html)
}

export const proxied = (url: string, message: number) =>
  `/api/v1/image-proxy?url=${encodeURIComponent(url.startsWith('//') ? `https:${url}` : url)}&message=${message}`

/** Mails that bring their own colours get light ground in every theme; plain ones follow ours. */
export function hasOwnLook(html: string): boolean {
  return /bgcolor\s*=|background(-color)?\s*:|[^-]color\s*:\s*(#|rgb|black|white)|<font\b[^>]*color/i.test(html)
}

function pictures(doc: Document, { message, pictures: show }: Dress): void {
  for (const img of Array.from(doc.querySelectorAll('img'))) {
    const held = img.getAttribute('data-remote-src') ?? img.getAttribute('data-remote') ?? img.getAttribute('data-src')
    const url = held ?? img.getAttribute('src') ?? ''
    // It names a picture that did not come with the mail.
    if (/^\s*cid:/i.test(url)) img.removeAttribute('src')
    if (!remoteUrl.test(url)) continue
    if (show) img.setAttribute('src', proxied(url.trim(), message))
    else img.removeAttribute('src')
    img.removeAttribute('srcset')
  }
}

function harmless(doc: Document): void {
  // The server has done this already; a second net costs nothing.
  doc.querySelectorAll('script,iframe,object,embed,form,meta,link,base').forEach((el) => el.remove())
  doc.querySelectorAll('*').forEach((el) => {
    for (const { name, value } of Array.from(el.attributes)) {
      if (name.startsWith('on') || /^\s*(javascript|vbscript):/i.test(value)) el.removeAttribute(name)
    }
  })
  doc.querySelectorAll('a[href]').forEach((a) => {
    a.setAttribute('target', '_blank')
    a.setAttribute('rel', 'noopener noreferrer')
  })
}

export function dress(html: string, how: Dress): string {
  const doc = new DOMParser().parseFromString(html, 'text/html')
  harmless(doc)
  pictures(doc, how)
  const own = hasOwnLook(html)
  const css = getComputedStyle(document.documentElement)
  const token = (name: string) => css.getPropertyValue(name).trim()
  const text = own ? '#142024' : token('--text')
  const link = own ? '#0A5566' : token('--text-link')
  const style = `
    :root { color-scheme: ${own ? 'light' : token('color-scheme') || 'light dark'}; }
    html { overflow-x: auto; overflow-y: hidden; background: ${own ? '#fff' : 'transparent'}; }
    body { margin: 0; padding: ${own ? '10px 12px' : '0'}; color: ${text}; font: 14px/1.5 ${token('--font-ui') || 'sans-serif'}; overflow-wrap: anywhere; }
    a { color: ${link}; } img { max-width: 100%; height: auto; } table { max-width: 100%; }
    p { margin: 0 0 6px; } pre { white-space: pre-wrap; } blockquote { margin: 0 0 6px; padding-inline-start: 10px; border-inline-start: 2px solid #98a4a7; }
    img:not([src]) { display: inline-block; min-width: 24px; min-height: 18px; background: #8884; border-radius: 3px; }`
  const lang = how.lang && /^[a-z-]{2,12}$/i.test(how.lang) ? ` lang="${how.lang}"` : ''
  return `<!doctype html><html${lang} dir="auto"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><style>${style}</style></head><body>${doc.body.innerHTML}</body></html>`
}
