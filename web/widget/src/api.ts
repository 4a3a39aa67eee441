// The visitor's doors of the server.

/** What was not done, by what the visitor can do about it. */
export class Refusal extends Error {
  constructor(
    /** The HTTP status; 0 where no answer came. */
    readonly status: number,
    /** Seconds after which it may be asked again. */
    readonly wait = 0,
  ) {
    super(`refused: ${status}`)
  }

  /** Whether the same may work later. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 408 || this.status >= 500
  }
}

/** An answer takes no longer than this; a file may. */
const PATIENCE = 20_000
const PATIENCE_FOR_FILES = 180_000

export class Api {
  readonly address: string

  constructor(base: string, inbox: string, private readonly token: () => string | undefined) {
    this.address = `${base}api/v1/widgets/${encodeURIComponent(inbox)}`
  }

  get socket(): string {
    return `${this.address.replace(/^http/, 'ws')}/live`
  }

  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const text = await this.fetch(method, path, body, (answer) => answer.text())
    return (text ? JSON.parse(text) : undefined) as T
  }

  /** A file that was sent before. */
  file(id: number | string): Promise<Blob> {
    return this.fetch('GET', `files/${id}`, undefined, (answer) => answer.blob())
  }

  private async fetch<T>(method: string, path: string, body: unknown, read: (answer: Response) => Promise<T>): Promise<T> {
    const token = this.token()
    const isFile = body instanceof Blob
    const takesLong = isFile || path.startsWith('files/')
    const headers: Record<string, string> = {}
    if (token) headers.authorization = `Bearer ${token}`
    if (body !== undefined) headers['content-type'] = isFile ? body.type || 'application/octet-stream' : 'application/json'
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), takesLong ? PATIENCE_FOR_FILES : PATIENCE)
    try {
      const answer = await fetch(`${this.address}${path ? `/${path}` : ''}`, {
        method, headers, signal: stop.signal, credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer',
        ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
      })
      // All of it: a body may stall as well as its headers.
      if (answer.ok) return await read(answer)
      throw new Refusal(answer.status, Number(answer.headers.get('retry-after')) || 0)
    } catch (caught) {
      throw caught instanceof Refusal ? caught : new Refusal(0)
    } finally {
      clearTimeout(timer)
    }
  }
}
