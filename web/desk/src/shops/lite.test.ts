import { expect, it } from 'vitest'
import { lite } from './lite'

it('knows lists and stress, and nothing that could run', () => {
  expect(lite('Be kind.\nAnd short.\n\n- **Never** promise\n- Say <b>when</b> & how\nThen help.')).toBe(
    '<p>Be kind.<br>And short.</p><ul><li><b>Never</b> promise</li><li>Say &lt;b>when&lt;/b> &amp; how</li></ul><p>Then help.</p>',
  )
  expect(lite('** not ** this')).toBe('<p>** not ** this</p>')
  expect(lite('')).toBe('')
})
