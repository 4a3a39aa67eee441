// Makes the form a little better where scripts run: it says how high it is to the page around it, sends once, and does a
// little work meanwhile, by which the server tells it from a machine that sends thousands. Without it the form works too.
'use strict'
{
  if (parent !== window) {
    const tell = () => parent.postMessage({ shopbell: 'form', height: Math.ceil(document.body.getBoundingClientRect().height), title: document.title }, '*')
    new ResizeObserver(tell).observe(document.body)
  }

  const form = document.querySelector('form[data-work]')
  if (form) {
    const button = form.querySelector('button')
    form.addEventListener('submit', () => { setTimeout(() => { button.disabled = true }) })
    addEventListener('pageshow', () => { button.disabled = false })

    /** The first number whose hash together with the form's id begins with fourteen zero bits. */
    const work = async () => {
      const bytes = new TextEncoder()
      for (let n = 0; ; n++) {
        const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.encode(`${form.dataset.work}:${n}`)))
        if (hash[0] === 0 && hash[1] < 4) return String(n)
      }
    }
    // Only pages that came safely are given the means.
    if (globalThis.crypto?.subtle) {
      form.addEventListener('focusin', () => { void work().then((found) => { form.elements.work.value = found }) }, { once: true })
    }
  }
}
