// What stands on the shop's own pages for an inbox.
import type { Inbox, Setting } from '@api/schema'

/** The line that brings the widget to a page. The button is drawn before anybody is asked, so its look stands there, too. */
export function snippet(server: string, inbox: Pick<Inbox, 'id' | 'settings'>, schema: Setting[]): string {
  const look = ['colour', 'side'].flatMap((key) => {
    const [said, holds] = [inbox.settings[key], schema.find((s) => s.key === key)?.default]
    return typeof said === 'string' && /^[#\w-]+$/.test(said) && said !== holds ? [` data-${key}="${said}"`] : []
  })
  return `<script src="${server}/widget.js" data-inbox="${inbox.id}"${look.join('')} async><\/script>`
}

/** Of a form: its own page, and the line that brings it to a page of the shop. */
export const formPage = (server: string, id: number): string => `${server}/forms/${id}`
export const formLine = (server: string, id: number): string => `<script src="${server}/form.js" data-inbox="${id}" async><\/script>`
