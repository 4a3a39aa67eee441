// One way to the server: JSON in, JSON out, problems as a typed error.

export interface FieldError {
  field: string
  why: string
}

/** What the server (or the network, status 0) answered instead of what was asked for. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly errors: FieldError[] = [],
    /** Seconds to wait before another try, when the server named them. */
    readonly retryAfter: number | null = null,
    readonly code: string | null = null,
  ) {
    super(detail || title)
  }
  /** True when nothing reached the server, or it asked to come back later: the same request may be sent again. */
  get passing(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
  }
  /** Puts the server's words into the language of the page. */
  static say = (words: string): string => words
  why(field: string): string | null {
    const found = this.errors.find((e) => e.field === field)
    return found ? Problem.say(found.why) : null
  }
}

export interface Call {
  body?: unknown
  query?: Record<string, string | number | boolean | null | undefined>
  /** Idempotency-Key; POSTs get a fresh one unless this names it. */
  key?: string
  signal?: AbortSignal
}

let signedOut: () => void = () => {}
/** Called on every 401 that is not the answer to a sign-in. */
export function onSignedOut(act: () => void): void {
  signedOut = act
}

export function address(path: string, query: Call['query'] = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return `/api/v1${path}${text ? `?${text}` : ''}`
}

export async function call<T>(method: string, path: string, how: Call = {}): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (how.body !== undefined) headers['content-type'] = 'application/json'
  if (method === 'POST') headers['idempotency-key'] = how.key ?? freshKey()
  let answer: Response
  try {
    answer = await fetch(address(path, how.query), {
      method,
      headers,
      body: how.body === undefined ? undefined : JSON.stringify(how.body),
      credentials: 'same-origin',
      signal: how.signal,
    })
  } catch (error) {
    if (how.signal?.aborted) throw error
    throw new Problem(0, 'offline', '')
  }
  if (!answer.ok) throw await problem(answer, path)
  if (answer.status === 204 || answer.status === 202) return undefined as T
  return (await answer.json()) as T
}

async function problem(answer: Response, path: string): Promise<Problem> {
  if (answer.status === 401 && path !== '/session') signedOut()
  const after = Number(answer.headers.get('retry-after'))
  const code = answer.headers.get('x-request-id')
  let said: { title?: string; detail?: string; errors?: FieldError[] } = {}
  try {
    said = await answer.json()
  } catch {
    // A proxy's page or an empty answer: the status has to do.
  }
  const title = said.title ?? answer.statusText
  return new Problem(answer.status, title, said.detail ?? '', said.errors ?? [], after > 0 ? after : null, code)
}

/** A fresh Idempotency-Key. Plain http on a LAN has no randomUUID, so it falls back to getRandomValues. */
export function freshKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

export const api = {
  get: <T>(path: string, query?: Call['query'], signal?: AbortSignal) => call<T>('GET', path, { query, signal }),
  post: <T>(path: string, body?: unknown, key?: string) => call<T>('POST', path, { body, key }),
  put: <T>(path: string, body?: unknown) => call<T>('PUT', path, { body }),
  patch: <T>(path: string, body: unknown) => call<T>('PATCH', path, { body }),
  del: <T>(path: string) => call<T>('DELETE', path),
}

/** Uploads raw bytes and tells how far it is (0 to 1). fetch cannot report this, XMLHttpRequest can. */
export function upload<T>(file: Blob, name: string, progress: (part: number) => void, signal?: AbortSignal, to?: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open('POST', address(to ?? '/uploads', { name }))
    xhr.setRequestHeader('content-type', file.type || 'application/octet-stream')
    // What is remembered by its key may be no larger than any other request.
    if (to === undefined) xhr.setRequestHeader('idempotency-key', freshKey())
    xhr.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total)
    xhr.onload = () => {
      if (xhr.status === 201 || xhr.status === 200) return resolve(JSON.parse(xhr.responseText) as T)
      let said: { title?: string; detail?: string; errors?: FieldError[] } = {}
      try {
        said = JSON.parse(xhr.responseText)
      } catch {
        // no words came with it
      }
      reject(new Problem(xhr.status, said.title ?? xhr.statusText, said.detail ?? '', said.errors ?? []))
    }
    xhr.onerror = () => reject(new Problem(0, 'offline', ''))
    xhr.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    signal?.addEventListener('abort', () => xhr.abort())
    xhr.send(file)
  })
}
