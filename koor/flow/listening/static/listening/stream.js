// After a mark the row is drawn anew: keep the place, so that j and k go on from here.
let again = null
addEventListener('htmx:beforeSwap', event => { again = event.detail.target?.matches?.('[data-row]') ? event.detail.target.id : null })
addEventListener('htmx:afterSettle', () => {
  const row = again && document.getElementById(again)
  again = null
  row?.querySelector('a, button')?.focus({ preventScroll: true })
  row?.classList.add('now')
})
addEventListener('focusin', event => {
  for (const row of document.querySelectorAll('[data-row].now')) if (!row.contains(event.target)) row.classList.remove('now')
})

// What came in since: a button above the page says how many, and nothing moves until one asks for it; an alarm that
// sounded since stands beside it. A hidden page asks nothing.
const line = document.getElementById('news')
const OFTEN = 4000, CALM = 20000, LONG_AGO = 300000
let touched = Date.now(), timer = 0

function told(number, words, burns) {
  const [fresh, alarms] = line.children
  fresh.hidden = !number
  if (fresh.textContent !== words) fresh.textContent = words
  const known = [...document.querySelectorAll('#burns a')].map(one => one.getAttribute('href'))
  const links = [...new DOMParser().parseFromString(burns, 'text/html').links]
  const sounded = links.filter(one => !known.includes(one.getAttribute('href')))
  if (sounded.map(one => one.href).join() !== [...alarms.children].map(one => one.href).join()) alarms.replaceChildren(...sounded)
}

async function ask() {
  clearTimeout(timer)
  if (document.hidden) return
  let wait = Date.now() - touched > LONG_AGO ? CALM : OFTEN
  try {
    const answer = await fetch(line.dataset.news, { headers: { Accept: 'application/json' } })
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText)
    const { number, words, burns } = await answer.json()
    told(number, words, burns)
  } catch { wait = CALM }
  clearTimeout(timer)
  timer = setTimeout(ask, wait)
}
// What one asks for stands below what smoulders: go there, unless an alarm that just sounded stands above it.
const ASKED = 'koor.stream.asked'
line?.firstElementChild?.addEventListener('click', () => { try { if (!line.lastElementChild.children.length) sessionStorage.setItem(ASKED, '1') } catch {} })
try {
  if (sessionStorage.getItem(ASKED)) document.getElementById('stream')?.closest('section').scrollIntoView()
  sessionStorage.removeItem(ASKED)
} catch {}
if (line) {
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => { touched = Date.now() }, { passive: true })
  document.addEventListener('visibilitychange', ask)
  timer = setTimeout(ask, OFTEN)
}

// "All on this page" is seen in the ticks too; one tick less, and it is the ticked ones again.
const which = document.querySelector('[data-which]')
const ticks = () => document.querySelectorAll('input[name="m"][form="bulk"]')
which?.addEventListener('change', () => { for (const tick of ticks()) tick.checked = which.value !== '' })
addEventListener('change', event => { if (which?.value && event.target.matches?.('input[name="m"]') && !event.target.checked) which.value = '' })
