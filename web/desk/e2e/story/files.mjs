// Where no system can tell: a file is brought, its columns are mapped, what is wrong is mended, and it is taken in.
import { check, PHONE, see, WIDE } from './world.mjs'

const HEAD = 'Bestellnummer;Datum;Kundenemail;Artikelname;Menge;Einzelpreis;Land'
const RIGHT = 'CSV-501;24.11.2026;petra@files.example;Skarv 2 Zelt;1;1.539,00;Norwegen'
const WRONG = 'CSV-502;31.11.2026;petra@files.example;Nupp 400;viele;49,00;Norwegen'
const file = (name, ...lines) => ({ name, mimeType: 'text/csv', buffer: Buffer.from([HEAD, ...lines, ''].join('\r\n')) })

export async function files(world, step) {
  const { a } = world
  const { page } = a
  const bring = async (given) => {
    await page.goto(`${a.base}/settings/stores`)
    await page.locator('.slist a.sl').first().click()
    await page.getByLabel('File to bring').setInputFiles(given)
    await page.waitForURL(/table=\d+/)
    await see(page.getByRole('button', { name: 'Check the whole file' }), 'the mapping')
  }
  const looks = async (name) => {
    for (const scheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: scheme })
      // Colours change slowly.
      await page.waitForTimeout(400)
      await world.picture(page, `${name}-${scheme}`)
    }
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize(PHONE)
    await world.picture(page, `${name}-phone`)
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    check(wider <= 0, `the page is ${wider} px wider than the phone`)
    await page.setViewportSize(WIDE)
  }
  await step('a file is read as it looks, and its first rows are shown', async () => {
    await bring(file('bestellungen.csv', RIGHT, WRONG))
    check((await page.getByLabel('Between columns').inputValue()) === 'semicolon', 'the delimiter was not seen')
    check((await page.getByLabel('Order number (needed)').inputValue()) === 'Bestellnummer', 'the number was not found')
    await see(page.locator('.table-rows td', { hasText: '1539.00' }), 'the amount as it was understood')
    await looks('file-mapping')
  })
  await step('what is wrong is told by line, and nothing is taken in', async () => {
    await page.getByRole('button', { name: 'Check the whole file' }).click()
    await see(page.getByText('2 things are wrong, and nothing was taken in.'), 'that something is wrong')
    await see(page.locator('.faults tr', { hasText: '“viele” is no whole number' }), 'the quantity')
    await see(page.locator('.faults tr', { hasText: '“31.11.2026” is no day' }).getByText('Datum'), 'the day, by its column')
    check(await page.getByRole('button', { name: 'Take it in' }).isDisabled(), 'it can be taken in')
    await looks('file-faults')
  })
  await step('what is right is taken in without it', async () => {
    await page.getByLabel('Leave out the one with something wrong').check()
    await page.getByRole('button', { name: 'Take it in' }).click()
    await see(page.getByText('Taken in: 1 new or changed, 0 as they were, 1 left out.'), 'what became of it')
    const { body } = await a.api('GET', '/orders?number=CSV-501')
    check(body.data.length === 1 && body.data[0].total === 153_900, `the order is ${JSON.stringify(body)}`)
  })
  await step('a file without a column that is needed says which', async () => {
    await bring({ name: 'odd.csv', mimeType: 'text/csv', buffer: Buffer.from('Bestellnummer;Artikelname;Einzelpreis\nCSV-9;Zelt;1,00\n') })
    await page.getByLabel('What it holds').selectOption('orders')
    await see(page.locator('.faults tr', { hasText: 'No column is chosen for “Ordered”.' }), 'what is missing')
    await page.getByRole('button', { name: 'Drop this file' }).click()
    await page.waitForURL((url) => !url.search.includes('table'))
    await see(page.locator('.tables li', { hasText: 'bestellungen.csv' }), 'the file that was brought before')
  })
}
