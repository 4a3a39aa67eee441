// One line on a page of the shop: the form of an inbox, in a frame that is as high as it needs to be.
//   <script src="https://desk.fjellvik.example/form.js" data-inbox="3" async></script>
'use strict'
{
  const line = document.currentScript
  const { inbox, lang } = line.dataset
  const { origin } = new URL(line.src)
  const language = lang || document.documentElement.lang
  const frame = document.createElement('iframe')
  frame.src = `${origin}/forms/${encodeURIComponent(inbox)}?embed=1${language ? `&lang=${encodeURIComponent(language)}` : ''}`
  frame.title = document.title
  // Its own origin and nothing of this page's.
  frame.setAttribute('sandbox', 'allow-forms allow-scripts allow-same-origin')
  frame.style.cssText = 'display: block; inline-size: 100%; block-size: 640px; border: 0; background: transparent; color-scheme: light dark'
  let shown = false
  addEventListener('message', (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin || event.data?.shopbell !== 'form') return
    const { height, title } = event.data
    if (Number.isFinite(height)) frame.style.blockSize = `${Math.min(Math.max(height, 120), 8000)}px`
    if (typeof title === 'string') frame.title = title
  })
  // Whoever has sent it sees that it was sent, however far down the button was.
  frame.addEventListener('load', () => {
    if (shown && frame.getBoundingClientRect().top < 0) frame.scrollIntoView()
    shown = true
  })
  line.after(frame)
}
