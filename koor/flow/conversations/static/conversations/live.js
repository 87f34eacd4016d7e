// An open conversation or list follows what happens: new messages, who has what, who else looks or writes. The page asks
// in a few milliseconds whether anything changed, and fetches itself again only then. A hidden page asks nothing.
//
// In between it asks something cheaper, out of the memory of the house: did anything happen at all (the pulse)? Then it asks
// at once, and what happens is seen within half a second. What that costs beyond 1/40 of a process is lent, SAVED ms of
// work at most, and given back by resting. Without a pulse, where a phone saves data, or when word of it is lost, it is
// seen with the next question.
//
// What it costs: asking takes 4.4 ms of a processor (7 when it says that one looks, each 5 s), the page 56 ms. While
// somebody uses it a page asks each 1.2 s: 0.4 % of a process. One that nobody touched for three minutes asks each
// 2.75 s, so that sixty of them take 10 % (22 % if all were used), and 38 % on a machine four times slower (88 %).
// After each turn it rests 40 times what the house worked for it, the page counted in: 2.4 s after a page of 56 ms, so
// that none takes more than 1/40 of a process for itself; and 10 times what the answer let wait, so that all ask less
// often where the house is full. Never more than 6 s, since what was said must be seen.
const here = document.getElementById('live')
const OFTEN = 1200, CALM = 2750, SELDOM = 6000, LONG_AGO = 180000, WORKED = 40, WAITED = 10
const SIGN = 5000, REFRESH = 60000, QUICK = 500, SAVED = 500
const PARTS = ['queue', 'lists', 'whose', 'pill', 'log']
const { live: address, of, page } = here.dataset
const seen = { mark: here.dataset.mark, list: here.dataset.list }
let left = {} // the marks of what was fetched and not, or not wholly, put here; it is not fetched again for nothing
let typed = 0, signed = 0, wrote = false, fetched = Date.now(), busy = false
let timer = 0, took = 0, work = 0, touched = Date.now()
let pulse = '', saved = SAVED, counted = Date.now()

const box = () => of ? document.querySelector('#answer textarea[name=text]') : null
const token = () => JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']

function form(fields) {
  const data = new FormData()
  data.set('csrfmiddlewaretoken', token())
  for (const [name, value] of Object.entries(fields)) if (value) data.set(name, value)
  return data
}

// The house tells what an answer took of its processor; the road to it may be long, and costs the house nothing.
async function answered(address, options) {
  const began = Date.now()
  const answer = await fetch(address, options)
  const told = /work;dur=([\d.]+)/.exec(answer.headers.get('Server-Timing'))
  work += told ? Number(told[1]) : Date.now() - began
  return answer
}

async function ask() {
  const now = Date.now()
  const writes = now - typed < 4000 && Boolean(box()?.value.trim())
  const look = of && (now - signed > SIGN || writes !== wrote)
  const answer = await answered(address, { method: 'POST', body: form({ of, look: look && '1', writes: writes && '1' }) })
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText)
  if (look) [signed, wrote] = [now, writes]
  const told = await answer.json()
  took = Date.now() - now
  pulse = told.pulse
  beside(told.beside)
  const old = Date.now() - fetched > REFRESH && (left.parts || document.getElementById(of ? 'queue' : 'lists'))
  const known = [seen, left].some(marks => marks.mark === told.mark && marks.list === told.list)
  if (!known || old) await follow(told)
}

function beside(told) {
  const place = document.getElementById('beside')
  if (place && place.textContent !== (told[of] ?? '')) place.textContent = told[of] ?? ''
  for (const old of document.querySelectorAll('.queue .looks')) old.remove()
  for (const [number, words] of Object.entries(told)) {
    const row = document.querySelector(`.queue [data-of="${number}"] .to`)
    row?.append(Object.assign(document.createElement('span'), { className: 'looks', textContent: words }))
  }
}

async function follow(told) {
  const answer = await answered(page || location.href, { headers: { Accept: 'text/html' } })
  if (answer.status >= 500) throw new Error(answer.statusText)
  fetched = Date.now()
  left = told
  if (!answer.ok) return
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const changed = told.mark !== seen.mark
  const parts = PARTS.filter(id => !put(id, fresh))
  if (changed && !parts.includes('log')) news(fresh)
  const made = fresh.getElementById('live')?.dataset
  if (parts.length) left = { ...told, parts }
  else if (made) Object.assign(seen, { mark: made.mark, list: made.list })
}

