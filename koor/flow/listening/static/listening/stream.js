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
