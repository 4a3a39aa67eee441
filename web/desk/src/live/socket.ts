// The live connection: catches up from the last seq we have, follows, and comes back by itself with growing pauses.
import { ref } from 'vue'
import type { Frame, Id, PresenceState } from '@api/schema'
import type { Live } from './live'

const pauses = [1, 2, 4, 8, 15, 30]
const silence = 70_000

export function createSocket(live: Live, url = defaultUrl()) {
  /** Null while connected; otherwise since when it is not. */
  const lostAt = ref<number | null>(null)
  const nextTry = ref<number | null>(null)
  const opened = new Set<() => void>()
  let socket: WebSocket | null = null
  let tries = 0
  let timer: ReturnType<typeof setTimeout> | null = null
  let watchdog: ReturnType<typeof setTimeout> | null = null
  let wanted = false
  let first = true

  function connect(): void {
    if (!wanted) return
    if (timer) clearTimeout(timer)
    timer = null
    nextTry.value = null
    socket?.close()
    const mine = new WebSocket(live.seq > 0 ? `${url}?seq=${live.seq}` : url)
    socket = mine
    mine.onmessage = (e) => mine === socket && hear(JSON.parse(String(e.data)) as Frame)
    mine.onclose = () => mine === socket && lost()
    watch()
  }

  function hear(frame: Frame): void {
    watch()
    if (frame.type === 'hello') greet(frame.seq)
    else if (frame.type === 'event') live.hear(frame.event)
    else if (frame.type === 'presence') live.presence.set(frame.ticket, frame.agents)
    else if (frame.type === 'online') live.online.value = frame.agents
    else if (frame.type === 'resync') void live.resync()
  }

  function greet(seq: number): void {
    tries = 0
    lostAt.value = null
    const fresh = live.seq === 0
    if (fresh) live.seq = seq
    // What was read before the first hello may miss events in between.
    if (first && fresh) void live.lists.reload()
    first = false
    opened.forEach((act) => act())
  }

  function lost(): void {
    socket = null
    if (!wanted || timer) return
    lostAt.value ??= Date.now()
    const pause = pauses[Math.min(tries++, pauses.length - 1)]! * 1000 * (0.85 + Math.random() * 0.3)
    nextTry.value = Date.now() + pause
    timer = setTimeout(connect, pause)
  }

  /** A line that is dead without saying so is given up. */
  function watch(): void {
    if (watchdog) clearTimeout(watchdog)
    watchdog = setTimeout(goneOffline, silence)
  }

  function say(ticket: Id | null, state: PresenceState): boolean {
    if (socket?.readyState !== WebSocket.OPEN) return false
    socket.send(JSON.stringify({ type: 'presence', ticket, state }))
    return true
  }

  const onlineAgain = () => lostAt.value !== null && connect()
  /** The browser knows that the line is gone, often long before the socket does. */
  function goneOffline(): void {
    const dead = socket
    socket = null
    dead?.close()
    lost()
  }

  return {
    lostAt, nextTry, say,
    start() {
      wanted = true
      window.addEventListener('online', onlineAgain)
      window.addEventListener('offline', goneOffline)
      connect()
    },
    stop() {
      wanted = false
      window.removeEventListener('online', onlineAgain)
      window.removeEventListener('offline', goneOffline)
      if (timer) clearTimeout(timer)
      if (watchdog) clearTimeout(watchdog)
      socket?.close()
      socket = null
      lostAt.value = null
    },
    now: connect,
    onOpen(act: () => void) {
      opened.add(act)
      return () => opened.delete(act)
    },
  }
}

function defaultUrl(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/live`
}
