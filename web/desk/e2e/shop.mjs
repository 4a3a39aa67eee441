// A shop's own pages on another origin, under a strict policy: the widget's one line, and nothing that helps it.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'

const style = `body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#142024;background:#fff}main{max-width:1100px;margin:auto;padding:24px;display:grid;grid-template-columns:1fr 1fr;gap:44px}
header{border-bottom:1px solid #dee4e5;padding:16px 24px;font-weight:700}h1{font-size:38px;margin:0}.scene{height:420px;border-radius:12px;background:linear-gradient(#c9d9de,#86a9b4 60%,#56704f 60%)}
button{font:inherit;padding:10px 18px;border:0;border-radius:10px;background:#1d4b39;color:#fff}iframe{width:100%;height:700px;border:0}@media(max-width:800px){main{grid-template-columns:1fr}}
@media(prefers-color-scheme:dark){body{background:#171f22;color:#e4eaeb}}`

/** What a careful shop would write: calls from before the widget is there are kept. */
const script = `window.shopbell=window.shopbell||function(){(shopbell.q=shopbell.q||[]).push(arguments)}
window.heard=[];for(const name of ['ready','open','close','message','unread','identified','refused'])shopbell('on',name,(about)=>heard.push([name,about]))
new MutationObserver((all)=>all.some((one)=>[...one.addedNodes].some((node)=>node.shadowRoot))&&(window.shown??=performance.now())).observe(document.documentElement,{childList:true,subtree:true})
window.broken=[];addEventListener('securitypolicyviolation',(e)=>broken.push(e.violatedDirective+' '+e.blockedURI+' '+e.sourceFile))
const asked=new URLSearchParams(location.search);if(asked.has('as'))shopbell('identify',asked.get('as'))`

export async function openShop() {
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://shop')
    const base = url.searchParams.get('node') ?? ''
    const send = (type, body, more = {}) => response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, ...more }).end(body)
    if (url.pathname === '/shop.css') return send('text/css', style)
    if (url.pathname === '/shop.js') return send('text/javascript', script)
    if (url.pathname === '/favicon.ico') return response.writeHead(204).end()
    // Either the addresses of scripts are named, or they carry a word that nobody else knows.
    const nonce = url.searchParams.has('nonce') ? randomUUID() : ''
    const scripts = nonce ? `'nonce-${nonce}' 'strict-dynamic'` : `'self' ${base}`
    const policy = `default-src 'none'; script-src ${scripts}; connect-src ${base} ${base.replace('http', 'ws')}; img-src blob:; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'`
    const isolated = nonce ? { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' } : {}
    send('text/html', page(url, base).replaceAll('<script ', nonce ? `<script nonce="${nonce}" ` : '<script '), { 'content-security-policy': policy, ...isolated })
  })
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}

function page({ pathname, searchParams: asked }, base) {
  const lang = asked.get('lang') ?? 'en'
  const more = ['theme', 'consent', 'side'].filter((name) => asked.has(name)).map((name) => ` data-${name}="${asked.get(name)}"`).join('')
  const frame = new URLSearchParams(asked)
  const body = pathname === '/sandbox'
    ? `<iframe sandbox="allow-scripts" src="/tent?${frame.toString().replaceAll('&', '&amp;')}" title="The shop in a frame"></iframe>`
    : `<main><div class="scene"></div><div><h1>Skarv 2</h1><p>A two-person tent for wind. Two doors, one pole set, 2.1 kilos.</p><button>Add to basket</button></div></main>
<script src="/shop.js"></script><script src="${base}/widget.js" data-inbox="${asked.get('inbox')}"${more} async></script>`
  return `<!doctype html><html lang="${lang}"${lang === 'ar' ? ' dir="rtl"' : ''}><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><title>Skarv 2</title><link rel="stylesheet" href="/shop.css"><header>Fjellvik</header>${body}</html>`
}
