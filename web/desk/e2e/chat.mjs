// The story of the chat: a shopper on a shop's page, an agent at the desk, real mail servers, and a server that dies.
// crates/server/tests/it/browser.rs starts the servers, and stops and starts them again when it is asked to.
// CHAPTERS=looking tells only those after the beginning.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { launch } from './browser.mjs'
import { openShop } from './shop.mjs'
import { addresses, end, tell, World } from './story/world.mjs'
import { looking } from './story/chat/looking.mjs'
import { meeting } from './story/chat/meeting.mjs'
import { returning } from './story/chat/returning.mjs'
import { sharing } from './story/chat/sharing.mjs'
import { signing } from './story/chat/signing.mjs'
import { speaking } from './story/chat/speaking.mjs'

const { OUT = 'e2e-shots', CHAPTERS = '' } = process.env
const chapters = { returning, speaking, sharing, signing, looking }
const wanted = CHAPTERS ? CHAPTERS.split(',') : Object.keys(chapters)

mkdirSync(OUT, { recursive: true })
for (const old of readdirSync(OUT)) if (old.startsWith('failed-')) rmSync(join(OUT, old))
const browser = await launch()
const world = new World(browser, OUT, addresses(process.env))
world.shop = await openShop()
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
/** Asks whoever started this to `stop` or `start` all servers; they die as by a power cut. */
world.servers = async (what) => {
  console.log(`servers: ${what}`)
  await answers.next()
}
const patience = setTimeout(() => end(world, new Error(`“${world.doing}” takes too long; the story had 150 s`)), 150_000)
try {
  await tell(world, 'meeting', meeting)
  for (const name of wanted) await tell(world, name, chapters[name])
  world.noErrors()
} catch (error) {
  await end(world, error)
}
clearTimeout(patience)
await browser.close()
world.shop.close()
console.log(`\n${world.steps} steps, ${world.seconds()} s. Pictures are in ${OUT}`)
process.exit(0)
