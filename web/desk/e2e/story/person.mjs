// One person: their addresses, what is known of them, who is blocked, and all that happened.
import { check, gone, see, until } from './world.mjs'

export async function person(world, step) {
  const { a, b } = world
  const known = async (name, email) => (await a.api('POST', '/tickets', { subject: `Of ${name}`, to: { name, email }, direction: 'note', text: `Called by ${name}` })).body.customer.id
  const ask = await known('Åse Lund', 'aase@person.example')
  const other = await known('Bo Vik', 'bo@person.example')
  await a.api('PATCH', '/shop', { country: 'NO' })
  await a.page.goto(`${a.base}/customers/${ask}`)
  await b.page.goto(`${b.base}/customers/${ask}`)
  await addresses(world, step, other)
  await facts(world, step)
  await blocked(world, step, ask)
  await journey(world, step)
}

async function addresses({ a, b }, step, other) {
  const { page } = a
  const dialog = page.getByRole('dialog')
  const add = async (kind, value) => {
    await dialog.getByLabel('Kind').selectOption(kind)
    await dialog.getByLabel('Address or number').fill(value)
    await dialog.getByRole('button', { name: 'Add' }).click()
  }
  await step('a wrong number is told beside its field, the right one is kept in international form', async () => {
    await a.button('Another address…').click()
    await add('phone', '22 12 34')
    await see(dialog.getByText('is no phone number of its country'), 'what is wrong')
    await add('phone', '22 12 34 56')
    await see(page.locator('.ids', { hasText: '+4722123456' }), 'the number')
  })
  await step('B sees it at once', () => see(b.page.locator('.ids', { hasText: '+4722123456' }), 'the number at B'))
  await step('an address that is somebody else’s says whose, and offers to merge', async () => {
    await a.button('Another address…').click()
    await add('email', 'BO@person.example')
    await see(dialog.getByText(`Customer ${other} has this identity`), 'whose it is')
    await dialog.getByRole('button', { name: 'Bo Vik is the same person…' }).click()
    await see(dialog.getByText('Bo Vik'), 'Bo in the dialog for merging')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await gone(dialog, 'the dialog')
  })
  await step('what only somebody wrote down is taken away again', async () => {
    await page.getByRole('button', { name: 'What to do with +4722123456' }).click()
    await page.getByRole('menuitem', { name: 'Take it away' }).click()
    await gone(page.locator('.ids', { hasText: '+4722123456' }), 'the number')
  })
}

async function facts({ a, b }, step) {
  const { page } = a
  const dialog = page.getByRole('dialog')
  await step('the shop’s own field is asked for, and a wrong value is told beside it', async () => {
    const { status } = await a.api('POST', '/customer-attributes', { key: 'shoe_size', label: 'Shoe size', kind: 'number' })
    check(status === 201, `the field: ${status}`)
    await a.button('More about this person…').click()
    await dialog.getByLabel('Tags').fill('vip')
    await dialog.getByLabel('Shoe size').fill('large')
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await see(dialog.locator('.field', { hasText: 'Shoe size' }).getByText('must be a number'), 'what is wrong')
    await dialog.getByLabel('Shoe size').fill('42')
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await see(b.page.locator('.row-x', { hasText: 'Shoe size' }).getByText('42'), 'the size at B')
  })
  await step('a consent is noted and withdrawn, and stays to be seen', async () => {
    await a.button('Note a consent…').click()
    await dialog.getByLabel('What', { exact: true }).fill('newsletter')
    await dialog.getByLabel('How', { exact: true }).fill('on the phone')
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await a.button('They take newsletter back').click()
    await see(page.locator('.consent', { hasText: 'newsletter' }).getByText(/withdrawn/), 'that it is withdrawn')
  })
}

async function blocked({ a }, step, ask) {
  const { page } = a
  await step('they are blocked with a reason, and unblocked in the settings', async () => {
    await a.button('Block…').click()
    await page.getByRole('dialog').getByLabel('Why').fill('Threats')
    await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click()
    await see(page.locator('.strip-m', { hasText: 'Threats' }), 'that they are blocked')
    await page.goto(`${a.base}/settings/blocks`)
    await page.locator('tr', { hasText: `Customer ${ask}` }).getByRole('button', { name: 'Unblock' }).click()
    await gone(page.locator('tr', { hasText: `Customer ${ask}` }), 'the block')
    await page.goto(`${a.base}/customers/${ask}`)
  })
}

async function journey({ a }, step) {
  const { page } = a
  await step('the journey tells all of it, and narrows to some', async () => {
    await page.locator('.customer-page .seg').getByRole('link', { name: 'Journey' }).click()
    await see(page.locator('.journey', { hasText: 'Called by Åse Lund' }), 'the note')
    for (const words of ['Unblocked: Customer', 'Withdrew newsletter', 'Agreed to newsletter', 'Became known']) await see(page.locator('.journey', { hasText: words }), words)
    await page.getByRole('group', { name: 'What to show' }).getByRole('button', { name: 'Notes' }).click()
    await gone(page.locator('.journey li', { hasText: 'Became known' }), 'what is no note')
    await until('one note', async () => (await page.locator('.journey li.line').count()) === 1)
  })
}
