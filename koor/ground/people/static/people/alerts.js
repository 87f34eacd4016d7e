// Messages on this device: asked for by a press on the button, never by itself. The page works without: it lists devices.
const form = document.querySelector('[data-hear]')
const can = self.isSecureContext && 'serviceWorker' in navigator && 'PushManager' in self && 'Notification' in self
const say = which => { for (const line of document.querySelectorAll('[data-say]')) line.hidden = line.dataset.say !== which }
const base64 = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const unbase64 = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), char => char.charCodeAt(0))
const digest = async text => [...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))].map(byte => byte.toString(16).padStart(2, '0')).join('')

function deviceName() {
  const { userAgent } = navigator
  const browser = [['Edg', 'Edge'], ['OPR', 'Opera'], ['SamsungBrowser', 'Samsung Internet'], ['Firefox', 'Firefox'], ['Chrome', 'Chrome'], ['Safari', 'Safari']].find(([mark]) => userAgent.includes(mark))
  const system = ['iPhone', 'iPad', 'Android', 'Windows', 'Macintosh', 'CrOS', 'Linux'].find(mark => userAgent.includes(mark))
  return [browser?.[1], system === 'Macintosh' ? 'Mac' : system].filter(Boolean).join(', ')
}

async function subscribed(registration) {
  const key = unbase64(form.dataset.hear)
  const old = await registration.pushManager.getSubscription()
  const before = old?.options.applicationServerKey
  if (old && before && base64(before) === form.dataset.hear) return old
  await old?.unsubscribe() // made for another key: it would never arrive
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
}

// A browser in private mode may never get its service worker: that is said, instead of waiting for ever.
const ready = () => Promise.race([navigator.serviceWorker.ready, new Promise((_, no) => setTimeout(no, 10_000, new Error('no worker')))])

async function hear() {
  if (await Notification.requestPermission() !== 'granted') return show()
  const made = (await subscribed(await ready())).toJSON()
  Object.assign(form.elements.endpoint, { value: made.endpoint })
  form.elements.p256dh.value = made.keys.p256dh
  form.elements.auth.value = made.keys.auth
  form.elements.name.value = deviceName()
  form.submit()
}

async function show() {
  if (!can) return say('no')
  if (Notification.permission === 'denied') { form.hidden = true; return say('denied') }
  say('')
  form.hidden = false
  const registration = await ready()
  const own = await registration.pushManager.getSubscription()
  const here = own && document.querySelector(`[data-device="${await digest(own.endpoint)}"]`)
  if (here) {
    here.querySelector('[data-this]').hidden = false
    here.querySelector('[data-mute]').addEventListener('submit', () => { own.unsubscribe() })
  }
  form.hidden = Boolean(here)
}

form.addEventListener('submit', event => {
  event.preventDefault()
  const button = form.querySelector('button')
  button.disabled = true
  hear().catch(() => say('failed')).finally(() => { button.disabled = false })
})
show().catch(() => {}) // the button says it when it is pressed
