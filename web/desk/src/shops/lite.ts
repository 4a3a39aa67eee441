// Plain text with lists and stress, as HTML: `- ` begins an item, `**` stands around what matters.

const safe = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
const line = (text: string) => safe(text).replace(/\*\*(?=\S)([^*]+?)\*\*/g, '<b>$1</b>')

export function lite(text: string): string {
  let html = ''
  let inside: 'ul' | 'p' | null = null
  const close = () => {
    if (inside) html += `</${inside}>`
    inside = null
  }
  for (const raw of text.split('\n')) {
    const words = raw.trim()
    const item = /^[-*] (.+)$/.exec(words)
    if (!words) close()
    else if (item) {
      if (inside !== 'ul') close(), (html += '<ul>'), (inside = 'ul')
      html += `<li>${line(item[1]!)}</li>`
    } else {
      if (inside !== 'p') close(), (html += '<p>'), (inside = 'p')
      else html += '<br>'
      html += line(words)
    }
  }
  close()
  return html
}
