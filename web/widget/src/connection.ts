// The websocket of a conversation, and coming back after it broke.

export type State = 'idle' | 'connecting' | 'live' | 'waiting' | 'over'

export interface Frame {
  type: string
  [field: string]: unknown
}

type Socket = Pick<WebSocket, 'send' | 'close' | 'readyState'> & {
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
}

export interface Parts {
  open(): Socket
  /** What to say first, or null where there is nobody to be. */
  hello(): object | null
  heard(frame: Frame): void
  /** `wait` is in milliseconds, until the next try. */
  changed(state: State, wait: number): void
  /** Several tries in a row found nobody. */
  failing?(tries: number): void
  random?(): number
}

const FIRST = 700
const LONGEST = 30_000
/** The server pings every 25 s; who hears nothing for so long is connected to nobody. */
const SILENCE = 70_000
/** No answer to the first word for so long. */
const PATIENCE = 15_000
/** RFC 6455, 7.4: the server may not go on with us. */
const POLICY = 1008

/** Milliseconds before the next try: random, so that not all come back at once, and growing with each failure. */
export function pause(failures: number, random: number): number {
  const most = Math.min(LONGEST, FIRST * 2 ** Math.min(failures, 10))
  return Math.round(most * (0.3 + 0.7 * random))
}

export class Connection {
  state: State = 'idle'
  failures = 0
  private socket: Socket | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private watch: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly parts: Parts) {}

  /** Connects if it is not connected or waiting for its turn. */
  start(): void {
    if (this.state === 'idle' || this.state === 'over') this.connect()
  }

  /** Does not wait any longer. */
  hurry(): void {
    if (this.state === 'waiting') this.connect()
  }

  stop(): void {
    this.drop()
    this.failures = 0
    this.become('idle')
  }

  send(frame: object): boolean {
    if (this.state !== 'live' || !this.socket) return false
    try {
      this.socket.send(JSON.stringify(frame))
      return true
    } catch {
      return false
    }
  }

  private connect(): void {
    this.drop()
    if (!this.parts.hello()) return this.become('idle')
    this.become('connecting')
    let socket: Socket
    try {
      socket = this.parts.open()
    } catch {
      return this.wait()
    }
    this.socket = socket
    const current = () => this.socket === socket
    this.listen(PATIENCE)
    socket.onopen = () => {
      const hello = this.parts.hello()
      if (current() && hello) socket.send(JSON.stringify(hello))
    }
    socket.onmessage = (event: { data: unknown }) => current() && this.hear(event.data)
    socket.onclose = (event: { code: number; reason: string }) => {
      if (!current()) return
      this.drop()
      if (event.code === POLICY && event.reason === 'over') return this.become('over')
      this.wait()
    }
  }

  private hear(data: unknown): void {
    this.listen(SILENCE)
    let frame: Frame
    try {
      frame = JSON.parse(String(data)) as Frame
    } catch {
      return
    }
    this.parts.heard(frame)
    // With the first `state` everything that was missed is here.
    if (frame.type === 'state' && this.state === 'connecting') {
      this.failures = 0
      this.become('live')
    }
  }

  private listen(patience: number): void {
    clearTimeout(this.watch)
    this.watch = setTimeout(() => {
      this.drop()
      this.wait()
    }, patience)
  }

  private wait(): void {
    const wait = pause(this.failures++, (this.parts.random ?? Math.random)())
    this.timer = setTimeout(() => this.connect(), wait)
    this.become('waiting', wait)
    this.parts.failing?.(this.failures)
  }

  private drop(): void {
    clearTimeout(this.timer)
    clearTimeout(this.watch)
    const socket = this.socket
    this.socket = undefined
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    try {
      socket.close()
    } catch {
      // It never opened.
    }
  }

  private become(state: State, wait = 0): void {
    if (state === this.state && state !== 'waiting') return
    this.state = state
    this.parts.changed(state, wait)
  }
}
