// Attachments on their way up: progress, limits, and a way to stop.
import { shallowReactive } from 'vue'
import { upload } from '@api/client'
import type { Upload } from '@api/schema'
import { t } from '@/i18n'
import { words } from '@/live'
import { size } from '@/time'
import { toast } from '@/toast'
import { changed, type Writing } from './useDraft'

/** What mail servers commonly take, before encoding grows it. */
export const mostBytes = 25 * 1024 * 1024
export const mostFiles = 50

export interface Rising {
  id: number
  name: string
  size: number
  part: number
  stop: () => void
}

let count = 0

export function useFiles(target: () => Writing) {
  const rising = shallowReactive(new Map<number, Rising>())

  async function add(files: Iterable<File>): Promise<void> {
    await Promise.all(Array.from(files, addOne))
  }

  async function addOne(file: File): Promise<void> {
    const w = target()
    const used = w.attachments.reduce((n, a) => n + a.size, 0) + [...rising.values()].reduce((n, r) => n + r.size, 0)
    if (used + file.size > mostBytes) return void toast({ text: t('file-too-big', { name: file.name, most: size(mostBytes) }), bad: true })
    if (w.attachments.length + rising.size >= mostFiles) return void toast({ text: t('file-too-many', { n: mostFiles }), bad: true })
    const stop = new AbortController()
    const id = ++count
    const name = file.name || t('file-pasted')
    rising.set(id, { id, name, size: file.size, part: 0, stop: () => stop.abort() })
    try {
      const got = await upload<Upload>(file, name, (part) => rising.set(id, { ...rising.get(id)!, part }), stop.signal)
      w.attachments = [...w.attachments, got]
      changed(w)
    } catch (error) {
      if (!(error instanceof DOMException)) toast({ text: t('file-failed', { name, why: words(error) }), bad: true })
    } finally {
      rising.delete(id)
    }
  }

  function remove(id: number): void {
    const w = target()
    w.attachments = w.attachments.filter((a) => a.id !== id)
    changed(w)
  }

  return { rising, add, remove }
}
