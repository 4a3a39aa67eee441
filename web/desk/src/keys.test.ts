import { createApp, defineComponent, h } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

vi.mock('./agents/useMe', async () => {
  const { ref } = await import('vue')
  return { singleKeys: ref(true) }
})
const { startKeys, useKeys } = await import('./keys')
const { singleKeys } = await import('./agents/useMe')

const press = (key: string, more: KeyboardEventInit = {}, at: EventTarget = document.body) =>
  at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
const acts = { next: vi.fn(), solve: vi.fn(), goInbox: vi.fn(), extendDown: vi.fn(), palette: vi.fn(), back: vi.fn() }
let stop = () => {}

beforeEach(() => {
  document.body.innerHTML = '<div id="app"></div><input id="field"><div role="menu"><span id="inmenu"></span></div>'
  createApp(defineComponent(() => (useKeys(acts), () => h('p')))).mount('#app')
  stop = startKeys()
  ;(singleKeys as { value: boolean }).value = true
})
afterEach(() => {
  stop()
  vi.clearAllMocks()
})

describe('the keyboard', () => {
  it('does what single keys, sequences and chords say', () => {
    press('j')
    press('g')
    press('i')
    press('J', { shiftKey: true })
    press('k', { ctrlKey: true })
    expect([acts.next, acts.goInbox, acts.extendDown, acts.palette].map((a) => a.mock.calls.length)).toEqual([1, 1, 1, 1])
  })
  it('leaves text fields and menus alone, chords apart', () => {
    press('e', {}, document.getElementById('field')!)
    press('e', {}, document.getElementById('inmenu')!)
    press('k', { ctrlKey: true }, document.getElementById('field')!)
    expect(acts.solve).not.toHaveBeenCalled()
    expect(acts.palette).toHaveBeenCalledOnce()
  })
  it('can be switched off, all but Escape and chords', () => {
    ;(singleKeys as { value: boolean }).value = false
    press('e')
    press('Escape')
    expect(acts.solve).not.toHaveBeenCalled()
    expect(acts.back).toHaveBeenCalledOnce()
  })
})
