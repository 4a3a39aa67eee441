import { describe, expect, it, vi } from 'vitest'
import { Problem } from '@api/client'
import { useSubmit } from './submit'

const refused = () => new Problem(422, 'Unprocessable Entity', 'name: is taken', [{ field: 'name', why: 'is taken' }])

describe('sending a dialog', () => {
  it('happens once at a time', async () => {
    let done = (): void => {}
    const act = vi.fn(() => new Promise<void>((resolve) => (done = resolve)))
    const { busy, submit } = useSubmit(act)
    const both = [submit(), submit()]
    expect(busy.value).toBe(true)
    done()
    await Promise.all(both)
    expect(act).toHaveBeenCalledTimes(1)
    expect(busy.value).toBe(false)
  })
  it('waits until it is ready', async () => {
    const act = vi.fn(async () => {})
    await useSubmit(act, () => '').submit()
    expect(act).not.toHaveBeenCalled()
  })
  it('says what was refused beside its field, and forgets it with the next try', async () => {
    const act = vi.fn(async () => {})
    act.mockRejectedValueOnce(refused())
    const { busy, error, other, sentence, submit } = useSubmit(act)
    await submit()
    expect(error('name')).toBeTruthy()
    expect(other('name')).toBeNull()
    expect(other('text')).toBeTruthy()
    expect(busy.value).toBe(false)
    await submit()
    expect([error('name'), sentence.value]).toEqual([null, null])
  })
})
