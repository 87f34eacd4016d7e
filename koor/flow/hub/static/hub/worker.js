// The service worker: opens the capture page without signal, takes in what other apps share, and sends what waits.
// `koor` (version, shells, files, language) stands above this script. It keeps no page of anybody: only the empty capture page.
const PATIENCE = 3000 // ms that the capture page waits for a slow line

addEventListener('install', event => event.waitUntil((async () => {
  const cache = await caches.open(koor.version)
  await cache.addAll([...Object.values(koor.shells), ...koor.files].map(address => new Request(address, { cache: 'reload', credentials: 'omit' })))
  await skipWaiting()
})()))

addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('koor-') && name !== koor.version) await caches.delete(name)
  await clients.claim()
})()))

addEventListener('fetch', event => {
  const { request } = event
  const address = new URL(request.url)
  if (address.origin !== location.origin) return
  if (request.method === 'POST' && address.pathname === '/capture/share/') event.respondWith(shared(request))
  else if (request.method !== 'GET') return
  else if (request.mode === 'navigate') event.respondWith(page(request, address))
  else if (koor.files.includes(address.pathname)) event.respondWith(kept(address.pathname).then(found => found ?? fetch(request)))
})

const kept = async address => (await caches.open(koor.version)).match(address)

async function shell() {
  const language = await koor.queue.known('language').catch(() => undefined)
  return kept(koor.shells[language] ?? koor.shells[koor.language])
}

async function page(request, address) {
  const capture = address.pathname === '/capture/'
  if (capture && address.searchParams.has('shared')) return await shell() ?? fetch(request)
  try {
    const answer = await (capture ? Promise.race([fetch(request), late()]) : fetch(request))
    if (!capture || answer.status < 500) return answer
  } catch { /* no signal */ }
  return await shell() ?? Response.error()
}
const late = () => new Promise((_, no) => setTimeout(no, PATIENCE, new Error('slow')))

// From the phone's own gallery: into the draft, and on to the page with the sentence.
async function shared(request) {
  const form = await request.formData()
  const photos = form.getAll('photos').filter(file => file.size)
  const words = ['title', 'text', 'url'].map(name => form.get(name)).filter(Boolean).join(' ').slice(0, 500)
  const person = (await koor.queue.known('person')) ?? ''
  await koor.queue.addToDraft(person, photos, words)
  return Response.redirect('/capture/?shared=1', 303)
}

addEventListener('sync', event => {
  if (event.tag === 'koor-queue') event.waitUntil(koor.queue.send(true).then(async () => {
    if ((await koor.queue.all()).some(entry => entry.problem === 'no_signal')) throw new Error('again')
  }))
})
