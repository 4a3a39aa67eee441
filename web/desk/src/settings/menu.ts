// On narrow screens the settings menu takes the place of the page.
import { ref } from 'vue'

export const menuShown = ref(false)
