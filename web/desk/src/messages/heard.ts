// What somebody said in the shop or on the phone: who it was, from what an agent typed of them.

export type Heard = 'in_person' | 'voice'

export interface Told {
  name?: string
  email?: string
  phone?: string
}

const MAIL = /<?([^\s<>,;]+@[^\s<>,;]+)>?/
const PHONE = /\+?\(?\d[\d\s()./-]{4,}\d/

/** A name, an address and a number, in any order; what is missing nobody knows. */
export function toldOf(typed: string): Told {
  const email = MAIL.exec(typed)?.[1]
  const rest = typed.replace(MAIL, ' ')
  const phone = PHONE.exec(rest)?.[0].trim()
  const name = rest.replace(PHONE, ' ').replace(/[,;]/g, ' ').replace(/\s+/g, ' ').trim()
  return { ...(name ? { name } : {}), ...(email ? { email } : {}), ...(phone ? { phone } : {}) }
}

/** The clock on the wall as the server wants it; nothing where nothing was chosen. */
export const moment = (typed: string): { said_at?: string } => (typed && !Number.isNaN(Date.parse(typed)) ? { said_at: new Date(typed).toISOString() } : {})
