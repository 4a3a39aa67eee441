// Styles that a strict policy lets through: sheets made by script need no `style-src`.

/** Adds a sheet; the answer replaces it. */
export function adopt(root: ShadowRoot, css: string, nonce: string): (css: string) => void {
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
    return (next) => sheet.replaceSync(next)
  } catch {
    // Browsers before 2023. Their page's policy has to know the nonce.
    const style = document.createElement('style')
    if (nonce) style.nonce = nonce
    style.textContent = css
    root.append(style)
    return (next) => {
      style.textContent = next
    }
  }
}
