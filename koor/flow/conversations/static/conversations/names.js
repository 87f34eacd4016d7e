// In a note, colleagues whose name begins so are offered behind an @. Without this script one types the name.
const offered = new Map()
let wanted = null

const list = box => box.form.querySelector('[data-names-list]')
const typed = box => /(?:^|[^\p{L}\p{N}@.])@(\p{L}[\p{L}\p{M}'’-]*(?: \p{L}[\p{L}\p{M}'’-]*){0,2})$/u.exec(box.value.slice(0, box.selectionStart))?.[1]

function close(box) {
  wanted = null
  list(box).hidden = true
}

function choose(box, name) {
  const words = typed(box)
  close(box)
  box.focus()
  if (words === undefined) return
  const end = box.selectionStart
  box.setRangeText(`${name} `, end - words.length, end, 'end')
}

function show(box, names) {
  const place = list(box)
  place.replaceChildren(...names.map(({ name, job }) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'link' })
    button.append(Object.assign(document.createElement('b'), { textContent: name }), job ? ` ${job}` : '')
    button.addEventListener('click', () => choose(box, name))
    return button
  }))
  place.hidden = !names.length
}

async function offer(box) {
  const words = wanted = typed(box)
  if (words === undefined) { close(box); return }
  const key = words.toLowerCase()
  if (!offered.has(key)) {
    const answer = await fetch(`${box.dataset.names}?q=${encodeURIComponent(words)}`, { headers: { Accept: 'application/json' } })
    if (!answer.ok) return
    offered.set(key, (await answer.json()).names)
  }
  const names = offered.get(key)
  if (wanted === words) show(box, names.length === 1 && names[0].name.toLowerCase() === key ? [] : names)
}

addEventListener('input', event => { if (event.target.matches?.('textarea[data-names]')) offer(event.target).catch(() => {}) })
addEventListener('keydown', event => {
  const box = event.target.closest?.('form')?.querySelector('textarea[data-names]')
  if (!box || list(box).hidden) return
  const names = [...list(box).children], at = names.indexOf(document.activeElement)
  if (event.key === 'ArrowDown') names[Math.min(at + 1, names.length - 1)].focus()
  else if (event.key === 'ArrowUp' && at >= 0) (names[at - 1] ?? box).focus()
  else if (event.key === 'Escape') { close(box); box.focus() }
  else return
  event.preventDefault()
  event.stopPropagation()
}, true)
