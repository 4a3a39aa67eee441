// Where things are. /inbox/:view/:id? is the desk; everything else is a page of its own chunk.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { api } from '@api/client'
import { whoAmI } from './agents/useMe'
import Desk from './tickets/Desk.vue'

const SettingsPage = () => import('./settings/Settings.vue')
const Gate = () => import('./agents/Gate.vue')

export const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/inbox/open' },
  { path: '/inbox', redirect: '/inbox/open' },
  { path: '/inbox/:view/:id(\\d+)?', name: 'inbox', component: Desk },
  { path: '/tickets/:id(\\d+)', redirect: (to) => `/inbox/open/${String(to.params.id)}` },
  { path: '/customers/:id(\\d+)?', name: 'customers', component: () => import('./customers/Customers.vue') },
  // Not /returns: that is the shopper's page.
  { path: '/warehouse/:id(\\d+)?', name: 'returns', component: () => import('./returns/Returns.vue') },
  { path: '/parcels/:id(\\d+)?', name: 'parcels', component: () => import('./parcels/Parcels.vue') },
  { path: '/visitors', name: 'visitors', component: () => import('./visits/Visitors.vue') },
  { path: '/approvals', name: 'approvals', component: () => import('./orders/Approvals.vue') },
  { path: '/search', name: 'search', component: () => import('./search/Results.vue') },
  { path: '/settings', redirect: '/settings/profile' },
  { path: '/settings/:page/:id?', name: 'settings', component: SettingsPage },
  { path: '/sign-in', name: 'sign-in', component: Gate, meta: { open: true } },
  { path: '/setup', name: 'setup', component: Gate, meta: { open: true } },
  { path: '/reset/:token?', alias: ['/password-reset/:token?', '/reset-password/:token?'], name: 'reset', component: Gate, meta: { open: true } },
  { path: '/invitation/:token', alias: ['/invitations/:token', '/invite/:token'], name: 'invitation', component: Gate, meta: { open: true } },
  { path: '/:rest(.*)*', redirect: '/inbox/open' },
]

export const router = createRouter({ history: createWebHistory(), routes })

let asked = false
async function needsSetup(): Promise<boolean> {
  if (asked) return false
  asked = true
  try {
    return (await api.get<{ needed: boolean }>('/setup')).needed
  } catch {
    return false
  }
}

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  if (await whoAmI()) return true
  if (await needsSetup()) return { name: 'setup' }
  return { name: 'sign-in', query: to.fullPath === '/' || to.fullPath === '/inbox/open' ? {} : { next: to.fullPath } }
})
