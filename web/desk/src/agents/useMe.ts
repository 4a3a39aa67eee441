// Who sits at this desk: sign-in, preferences, and what the person may do.
import { computed, shallowRef } from 'vue'
import { api, onSignedOut } from '@api/client'
import type { Me, Permission, Prefs } from '@api/schema'
import { speak } from '@/i18n'
import { live, socket, startLive } from '@/live'
import { forgetDirectory, loadDirectory } from '@/directory'

export const me = shallowRef<Me | null>(null)
export const may = (permission: Permission) => me.value?.permissions.includes(permission) ?? false
export const mayWrite = computed(() => may('tickets.write'))
export const prefs = computed<Prefs>(() => me.value?.prefs ?? {})
export const singleKeys = computed(() => prefs.value.keys !== false)

const looks = 'shopbell.look'

/** Puts theme and density on the page; remembered here so that the sign-in page looks the same. */
export function dress(wish: Prefs): void {
  const root = document.documentElement
  if (wish.theme === 'light' || wish.theme === 'dark') root.dataset.theme = wish.theme
  else delete root.dataset.theme
  if (wish.density === 'compact') root.dataset.density = 'compact'
  else delete root.dataset.density
  try {
    localStorage.setItem(looks, JSON.stringify({ theme: wish.theme, density: wish.density }))
  } catch {
    // not remembered, still dressed
  }
}

export function dressAsBefore(): void {
  try {
    dress(JSON.parse(localStorage.getItem(looks) ?? '{}') as Prefs)
  } catch {
    localStorage.removeItem(looks)
  }
}

export async function enter(person: Me): Promise<void> {
  me.value = person
  live.me.value = person.id
  dress(person.prefs)
  await speak(person.language)
  startLive()
  void loadDirectory()
}

export async function whoAmI(): Promise<Me | null> {
  if (me.value) return me.value
  try {
    await enter(await api.get<Me>('/session'))
  } catch {
    return null
  }
  return me.value
}

export async function signIn(email: string, password: string): Promise<void> {
  await enter(await api.post<Me>('/session', { email, password }))
}

export async function signOut(): Promise<void> {
  await api.del('/session').catch(() => {})
  leave()
}

export function leave(): void {
  socket.stop()
  me.value = null
  forgetDirectory()
  // A fresh page forgets everything the last person saw.
  location.assign('/sign-in')
}

onSignedOut(() => {
  if (!me.value) return
  const back = location.pathname + location.search
  socket.stop()
  me.value = null
  location.assign(`/sign-in?next=${encodeURIComponent(back)}`)
})

export async function saveMe(change: Partial<Pick<Me, 'name' | 'language' | 'signature' | 'prefs'>>): Promise<Me> {
  const next = await api.patch<Me>('/me', change)
  // Saved means seen: the words of another language are there before the form says so.
  await speak(next.language)
  me.value = next
  dress(next.prefs)
  return next
}
