// In the service worker: shows a message that the house sent, and opens the page that it is about; a page of this house alone.
addEventListener('push', event => {
  let said = {}
  try { said = event.data?.json() ?? {} } catch { /* not ours: a line all the same, browsers ask for one */ }
  const { title = 'Koor', text = '', url = '/', tag = 'koor' } = said
  event.waitUntil(registration.showNotification(String(title), { body: String(text), tag: String(tag), data: { url: String(url) }, icon: koor.icon, lang: koor.language }))
})

function ownPage(url) {
  try {
    const address = new URL(url, location.origin)
    return address.origin === location.origin ? address.href : `${location.origin}/`
  } catch {
    return `${location.origin}/`
  }
}

addEventListener('notificationclick', event => {
  event.notification.close()
  const page = ownPage(event.notification.data?.url ?? '/')
  event.waitUntil((async () => {
    const open = await clients.matchAll({ type: 'window' })
    const there = open.find(one => one.url === page)
    if (there) return there.focus()
    return clients.openWindow(page)
  })())
})

// The browser renewed its address: the house hears the new one, if somebody is signed in.
addEventListener('pushsubscriptionchange', event => event.waitUntil((async () => {
  const old = event.oldSubscription
  const fresh = event.newSubscription ?? (old && await registration.pushManager.subscribe(old.options))
  if (!fresh) return
  const asked = await fetch('/capture/phone/')
  if (!asked.ok) return
  const { token } = await asked.json()
  const made = fresh.toJSON()
  const body = new URLSearchParams({ endpoint: made.endpoint, ...made.keys, name: '' })
  await fetch('/me/alerts/hear/', { method: 'POST', body, headers: { 'X-CSRFToken': token } })
})()))
