// A small bell: two notes, made here, so that nothing is fetched and no policy minds.

let context: AudioContext | undefined

/** Browsers let a page sound only after somebody touched it. */
export function touched(): void {
  try {
    context ??= new AudioContext()
    void context.resume()
  } catch {
    // No sound here.
  }
}

export function ring(): void {
  if (!context || context.state !== 'running') return
  const at = context.currentTime
  for (const [note, delay] of [[880, 0], [1318.5, 0.11]] as const) {
    const tone = context.createOscillator()
    const volume = context.createGain()
    tone.frequency.value = note
    volume.gain.setValueAtTime(0, at + delay)
    volume.gain.linearRampToValueAtTime(0.12, at + delay + 0.01)
    volume.gain.exponentialRampToValueAtTime(0.0001, at + delay + 0.5)
    tone.connect(volume).connect(context.destination)
    tone.start(at + delay)
    tone.stop(at + delay + 0.55)
  }
}
