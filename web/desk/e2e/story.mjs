// The story of issue 2: two agents at their desks, a shopper with a mail program, real servers in between.
// crates/server/tests/it/browser.rs starts the servers and gives their addresses.
// CHAPTERS=search,offline tells only those after the beginning.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { launch } from './browser.mjs'
import { addresses, end, tell, World } from './story/world.mjs'
import { settingUp } from './story/setting-up.mjs'
import { receiving } from './story/receiving.mjs'
import { answering } from './story/answering.mjs'
import { threading } from './story/threading.mjs'
import { together } from './story/together.mjs'
import { sorting } from './story/sorting.mjs'
import { keyboard } from './story/keyboard.mjs'
import { search } from './story/search.mjs'
import { offline } from './story/offline.mjs'
import { inGerman } from './story/german.mjs'
import { person } from './story/person.mjs'
import { viewer } from './story/viewer.mjs'
import { looks } from './story/looks.mjs'

const { OUT = 'e2e-shots', CHAPTERS = '' } = process.env
const chapters = { receiving, answering, threading, together, sorting, keyboard, search, offline, german: inGerman, viewer, looks, person }
const wanted = CHAPTERS ? CHAPTERS.split(',') : Object.keys(chapters)

mkdirSync(OUT, { recursive: true })
for (const old of readdirSync(OUT)) if (old.startsWith('failed-')) rmSync(join(OUT, old))
const browser = await launch()
const world = new World(browser, OUT, addresses(process.env))
const patience = setTimeout(() => end(world, new Error(`“${world.doing}” takes too long; the story had 220 s`)), 220_000)
try {
  await tell(world, 'setting-up', settingUp)
  for (const name of wanted) await tell(world, name, chapters[name])
  world.noErrors()
} catch (error) {
  await end(world, error)
}
clearTimeout(patience)
await browser.close()
console.log(`\n${world.steps} steps, ${world.seconds()} s. Pictures are in ${OUT}`)
