// The story of the desk: two agents at their desks, a shopper with a mail program, real servers in between.
// crates/server/tests/it/browser.rs starts the servers and gives their addresses.
// CHAPTERS=search,offline tells only those after the beginning.
import { telling } from './telling.mjs'
import { settingUp } from './story/setting-up.mjs'
import { receiving } from './story/receiving.mjs'
import { answering } from './story/answering.mjs'
import { threading } from './story/threading.mjs'
import { together } from './story/together.mjs'
import { sorting } from './story/sorting.mjs'
import { keyboard } from './story/keyboard.mjs'
import { search } from './story/search.mjs'
import { offline } from './story/offline.mjs'
import { inGerman } from './story/german.mjs'
import { person } from './story/person.mjs'
import { orders } from './story/orders.mjs'
import { files } from './story/files.mjs'
import { viewer } from './story/viewer.mjs'

await telling({
  first: { 'setting-up': settingUp },
  chapters: { receiving, answering, threading, together, sorting, keyboard, search, offline, german: inGerman, orders, files, viewer, person },
  seconds: 220,
})
