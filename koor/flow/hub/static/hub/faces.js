// Faces in a picture: every place is a box that can be drawn, moved and made larger with a finger, a mouse or the keyboard, and
// left out with its tick. Without this script the house's proposals have ticks and the others are written in numbers.
const form = document.querySelector('[data-faces]')
const picture = document.querySelector('[data-marked]')
const said = document.querySelector('[data-said]')
const chips = form.querySelector('[data-chips]')
const rows = form.querySelector('[data-rows]')
const drawn = form.querySelector('[data-drawn]')
const words = form.dataset
const { width, height } = picture.viewBox.baseVal
const SVG = 'http://www.w3.org/2000/svg'
const LEAST = 1.5 // percent; a smaller stroke was a tap
const MOVED = 1 // percent; a smaller move of a box was a tap
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
const blank = rows.querySelector('[data-row]:last-child').cloneNode(true)
const chipOf = form.querySelector('template').content.firstElementChild
const boxes = new Map()
let number = chips.querySelectorAll('input').length

const fields = row => ['left', 'top', 'wide', 'high'].map(name => row.querySelector(`[name=${name}]`))
const between = (least, part, most) => Math.min(most, Math.max(least, part))
const fill = (text, parts) => text.replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole)
const listen = (node, kind, heard) => node.addEventListener(kind, heard)

function draw(one) {
  const [left, top, wide, high] = one.at.map((part, at) => part * (at % 2 ? height : width) / 100)
  for (const rect of one.group.querySelectorAll('rect')) {
    for (const [name, part] of Object.entries({ x: left, y: top, width: wide, height: high })) rect.setAttribute(name, part)
  }
  const round = 9 * width / (picture.getBoundingClientRect().width || width)
  for (const [name, part] of Object.entries({ cx: left + wide, cy: top + high, r: round })) one.corner.setAttribute(name, part)
  one.chip.querySelector('svg').setAttribute('viewBox', `${left} ${top} ${Math.max(1, wide)} ${Math.max(1, high)}`)
  one.group.classList.toggle('off', !one.tick.checked)
  one.group.setAttribute('aria-label', `${one.name}: ${where(one)}`)
}

const where = ({ at, tick }) => {
  const [left, top, wide, high] = at.map(part => `${Math.round(part)}%`)
  return tick.checked ? fill(words.where, { left, top, wide, high }) : words.out
}

// A box that the house proposed is told by its number as long as nobody moved it, afterwards by where it is.
function write(one) {
  one.tick.removeAttribute('name')
  one.row ??= rows.appendChild(blank.cloneNode(true))
  one.row.querySelector('legend').textContent = one.name
  fields(one.row).forEach((field, at) => { field.value = one.at[at].toFixed(1) })
  one.row.oninput = () => { one.at = fields(one.row).map(field => Number(field.value) || 0); draw(one) }
  drawn.hidden = false
}

function put(one, [left, top, wide, high]) {
  wide = between(LEAST, wide, 100)
  high = between(LEAST, high, 100)
  one.at = [between(0, left, 100 - wide), between(0, top, 100 - high), wide, high].map(part => Math.round(part * 10) / 10)
  write(one)
  draw(one)
}

function choose(one, yes = !one.tick.checked) {
  one.tick.checked = yes
  if (one.row) one.row.disabled = !yes
  draw(one)
}

function follow(one) {
  const { group, tick } = one
  one.corner = group.appendChild(document.createElementNS(SVG, 'circle'))
  for (const [name, said] of [['tabindex', 0], ['role', 'application'], ['aria-describedby', 'keys']]) group.setAttribute(name, said)
  boxes.set(group, one)
  listen(tick, 'change', () => choose(one, tick.checked))
  listen(group, 'keydown', event => key(one, event))
  draw(one)
  return one
}

