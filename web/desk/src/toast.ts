// Short words about what was done, with undo. Z undoes the last one that can be.
import { shallowReactive, ref } from 'vue'

export interface Toast {
  id: number
  text: string
  icon?: string
  bad?: boolean
  undo?: () => unknown
  /** When the undo runs out; shown as a countdown. */
  until?: number
}

export const toasts = shallowReactive(new Map<number, Toast>())
export const lastUndo = ref<Toast | null>(null)
let count = 0

export function toast(what: Omit<Toast, 'id'>): () => void {
  const id = ++count
  const one: Toast = { id, ...what }
  toasts.set(id, one)
  while (toasts.size > 3) toasts.delete(toasts.keys().next().value!)
  if (one.undo) lastUndo.value = one
  const stay = one.until ? one.until - Date.now() : one.bad ? 10_000 : 6_000
  setTimeout(() => gone(id), Math.max(1500, stay))
  return () => gone(id)
}

function gone(id: number): void {
  const one = toasts.get(id)
  toasts.delete(id)
  // Undo by key stays possible after the words are gone, unless its time has run out.
  if (one?.until && lastUndo.value?.id === id) lastUndo.value = null
}

export function dismiss(id: number): void {
  toasts.delete(id)
}

export function dismissWhere(which: (one: Toast) => boolean): void {
  for (const one of [...toasts.values()]) {
    if (!which(one)) continue
    toasts.delete(one.id)
    if (lastUndo.value?.id === one.id) lastUndo.value = null
  }
}

export async function undo(one: Toast | null = lastUndo.value): Promise<void> {
  if (!one?.undo) return
  toasts.delete(one.id)
  if (lastUndo.value?.id === one.id) lastUndo.value = null
  await one.undo()
}
