// Files on their way: checked before they leave, uploaded at once, said with the next message.
import { Refusal, type Api } from './api'
import type { Attached } from './conversation'
import type { Look } from './look'

export interface Upload {
  name: string
  state: 'busy' | 'done' | 'failed'
  file?: Attached
}

/** Files of one message. */
export const MOST = 5

export type Problem = { key: 'tooLarge'; size: number } | { key: 'wrongKind' } | { key: 'tooMany'; n: number } | { key: 'fileFailed' }

/** What is wrong with a file before anybody has seen it. */
export function check(file: { size: number; type: string }, limits: NonNullable<Look['files']>, already: number): Problem | null {
  if (already >= MOST) return { key: 'tooMany', n: MOST }
  if (limits.maxBytes > 0 && file.size > limits.maxBytes) return { key: 'tooLarge', size: limits.maxBytes }
  if (file.size === 0) return { key: 'fileFailed' }
  const fits = (type: string) => type === file.type || type === '*/*' || (type.endsWith('/*') && file.type.startsWith(type.slice(0, -1)))
  // A browser that does not know the kind leaves it to the server, which looks inside.
  return limits.types.length === 0 || file.type === '' || limits.types.some(fits) ? null : { key: 'wrongKind' }
}

/** A pasted picture has the same name each time, which says nothing; a hostile name is only text. */
export const nameOf = (file: File) => (file.name || 'file').replace(/[\u0000-\u001f\u007f/\\]/g, '_').slice(-120)

export async function upload(api: Api, file: File): Promise<Attached> {
  return api.ask<Attached>('POST', `files?name=${encodeURIComponent(nameOf(file))}`, file)
}

export function problemOf(caught: unknown, limits: NonNullable<Look['files']>): Problem {
  const status = caught instanceof Refusal ? caught.status : 0
  if (status === 413) return { key: 'tooLarge', size: limits.maxBytes }
  // 422: the server's scanner has found something in it.
  return status === 415 || status === 422 ? { key: 'wrongKind' } : { key: 'fileFailed' }
}

/** Pictures that browsers only draw. Whatever else there is can only be saved. */
const DRAWN = /^image\/(png|jpeg|gif|webp|avif|bmp)$/

export class Pictures {
  private known = new Map<Attached['id'], Promise<string>>()

  constructor(private readonly api: Api) {}

  static shows(file: Attached): boolean {
    return file.picture && DRAWN.test(file.type)
  }

  /** An address inside this page, because the server wants the visitor's token. */
  address(file: Attached): Promise<string> {
    let found = this.known.get(file.id)
    if (!found) {
      found = this.api.fetch('GET', `files/${file.id}`).then(async (answer) => URL.createObjectURL(new Blob([await answer.blob()], { type: file.type })))
      found.catch(() => this.known.delete(file.id))
      this.known.set(file.id, found)
    }
    return found
  }

  async save(file: Attached): Promise<void> {
    const bytes = await (await this.api.fetch('GET', `files/${file.id}`)).blob()
    // Without a kind of its own nothing in it can run here.
    const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
    const link = document.createElement('a')
    link.href = address
    link.download = file.name
    link.click()
    setTimeout(() => URL.revokeObjectURL(address), 10_000)
  }

  clear(): void {
    for (const one of this.known.values()) void one.then((address) => URL.revokeObjectURL(address), () => {})
    this.known.clear()
  }
}