function key(one, event) {
  const [left, top, wide, high] = one.at
  const [right, down] = STEPS[event.key] ?? []
  if (right !== undefined && event.shiftKey) put(one, [left, top, wide + right, high + down])
  else if (right !== undefined) put(one, [left + right, top + down, wide, high])
  else if ([' ', 'Enter'].includes(event.key)) choose(one)
  else if (['Delete', 'Backspace'].includes(event.key)) choose(one, false)
  else return
  event.preventDefault()
  said.textContent = where(one)
}

function add(at, row) {
  const group = picture.appendChild(document.createElementNS(SVG, 'g'))
  for (const kind of ['under', '']) group.appendChild(document.createElementNS(SVG, 'rect')).setAttribute('class', kind)
  const chip = chips.appendChild(chipOf.cloneNode(true))
  chips.hidden = false
  number += 1
  const name = fill(words.place, { n: number })
  chip.querySelector('span').textContent = name
  const one = { group, chip, row, name, at, tick: chip.querySelector('input'), corner: undefined }
  write(one)
  return follow(one)
}

// What the pointer is over, in percent of the picture.
function point(event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse())
  return [at.x * 100 / width, at.y * 100 / height].map(part => between(0, part, 100))
}

function pulled({ from, one, at, kind }, to) {
  const [right, down] = [to[0] - from[0], to[1] - from[1]]
  if (kind === 'draw') return [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(right), Math.abs(down)]
  if (kind === 'size') return [at[0], at[1], Math.min(100 - at[0], at[2] + right), Math.min(100 - at[1], at[3] + down)]
  return [at[0] + right, at[1] + down, at[2], at[3]]
}

let pull
listen(picture, 'pointerdown', event => {
  if (!event.isPrimary || event.button) return
  event.preventDefault()
  picture.setPointerCapture(event.pointerId)
  const one = boxes.get(event.target.closest('g'))
  const kind = !one ? 'draw' : event.target === one.corner ? 'size' : 'move'
  pull = { from: point(event), one, at: one?.at, kind, far: 0 }
})
listen(picture, 'pointermove', event => {
  if (!pull || !event.isPrimary) return
  const to = point(event)
  pull.far = Math.max(pull.far, Math.abs(to[0] - pull.from[0]), Math.abs(to[1] - pull.from[1]))
  if (pull.far < MOVED) return
  pull.one ??= add(pulled(pull, to))
  put(pull.one, pulled(pull, to))
})
listen(picture, 'pointerup', event => {
  if (!pull || !event.isPrimary) return
  const { one, far } = pull
  pull = undefined
  if (!one) return
  if (far < MOVED) choose(one)
  else choose(one, Math.min(one.at[2], one.at[3]) > LEAST)
  one.group.focus({ preventScroll: true, focusVisible: false })
})
listen(picture, 'pointercancel', () => { pull = undefined })

for (const group of picture.querySelectorAll('[data-mark]')) {
  const tick = form.querySelector(`[name=face][value="${group.dataset.mark}"]`)
  const rect = group.querySelector('rect')
  const at = ['x', 'y', 'width', 'height'].map((name, side) => Number(rect.getAttribute(name)) * 100 / (side % 2 ? height : width))
  const chip = tick.closest('div')
  follow({ group, chip, tick, at, name: chip.querySelector('span').textContent })
}
drawn.hidden = true
for (const row of [...rows.children]) {
  const at = fields(row).map(field => Number(field.value))
  if (at.some(part => part)) add(at, row)
  else row.remove()
}
drawn.querySelector('summary').textContent = words.numbers
picture.setAttribute('role', 'group')
picture.dataset.drawing = ''
const more = form.querySelector('[data-add]')
more.hidden = false
listen(more, 'click', () => {
  const one = add([40, 40, 20, 20])
  picture.scrollIntoView({ block: 'nearest' })
  one.group.focus()
})
listen(window, 'resize', () => boxes.forEach(draw))
document.querySelector('[data-hint]').hidden = false
