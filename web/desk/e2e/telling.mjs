// Tells a story in its chapters: the first one always, of the others those that CHAPTERS names, or all.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { launch } from './browser.mjs'
import { addresses, end, tell, World } from './story/world.mjs'

/** `prepare` may add to the world, and answers what closes that again. */
export async function telling({ first, chapters, seconds, prepare = async () => () => {} }) {
  const { OUT = 'e2e-shots', CHAPTERS = '' } = process.env
  const wanted = CHAPTERS ? CHAPTERS.split(',') : Object.keys(chapters)
  mkdirSync(OUT, { recursive: true })
  for (const old of readdirSync(OUT)) if (old.startsWith('failed-')) rmSync(join(OUT, old))
  const browser = await launch()
  const world = new World(browser, OUT, addresses(process.env))
  const close = await prepare(world)
  const patience = setTimeout(() => end(world, new Error(`“${world.doing}” takes too long; the story had ${seconds} s`)), seconds * 1000)
  try {
    for (const [name, chapter] of Object.entries(first)) await tell(world, name, chapter)
    for (const name of wanted) await tell(world, name, chapters[name])
    world.noErrors()
  } catch (error) {
    await end(world, error)
  }
  clearTimeout(patience)
  await browser.close()
  close()
  console.log(`\n${world.steps} steps, ${world.seconds()} s. Pictures are in ${OUT}`)
  process.exit(0)
}
