// Other languages, other directions, the keyboard, and small screens.
import { check, PHONE, see, until } from '../world.mjs'

export async function speaking(world, step) {
  await step('on a German page it speaks German, and greets as the shop wants', async () => {
    const uwe = await world.visitor({ lang: 'de', options: { locale: 'fr-FR' } })
    await uwe.visit()
    check((await uwe.launcher.getAttribute('aria-label')) === 'Chat öffnen', 'the button is not German')
    await uwe.launcher.click()
    await see(uwe.panel.getByRole('heading', { name: 'Moin, wie können wir helfen?' }), 'the greeting')
    await uwe.open('Chat beginnen')
    await uwe.say('Ist das Zelt dicht?')
    await see(uwe.panel.getByText('Gesendet'), 'that it is sent, in German')
    await world.picture(uwe.page, 'chat-german')
  })
  await step('the shopper chooses another language, and it stays', async () => {
    const eva = await world.visitor({ lang: 'de' })
    await eva.visit()
    await eva.launcher.click()
    await eva.panel.locator('select').selectOption('sv')
    await see(eva.panel.getByRole('heading', { name: 'Hej, hur kan vi hjälpa dig?' }), 'Swedish')
    await eva.visit()
    await eva.launcher.click()
    await see(eva.panel.getByRole('heading', { name: 'Hej, hur kan vi hjälpa dig?' }), 'Swedish after a reload')
    await eva.page.context().close()
  })
  await step('in Arabic it runs from right to left', async () => {
    const leila = await world.visitor({ lang: 'ar' })
    await leila.visit()
    await until('the button stands on the left', async () => ((await leila.launcher.boundingBox())?.x ?? 999) < 100)
    await leila.open('بدء محادثة')
    await leila.say('مرحباً، هل الخيمة مقاومة للماء؟ FV-20502')
    await leila.hears('FV-20502')
    await until('what she says stands on the left', async () => {
      const mine = await leila.line('FV-20502').locator('.m').boundingBox()
      const panel = await leila.panel.boundingBox()
      return mine && panel && mine.x - panel.x < panel.width - mine.width - (mine.x - panel.x)
    })
    await leila.fate('sent')
    await world.picture(leila.page, 'chat-arabic')
    await leila.page.context().close()
  })
  await step('with the keyboard alone: in, write, menu, out, and back where it began', async () => {
    const key = await world.visitor()
    await key.visit()
    const { page } = key
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    check(await focused(page, '.launcher'), 'the button is not reached')
    await page.keyboard.press('Enter')
    await until('the focus is in the panel', () => focused(page, '.btn-primary'))
    await page.keyboard.press('Enter')
    await until('the cursor is where one writes', () => focused(page, 'textarea'))
    await page.keyboard.type('By key')
    await page.keyboard.press('Enter')
    await key.fate('sent')
    await page.keyboard.press('Escape')
    await until('it is closed', async () => !(await key.panel.isVisible()))
    check(await focused(page, '.launcher'), 'the focus is lost')
    await page.context().close()
  })
  await step('ended and deleted by the shopper, it is gone in every tab', async () => {
    const mo = await world.visitor()
    await mo.visit()
    await mo.open()
    await mo.say('Forget me')
    await mo.fate('sent')
    const tab = await mo.tab()
    await tab.open('Go on with the chat')
    await tab.hears('Forget me')
    // Browsers draw what nobody sees once a second.
    await mo.page.bringToFront()
    const menu = async (item) => {
      await mo.button('More').click()
      await mo.panel.getByRole('menuitem', { name: item }).click()
    }
    await menu('End the chat')
    await see(tab.panel.getByText('The chat is ended. Write to go on.'), 'that it is ended')
    await menu('Delete the chat')
    await mo.button('Delete the chat').click()
    await see(mo.button('Start a chat'), 'the beginning')
    await until('the other tab has nothing', async () => (await tab.said()).length === 0)
    check(!JSON.stringify((await mo.kept()).lasting).includes('token'), 'the secret is still there')
    await mo.page.context().close()
  })
  await step('who says a great deal at once is told to wait, in words', async () => {
    const loud = await world.visitor({ lang: 'de' })
    await loud.visit()
    await loud.open('Chat beginnen')
    for (let n = 1; n <= 31; n++) await loud.say(`Nummer ${n}`)
    await see(loud.panel.locator('.wrong', { hasText: /Das war viel auf einmal. Weiter geht es in .*(Sekunde|Minute)/ }), 'that it was a lot')
    const { waits, sent } = await loud.panel.evaluate((panel) => ({ waits: panel.querySelectorAll('[data-pending]').length, sent: panel.querySelectorAll('[data-place]').length }))
    check(waits === 1 && sent === 30, `${sent} are sent and ${waits} wait`)
    await loud.page.context().close()
  })
  await step('on a phone it fills the screen', async () => {
    const phone = await world.visitor({ options: { viewport: PHONE, hasTouch: true, isMobile: true } })
    await phone.visit()
    await phone.launcher.tap()
    await see(phone.panel, 'the panel')
    const box = await phone.panel.boundingBox()
    check(box.x === 0 && box.y === 0 && box.width === PHONE.width && box.height >= PHONE.height - 1, `it covers ${JSON.stringify(box)}`)
    check((await phone.page.evaluate(() => document.documentElement.scrollWidth)) <= PHONE.width, 'the page is wider than the phone')
    await world.picture(phone.page, 'chat-phone-home')
    await phone.button('Start a chat').tap()
    await phone.writer.fill('From the bus')
    await phone.button('Send').tap()
    await phone.fate('sent')
    await world.picture(phone.page, 'chat-phone')
    await phone.page.context().close()
  })
}

/** Whether what has the focus, in the shadow too, is this. */
function focused(page, selector) {
  return page.evaluate((selector) => {
    let at = document.activeElement
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
    return at?.matches(selector) ?? false
  }, selector)
}
