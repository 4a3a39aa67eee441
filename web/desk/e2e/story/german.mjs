// In German no English is left on the main screens.
import { readFile } from 'node:fs/promises'
import { check, gone, see } from './world.mjs'

const catalogue = async (language) => {
  const text = await readFile(new URL(`../../locales/${language}.ftl`, import.meta.url), 'utf8')
  return new Map([...text.matchAll(/^([\w-]+) = ([^{}\n]+)$/gm)].map(([, key, value]) => [key, value.trim()]))
}

/** Texts that only one of both languages has, and long enough not to be a name. */
async function texts() {
  const [en, de] = [await catalogue('en'), await catalogue('de')]
  const only = (one, other) => new Set([...one.values()].filter((text) => text.length > 3 && ![...other.values()].includes(text)))
  return { english: only(en, de), german: only(de, en) }
}

export async function inGerman(world, step) {
  const { a } = world
  const { page } = a
  const speak = async (to, label) => {
    await page.goto(`${a.base}/settings/profile`)
    await page.getByLabel(label).selectOption(to)
    await page.locator('.savebar .btn-primary').click()
    await page.locator('.savebar').waitFor({ state: 'hidden' })
  }
  await step('the desk is switched to German', async () => {
    await speak('de', 'Language')
    await see(page.getByRole('heading', { name: 'Profil', exact: true }), 'the German title')
    check((await page.evaluate(() => document.documentElement.lang)) === 'de', 'the page does not say its language')
  })
  const { english, german } = await texts()
  const paths = ['inbox/open', 'inbox/mine', 'customers', 'search', 'parcels', 'returns', ...['profile', 'keyboard', 'sessions', 'shop', 'agents', 'teams', 'inboxes', 'inboxes/new', 'updates', 'returns', 'parcels', 'tokens', 'quarantine', 'jobs'].map((p) => `settings/${p}`)]
  await step('no English is left on the main screens', async () => {
    const left = []
    for (const path of paths) {
      await page.goto(`${a.base}/${path}`)
      await page.locator('main').first().waitFor()
      await gone(page.locator('.sk, [aria-busy=true]'), `what loads on ${path}`)
      const seen = await said(page)
      check(seen.filter((text) => german.has(text)).length > 5, `there is hardly any German on ${path}`)
      left.push(...seen.filter((text) => english.has(text)).map((text) => `${path}: ${text}`))
    }
    check(left.length === 0, left.join('\n'))
    return `${english.size} texts looked for on ${paths.length} screens`
  })
  await step('nor on an open ticket, in the menu, the palette and the keys', async () => {
    await page.goto(`${a.base}/inbox/open`)
    await page.locator('#list .row').first().click()
    await see(a.editor, 'the reply box')
    const seen = await said(page)
    await a.leaveFields()
    await a.press('.')
    await see(page.getByRole('menu'), 'the menu')
    seen.push(...(await said(page)))
    await a.press('Escape', 'Control+k')
    await see(page.locator('.palette'), 'the palette')
    seen.push(...(await said(page)))
    await a.press('Escape')
    const left = [...new Set(seen)].filter((text) => english.has(text))
    check(left.length === 0, left.join('\n'))
  })
  await step('and back to English', async () => {
    await speak('en', 'Sprache')
    await see(page.getByRole('heading', { name: 'Profile', exact: true }), 'the English title')
  })
}

/** Every text on the screen, and what is only read out. */
function said(page) {
  return page.evaluate(() => {
    const all = []
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) if (!walk.currentNode.parentElement.closest('script,style,svg')) all.push(walk.currentNode.textContent.trim())
    for (const el of document.querySelectorAll('[aria-label],[title],[placeholder]')) {
      for (const name of ['aria-label', 'title', 'placeholder']) if (el.hasAttribute(name)) all.push(el.getAttribute(name).trim())
    }
    return all.filter(Boolean)
  })
}
