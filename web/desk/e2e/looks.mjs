// How the screens look, and what axe says about them, once there is something on them.
// crates/server/tests/it/browser.rs starts the servers and gives their addresses.
import { telling } from './telling.mjs'
import { settingUp } from './story/setting-up.mjs'
import { receiving } from './story/receiving.mjs'
import { orders } from './story/orders.mjs'
import { looks } from './story/looks.mjs'

await telling({
  first: { 'setting-up': settingUp, receiving },
  chapters: { orders, looks },
  seconds: 220,
})
