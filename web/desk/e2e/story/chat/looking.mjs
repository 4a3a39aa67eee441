// Pictures in both themes, to be looked at beside the design; and what axe says about the open panel.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { check, see } from '../world.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export async function looking(world, step) {
  for (const theme of ['light', 'dark']) {
    for (const lang of ['en', 'ar']) {
      await step(`pictures and accessibility, ${theme}, ${lang}`, async () => {
        // axe is put in by script, which the page's policy would forbid.
        const eye = await world.visitor({ lang, theme, options: { colorScheme: theme, bypassCSP: true } })
        const found = []
        const look = async (name) => {
          await eye.settled()
          await world.picture(eye.page, `chat-${name}-${theme}-${lang}`)
          found.push(...(await problems(eye.page)).map((one) => `${name}: ${one}`))
        }
        await eye.visit()
        await eye.launcher.click()
        await see(eye.panel.getByText('Fjellvik'), 'the name of the shop')
        await look('home')
        await eye.panel.locator('.btn-primary').click()
        await eye.say(lang === 'ar' ? 'مرحباً' : 'I have no spare. I would like a person, please.')
        await eye.fate('sent')
        await look('talk')
        await eye.panel.locator('.top [aria-haspopup=menu]').click()
        await look('menu')
        await eye.panel.getByRole('menuitem').last().click()
        await look('delete')
        check(found.length === 0, `\n${found.join('\n')}`)
        await eye.page.context().close()
      })
    }
  }
}

async function problems(page) {
  await page.evaluate(axe)
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document.querySelector('body > div:last-of-type'), { resultTypes: ['violations'] }))
  check(passes.length > 10, 'axe looked at nothing')
  return violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${one.id} (${one.impact}): ${one.help}: ${one.nodes.slice(0, 3).map((node) => `${node.target.flat().join(' ')} ${node.any[0]?.message ?? ''}`).join('; ')}`)
}
