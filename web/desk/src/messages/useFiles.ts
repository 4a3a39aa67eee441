// Attachments on their way up: progress, limits, and a way to stop.
import { shallowReactive } from 'vue'
import { upload } from '@api/client'
import type { Upload } from '@api/schema'
import { t } from '@/i18n'
import { words } from '@/live'
import { toast } from '@/toast'
import { misfit, type Allowed } from './limits'
import { changed, type Writing } from './useDraft'

export interface Rising {
  id: number
  name: string
  size: number
  part: number
  stop: () => void
}

let count = 0

/** `allowed` is what the chosen way carries. */
export function useFiles(target: () => Writing, allowed: () => Allowed) {
  const rising = shallowReactive(new Map<number, Rising>())

  async function add(files: Iterable<File>): Promise<void> {
    await Promise.all(Array.from(files, addOne))
  }

  async function addOne(file: File): Promise<void> {
    const w = target()
    const name = file.name || t('file-pasted')
    const wrong = misfit({ name, size: file.size, content_type: file.type || 'application/octet-stream' }, [...w.attachments, ...rising.values()], allowed())
    if (wrong) return void toast({ text: wrong, bad: true })
    const stop = new AbortController()
    const id = ++count
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
