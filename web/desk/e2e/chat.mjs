// The story of the chat: a shopper on a shop's page, an agent at the desk, real mail servers, and a server that dies.
// crates/server/tests/it/browser.rs starts the servers, and stops and starts them again when it is asked to.
// CHAPTERS=looking tells only those after the beginning.
import { createInterface } from 'node:readline'
import { openShop } from './shop.mjs'
import { telling } from './telling.mjs'
import { greeting } from './story/chat/greeting.mjs'
import { looking } from './story/chat/looking.mjs'
import { meeting } from './story/chat/meeting.mjs'
import { returning } from './story/chat/returning.mjs'
import { sharing } from './story/chat/sharing.mjs'
import { signing } from './story/chat/signing.mjs'
import { speaking } from './story/chat/speaking.mjs'

await telling({
  first: { meeting },
  chapters: { returning, greeting, speaking, sharing, signing, looking },
  seconds: 150,
  async prepare(world) {
    world.shop = await openShop()
    const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
    /** Asks whoever started this to `stop` or `start` all servers; they die as by a power cut. */
    world.servers = async (what) => {
      console.log(`servers: ${what}`)
      await answers.next()
    }
    return () => world.shop.close()
  },
})
