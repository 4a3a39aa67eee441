// The live connection: catches up from the last seq we have, follows, and comes back by itself with growing pauses.
import { ref } from 'vue'
import type { Frame, Id, PresenceState } from '@api/schema'
import type { Live } from './live'

const pauses = [1, 2, 4, 8, 15, 30]
const silence = 70_000

export class Socket {
  /** Null while connected; otherwise since when it is not. */
  readonly lostAt = ref<number | null>(null)
  readonly nextTry = ref<number | null>(null)
  private readonly opened = new Set<() => void>()
  private socket: WebSocket | null = null
  private tries = 0
  private timer: ReturnType<typeof setTimeout> | null = null
  private watchdog: ReturnType<typeof setTimeout> | null = null
  private wanted = false
  private first = true

  constructor(
    private readonly live: Live,
    private readonly url = defaultUrl(),
  ) {}

  /** Tries now, whatever the pause. */
  now(): void {
    if (!this.wanted) return
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    this.nextTry.value = null
    this.socket?.close()
    const mine = new WebSocket(this.live.seq > 0 ? `${this.url}?seq=${this.live.seq}` : this.url)
    this.socket = mine
    mine.onmessage = (e) => mine === this.socket && this.hear(JSON.parse(String(e.data)) as Frame)
    mine.onclose = () => mine === this.socket && this.lost()
    this.watch()
  }

  private hear(frame: Frame): void {
    this.watch()
    if (frame.type === 'hello') this.greet(frame.seq)
    else if (frame.type === 'event') this.live.hear(frame.event)
    else if (frame.type === 'whisper') this.live.hearWhisper(frame)
    else if (frame.type === 'presence') this.live.presence.set(frame.ticket, frame.agents)
    else if (frame.type === 'online') this.live.online.value = frame.agents
    else if (frame.type === 'resync') void this.live.resync()
  }

  private greet(seq: number): void {
    this.tries = 0
    this.lostAt.value = null
    const fresh = this.live.seq === 0
    if (fresh) this.live.seq = seq
    // What was read before the first hello may miss events in between; and what was read on another screen while the
    // line was away was whispered, and nobody was here to hear it.
    if (fresh || !this.first) void this.live.lists.reload()
    this.first = false
    this.opened.forEach((act) => act())
  }

  private lost(): void {
    this.socket = null
    if (!this.wanted || this.timer) return
    this.lostAt.value ??= Date.now()
    const pause = pauses[Math.min(this.tries++, pauses.length - 1)]! * 1000 * (0.85 + Math.random() * 0.3)
    this.nextTry.value = Date.now() + pause
    this.timer = setTimeout(() => this.now(), pause)
  }

  /** A line that is dead without saying so is given up. */
  private watch(): void {
    if (this.watchdog) clearTimeout(this.watchdog)
    this.watchdog = setTimeout(this.goneOffline, silence)
  }

  say(ticket: Id | null, state: PresenceState): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false
    this.socket.send(JSON.stringify({ type: 'presence', ticket, state }))
    return true
  }

  // Arrows, because they are handed to the window and keep who they belong to.
  private readonly onlineAgain = (): void => {
    if (this.lostAt.value !== null) this.now()
  }
  /** The browser knows that the line is gone, often long before the socket does. */
  private readonly goneOffline = (): void => {
    const dead = this.socket
    this.socket = null
    dead?.close()
    this.lost()
  }

  start(): void {
    this.wanted = true
    window.addEventListener('online', this.onlineAgain)
    window.addEventListener('offline', this.goneOffline)
    this.now()
  }
  stop(): void {
    this.wanted = false
    window.removeEventListener('online', this.onlineAgain)
    window.removeEventListener('offline', this.goneOffline)
    if (this.timer) clearTimeout(this.timer)
    if (this.watchdog) clearTimeout(this.watchdog)
    this.socket?.close()
    this.socket = null
    this.lostAt.value = null
  }
  onOpen(act: () => void): () => void {
    this.opened.add(act)
    return () => this.opened.delete(act)
  }
}

export const createSocket = (live: Live) => new Socket(live)

function defaultUrl(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/live`
}
