import { createApp, defineComponent, h } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

vi.mock('./agents/useMe', async () => {
  const { ref } = await import('vue')
  return { singleKeys: ref(true), prefs: ref({}) }
})
const { caps, spell, startKeys, useKeys } = await import('./keys')
const { prefs, singleKeys } = (await import('./agents/useMe')) as unknown as { prefs: { value: { keymap?: Record<string, string> } }; singleKeys: { value: boolean } }

const press = (key: string, more: KeyboardEventInit = {}, at: EventTarget = document.body) =>
  at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
const acts = { next: vi.fn(), solve: vi.fn(), goInbox: vi.fn(), extendDown: vi.fn(), palette: vi.fn(), back: vi.fn(), views: vi.fn() }
let stop = () => {}

beforeEach(() => {
  document.body.innerHTML = '<div id="app"></div><input id="field"><div role="menu"><span id="inmenu"></span></div>'
  createApp(defineComponent(() => (useKeys(acts), () => h('p')))).mount('#app')
  stop = startKeys()
  singleKeys.value = true
  prefs.value = {}
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
  it('leaves a dialog alone whose button has just lost the focus', () => {
    document.body.insertAdjacentHTML('beforeend', '<div class="modal" role="dialog"></div>')
    press('Escape')
    press('e')
    expect([acts.back, acts.solve].map((a) => a.mock.calls.length)).toEqual([0, 0])
  })
  it('can be switched off, all but Escape and chords', () => {
    singleKeys.value = false
    press('e')
    press('Escape')
    expect(acts.solve).not.toHaveBeenCalled()
    expect(acts.back).toHaveBeenCalledOnce()
  })
  it('follows the keys an agent chose, and says so', () => {
    prefs.value = { keymap: { solve: 's', next: 'g n', back: 'q' } }
    press('e')
    expect(acts.solve).not.toHaveBeenCalled()
    press('s')
    press('g')
    press('n')
    press('q')
    press('Escape')
    expect([acts.solve, acts.next, acts.back].map((a) => a.mock.calls.length)).toEqual([1, 1, 1])
    expect([caps('solve'), caps('next'), caps('back'), spell('mod++')]).toEqual([['S'], ['G', 'N'], ['Esc'], ['key-ctrl', '+']])
  })
  it('hears a sign that needs AltGr', () => {
    const e = new KeyboardEvent('keydown', { key: '[', altKey: true, ctrlKey: true, bubbles: true, cancelable: true })
    Object.defineProperty(e, 'getModifierState', { value: (name: string) => name === 'AltGraph' })
    document.body.dispatchEvent(e)
    expect(acts.views).toHaveBeenCalledOnce()
  })
})
