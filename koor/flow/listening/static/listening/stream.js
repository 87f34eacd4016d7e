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

// What came in since: a line on top says how many, and nothing moves until one asks for it. A hidden page asks nothing.
const line = document.getElementById('news')
const OFTEN = 4000, CALM = 20000, LONG_AGO = 300000
let touched = Date.now(), timer = 0

async function ask() {
  clearTimeout(timer)
  if (document.hidden) return
  let wait = Date.now() - touched > LONG_AGO ? CALM : OFTEN
  try {
    const answer = await fetch(line.dataset.news, { headers: { Accept: 'application/json' } })
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText)
    const told = await answer.json()
    line.hidden = !told.number
    if (line.firstElementChild.textContent !== told.words) line.firstElementChild.textContent = told.words
  } catch { wait = CALM }
  clearTimeout(timer)
  timer = setTimeout(ask, wait)
}
if (line) {
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => { touched = Date.now() }, { passive: true })
  document.addEventListener('visibilitychange', ask)
  timer = setTimeout(ask, OFTEN)
}
