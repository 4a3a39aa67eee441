// Files on their way: checked before they leave, uploaded at once, said with the next message.
import { Refusal, type Api } from './api'
import type { Attached } from './conversation'
import type { Look } from './look'
import type { Widget } from './widget'

export interface Upload {
  name: string
  state: 'busy' | 'done'
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

function problemOf(caught: unknown, limits: NonNullable<Look['files']>): Problem {
  const status = caught instanceof Refusal ? caught.status : 0
  if (status === 413) return { key: 'tooLarge', size: limits.maxBytes }
  // 422: the server's scanner has found something in it.
  return status === 415 || status === 422 ? { key: 'wrongKind' } : { key: 'fileFailed' }
}

/** The files of the next message. */
export class Uploads {
  all: Upload[] = []

  constructor(private readonly widget: Widget) {}

  get files(): Attached[] {
    return this.all.flatMap((one) => (one.file ? [one.file] : []))
  }

  get busy(): boolean {
    return this.all.some((one) => one.state === 'busy')
  }

  add(files: Iterable<File>): void {
    const { widget } = this
    const limits = widget.look?.files
    if (!limits) return
    widget.notice = ''
    for (const file of files) {
      const wrong = check(file, limits, this.all.length)
      if (wrong) this.refuse(file, wrong)
      else void this.upload(file, limits)
    }
    widget.screen.refresh()
  }

  remove(one: Upload): void {
    this.all = this.all.filter((other) => other !== one)
  }

  private async upload(file: File, limits: NonNullable<Look['files']>): Promise<void> {
    const { widget } = this
    const one: Upload = { name: nameOf(file), state: 'busy' }
    this.all.push(one)
    try {
      await widget.visitor.ready()
      one.file = await widget.api.ask<Attached>('POST', `files?name=${encodeURIComponent(one.name)}`, file)
      one.state = 'done'
    } catch (caught) {
      this.remove(one)
      if (caught instanceof Refusal && (caught.status === 429 || caught.status === 403)) widget.complain(caught)
      else this.refuse(file, problemOf(caught, limits))
    }
    widget.screen.refresh()
  }

  private refuse(file: File, wrong: Problem): void {
    const { widget } = this
    const size = wrong.key === 'tooLarge' ? widget.words.size(wrong.size) : ''
    widget.notice = widget.words.t(wrong.key, { name: nameOf(file), size, n: wrong.key === 'tooMany' ? wrong.n : 0 })
    widget.screen.announce(widget.notice)
  }
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
      found = this.api.file(file.id).then((bytes) => URL.createObjectURL(new Blob([bytes], { type: file.type })))
      found.catch(() => this.known.delete(file.id))
      this.known.set(file.id, found)
    }
    return found
  }

  async save(file: Attached): Promise<void> {
    const bytes = await this.api.file(file.id)
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
