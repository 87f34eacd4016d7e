// Quick keys. A row that one can step through has `data-row`; whatever has `data-key="e"` is pressed by e, first in the
// row where one is, else in the page itself, else anywhere; from a field with `data-into-rows` the arrow down goes to the rows. `?` shows them all, and there they can be switched off.
const STORE = 'koor.keys'
const on = () => { try { return localStorage.getItem(STORE) !== 'off' } catch { return true } }
const rows = () => [...document.querySelectorAll('[data-row]')].filter(row => row.checkVisibility?.() ?? true)
const handle = row => row.matches('a, button, [tabindex]') ? row : row.querySelector('[data-first]') ?? row.querySelector('a, button, [tabindex]') ?? row
let current = null

function step(by) {
  const all = rows()
  if (!all.length) return
  const at = all.indexOf(document.activeElement?.closest?.('[data-row]') ?? current ?? document.querySelector('[data-row][aria-current], [data-row]:has([aria-current])'))
  const next = all[Math.max(0, Math.min(all.length - 1, at + by))]
  current?.classList.remove('now')
  current = next
  next.classList.add('now')
  handle(next).focus({ preventScroll: true })
  next.scrollIntoView({ block: 'nearest' })
}

// Rows that stand side by side (`data-arrows`): left and right are the next ones, up and down those above and below.
function arrow(key) {
  const row = document.activeElement?.closest?.('[data-arrows] [data-row]')
  if (!row) return false
  if (key === 'ArrowRight' || key === 'ArrowLeft') { step(key === 'ArrowRight' ? 1 : -1); return true }
  const all = rows()
  const { left, top } = row.getBoundingClientRect()
  const down = key === 'ArrowDown'
  const places = all.map(other => [other, other.getBoundingClientRect()]).filter(([, at]) => Math.abs(at.left - left) < 8 && (down ? at.top > top + 8 : at.top < top - 8))
  const target = (down ? places[0] : places.at(-1))?.[0]
  if (target) step(all.indexOf(target) - all.indexOf(row))
  else if (!down) document.querySelector('[data-into-rows]')?.focus()
  return true
}

function press(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`
  const row = document.activeElement?.closest?.('[data-row]') ?? current
  const target = row?.querySelector(wanted) ?? [...document.querySelectorAll(`main ${wanted}`), ...document.querySelectorAll(wanted)].find(found => !found.closest('[data-row]'))
  if (!target) return false
  if (target.matches('input:not([type=submit], [type=checkbox]), textarea, select')) { target.focus(); target.select?.() } else target.click()
  const unfolded = target.matches('summary') && target.parentElement.open && target.parentElement
  if (unfolded) unfolded.querySelector('textarea, input[type=text]')?.focus()  // what is typed next is no quick key
  return true
}

function named(element) {
  return element.dataset.keyName || element.getAttribute('aria-label') || element.textContent.trim().replace(/\s+/g, ' ')
}

function card() {
  const template = document.getElementById('keycard')
  if (!template) return
  document.querySelector('dialog.keycard')?.remove()
  const dialog = document.createElement('dialog')
  dialog.className = 'keycard'
  dialog.append(template.content.cloneNode(true))
  const list = dialog.querySelector('dl')
  const seen = new Set()
  for (const element of document.querySelectorAll('[data-key]')) {
    if (seen.has(element.dataset.key)) continue
    seen.add(element.dataset.key)
    const key = document.createElement('dt')
    key.append(Object.assign(document.createElement('kbd'), { textContent: element.dataset.key }))
    const does = document.createElement('dd')
    does.textContent = named(element).replace(/\/$/, '').trim()
    list.append(key, does)
  }
  if (!rows().length) for (const step of dialog.querySelectorAll('[data-steps]')) step.remove()
  const toggle = dialog.querySelector('input[type=checkbox]')
  toggle.checked = on()
  toggle.addEventListener('change', () => localStorage.setItem(STORE, toggle.checked ? 'on' : 'off'))
  document.body.append(dialog)
  dialog.showModal()
}

addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    for (const open of document.querySelectorAll('details.you[open]')) open.open = false
    if (event.target.matches?.('input[type=search]')) event.preventDefault()  // a browser would empty it, and what was found would go
    if (event.target.matches?.('textarea, input')) event.target.blur()
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return
  if (event.key === 'ArrowDown' && event.target.dataset?.intoRows !== undefined && rows().length) { current = null; step(1); event.preventDefault(); return }
  const ticked = event.target.matches?.('[data-row] input[type=checkbox]')  // nothing is typed in a tick
  if (!ticked && event.target.closest?.('input, textarea, select, [contenteditable], dialog')) return
  if (event.key === '?') { card(); return }
  if (event.key.startsWith('Arrow') && on() && arrow(event.key)) { event.preventDefault(); return }
  if (!on() || event.key.length !== 1) return
  if (event.key === 'j') step(1)
  else if (event.key === 'k') step(-1)
  else if (!press(event.key)) return
  event.preventDefault()
})
addEventListener('click', event => {
  for (const open of document.querySelectorAll('details.you[open]')) if (!open.contains(event.target)) open.open = false
})

// On a narrow screen the line of verbs starts at the verb where one is.
for (const line of document.querySelectorAll('.rail nav, .subs.narrow')) {
  const here = line.querySelector('[aria-current]')
  if (here && line.scrollWidth > line.clientWidth) line.scrollLeft = here.offsetLeft - 20
}
