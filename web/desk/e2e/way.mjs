// The whole way with one shop system: an order is placed, its buyer asks where it is and is answered, sends a piece back,
// the warehouse has it, and the shop gives the money back, once.
// crates/server/tests/it/browser_shop.rs starts servers and shop, and does what happens outside of the browser.
import { createInterface } from 'node:readline'
import { telling } from './telling.mjs'
import { asking } from './story/way/asking.mjs'
import { connecting } from './story/way/connecting.mjs'
import { giving } from './story/way/giving.mjs'
import { returning } from './story/way/returning.mjs'

await telling({
  first: { connecting, asking, returning, giving },
  chapters: {},
  seconds: 200,
  async prepare(world) {
    world.shop = JSON.parse(process.env.SHOP)
    const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
    /** Has something happen outside of the browser: `sell`, `ship`, `bring`, `tell`, `lose`, `crash`, `refunds`. */
    world.outside = async (what, about = '') => {
      console.log(`shop: ${what} ${about}`.trimEnd())
      return JSON.parse((await answers.next()).value)
    }
    return () => {}
  },
})
