import '@ui/tokens.css'
import '@ui/ui.css'
import '@ui/desk.css'
import '@ui/parts.css'
import sprite from '@ui/icons.svg?raw'
import { createApp } from 'vue'
import App from './App.vue'
import { dressAsBefore } from './agents/useMe'
import { speak } from './i18n'
import { router } from './router'

dressAsBefore()

// Icons are drawn once into the page and referred to by <use href="#i-…">.
const icons = document.createElement('div')
icons.hidden = true
icons.innerHTML = sprite
document.body.append(icons)

// After an upgrade the parts of an older page are gone. Reading the page again brings the new ones; drafts are kept.
window.addEventListener('vite:preloadError', (e) => {
  const last = Number(sessionStorage.getItem('shopbell.renewed') ?? 0)
  if (Date.now() - last < 30_000 || !navigator.onLine) return
  e.preventDefault()
  sessionStorage.setItem('shopbell.renewed', String(Date.now()))
  location.reload()
})

void speak(navigator.language).then(() => createApp(App).use(router).mount('#desk'))
