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

void speak(navigator.language).then(() => createApp(App).use(router).mount('#desk'))