// Leaves alone what one is busy with; that comes when one goes on to something else, or after a while. Whoever clicked
// in the conversation only reads: nothing of it is lost, and its own focus and place stay.
function put(id, fresh) {
  const [old, made] = [document.getElementById(id), fresh.getElementById(id)]
  if (!old || !made || old.innerHTML === made.innerHTML) return true
  const focused = old.contains(document.activeElement) ? document.activeElement : null
  const reads = focused?.id === 'newest' // where a phone comes back after a form
  if (focused && focused !== old && !focused.href && !reads) return false
  const place = scroller(old), top = place.scrollTop
  const end = place.scrollHeight - top - place.clientHeight < 60
  old.replaceChildren(...made.childNodes)
  if (focused?.href) [...old.querySelectorAll('a')].find(link => link.href === focused.href)?.focus({ preventScroll: true })
  if (reads) document.getElementById('newest')?.focus({ preventScroll: true })
  place.scrollTop = id === 'log' && end ? place.scrollHeight : top
  window.htmx?.process(old)
  return true
}

function scroller(part) {
  for (const own of [part, part.closest('.pane')]) {
    if (own && own.scrollHeight > own.clientHeight && getComputedStyle(own).overflowY === 'auto') return own
  }
  return document.documentElement
}

// Whoever has words in the box keeps what they had read as the last: sending asks first, then.
function news(fresh) {
  const [last, newer] = [document.getElementById('last-message'), fresh.getElementById('last-message')]
  if (!last || !newer || last.value === newer.value) return
  if (box()?.value.trim()) document.getElementById('came-here').hidden = false
  else last.value = newer.value
}

async function turn() {
  clearTimeout(timer)
  if (busy || document.hidden) return
  busy = true
  work = 0
  let failed = false
  try { await ask() } catch { failed = true }
  const least = untouched() ? CALM : OFTEN
  const wait = failed ? 10000 : Math.min(Math.max(least, WORKED * work, WAITED * took), SELDOM)
  saved = Math.min(SAVED, saved + (Date.now() - counted) / WORKED) - work
  counted = Date.now()
  busy = false
  rest(failed ? '' : pulse, wait)
}

const untouched = () => Date.now() - touched > LONG_AGO

// For so long, or until something happens that may be looked at already.
function rest(heard, wait) {
  clearTimeout(timer)
  const soon = Math.max(QUICK, WAITED * took / 4, -saved * WORKED)
  if (!heard || wait <= soon || navigator.connection?.saveData) { timer = setTimeout(turn, wait); return }
  const began = Date.now()
  const mine = timer = setTimeout(async () => {
    const news = !document.hidden && await happened(heard)
    if (timer === mine && !busy) news ? turn() : rest(heard, Math.max(0, wait - (Date.now() - began)))
  }, soon)
}

async function happened(heard) {
  try {
    const answer = await fetch(`/pulse/?${heard}`, { cache: 'no-store' })
    return answer.status === 200 && await answer.text() === 'news'
  } catch { return false }
}

addEventListener('focusout', event => {
  const part = left.parts?.map(id => document.getElementById(id)).find(one => one?.contains(event.target))
  if (!part || part.contains(event.relatedTarget)) return
  left = {}
  turn()
})
for (const kind of ['pointermove', 'pointerdown', 'keydown', 'wheel']) addEventListener(kind, () => {
  const calm = untouched()
  touched = Date.now()
  if (calm) turn()
}, { passive: true })
addEventListener('input', event => { if (event.target === box()) typed = Date.now() })
document.addEventListener('visibilitychange', turn)
addEventListener('pagehide', () => { if (of && signed) navigator.sendBeacon(address, form({ of, away: '1' })) })
addEventListener('pageshow', () => { signed = 0; timer = setTimeout(turn, OFTEN) })
const log = document.getElementById('log')
if (log?.closest('.pane')) log.scrollTop = log.scrollHeight
else if (!location.hash) document.getElementById('newest')?.scrollIntoView({ behavior: 'instant' })

// On a phone what one can do besides opens below the edge of the screen, and its own line with it. Not what came open.
const acts = document.querySelector('.all-acts')
const shown = () => acts.open && acts.scrollIntoView()
acts?.firstElementChild.addEventListener('click', () => acts.addEventListener('toggle', shown, { once: true }))
