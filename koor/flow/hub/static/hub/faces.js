// Faces in a picture: a place is drawn over it with a finger or a mouse, or added and moved by its numbers. Without this script
// the numbers are written by hand; the form is the same.
const form = document.querySelector('[data-faces]')
const picture = document.querySelector('[data-marked]')
const rows = form.querySelector('[data-rows]')
const blank = rows.querySelector('[data-row]:last-child').cloneNode(true)
const drawn = form.querySelector('[data-drawn]')
const add = form.querySelector('[data-add]')
const { width, height } = picture.viewBox.baseVal
const LEAST = 1.5 // percent; a smaller stroke was a tap
const SVG = 'http://www.w3.org/2000/svg'
const fields = row => ['left', 'top', 'wide', 'high'].map(name => row.querySelector(`[name=${name}]`))

function mark() {
  const group = document.createElementNS(SVG, 'g')
  group.append(document.createElementNS(SVG, 'rect'), document.createElementNS(SVG, 'rect'))
  group.firstChild.setAttribute('class', 'under')
  picture.append(group)
  return group
}

function place(group, [left, top, wide, high]) {
  const said = { x: left * width, y: top * height, width: wide * width, height: high * height }
  for (const rect of group.children) {
    for (const [name, part] of Object.entries(said)) rect.setAttribute(name, Math.max(0, part / 100) || 0)
  }
}

function follow(row, group = mark()) {
  const redraw = () => place(group, fields(row).map(field => Number(field.value)))
  row.addEventListener('input', redraw)
  const out = Object.assign(document.createElement('button'), { type: 'button', className: 'btn bare', textContent: form.dataset.remove })
  out.addEventListener('click', () => { row.remove(); group.remove(); count(); add.focus() })
  row.append(out)
  redraw()
  return group
}

function count() {
  rows.querySelectorAll('legend').forEach((legend, at) => { legend.textContent = `${form.dataset.place} ${at + 1}` })
  drawn.hidden = !rows.children.length
}

function put(box, group) {
  const row = blank.cloneNode(true)
  fields(row).forEach((field, at) => { field.value = (Math.round(box[at] * 10) / 10).toFixed(1) })
  rows.append(row)
  follow(row, group)
  count()
  drawn.open = true
  return row
}

// What the pointer is over, in percent of the picture.
function point(event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse())
  return [[at.x, width], [at.y, height]].map(([part, whole]) => Math.min(100, Math.max(0, part * 100 / whole)))
}

let begun
picture.addEventListener('pointerdown', event => {
  if (!event.isPrimary || event.button) return
  event.preventDefault()
  picture.setPointerCapture(event.pointerId)
  begun = { from: point(event), group: mark() }
})
picture.addEventListener('pointermove', event => { if (begun && event.isPrimary) place(begun.group, between(begun.from, point(event))) })
picture.addEventListener('pointerup', event => {
  if (!begun || !event.isPrimary) return
  const { from, group } = begun
  begun = undefined
  const box = between(from, point(event))
  if (Math.min(box[2], box[3]) < LEAST) group.remove()
  else put(box, group)
})
picture.addEventListener('pointercancel', () => { begun?.group.remove(); begun = undefined })

function between(one, other) {
  const [left, top] = [0, 1].map(at => Math.min(one[at], other[at]))
  return [left, top, ...[0, 1].map(at => Math.abs(one[at] - other[at]))]
}

for (const row of [...rows.children]) {
  if (fields(row).some(field => field.value)) follow(row)
  else row.remove()
}
for (const tick of form.querySelectorAll('[name=face]')) {
  const shown = () => picture.querySelector(`[data-mark="${tick.value}"]`)?.classList.toggle('off', !tick.checked)
  tick.addEventListener('change', shown)
  shown()
}
add.hidden = false
add.addEventListener('click', () => put([40, 40, 20, 20]).querySelector('input').focus())
document.querySelector('[data-hint]').hidden = false
picture.dataset.drawing = ''
count()
