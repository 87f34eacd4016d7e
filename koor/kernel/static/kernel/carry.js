// Carries things from place to place: drag with a mouse, Alt and an arrow key, or hold a finger on it and carry. What is carried has
// `data-move` (where that is sent) and may have `data-version`; where it can go has `data-place` (what is sent, as a query) and a list.
// `data-carry` on the whole says how many places an arrow up or down is. The thing's own page does the same without script.
const whole = document.querySelector('[data-carry]')
const status = document.getElementById('moved')
const token = () => document.querySelector('[name=csrfmiddlewaretoken]')?.value ?? document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? ''
const say = sentence => { status.textContent = sentence; status.classList.toggle('unseen', !sentence) }
const places = () => [...whole.querySelectorAll('[data-place]')]
const placeOf = node => node?.closest?.('[data-place]')
const thingOf = node => node?.closest?.('[data-move]')

// One after another: what was seen of a thing before is asked with the next, and quick presses add up.
let last = Promise.resolve()
const move = (thing, find) => { last = last.then(() => carry(thing, find())) }

async function carry(thing, place) {
  const from = thing.parentElement
  const after = thing.nextElementSibling
  if (!place || place === placeOf(from)) return
  let list = place.querySelector('ul')
  if (!list) place.append(list = document.createElement('ul'))
  list.append(thing)
  thing.setAttribute('aria-busy', 'true')
  try {
    const body = new URLSearchParams(place.dataset.place)
    if (thing.dataset.version) body.set('version', thing.dataset.version)
    const answer = await fetch(thing.dataset.move, { method: 'POST', headers: { Accept: 'application/json', 'X-CSRFToken': token() }, body })
    const told = await answer.json()
    if (told.page) return location.assign(told.page) // something is to be said first
    if (!answer.ok) throw { told: told.sentence ?? told.error?.sentence }
    if ('version' in told) thing.dataset.version = told.version
    say(told.sentence)
  } catch (problem) {
    from.insertBefore(thing, after)
    say(problem.told ?? status.dataset.sorry)
  }
  for (const one of places()) one.querySelector('.none')?.toggleAttribute('hidden', one.querySelector('li') !== null)
  thing.removeAttribute('aria-busy')
  thing.querySelector('a')?.focus()
}

let carried
let under

function over(place) {
  if (place === under) return
  under?.classList.remove('over')
  under = place && place !== placeOf(carried) ? place : undefined
  under?.classList.add('over')
}

function take(thing) {
  carried = thing
  thing.classList.add('moving')
}

function put(go) {
  const [thing, place] = [carried, under]
  over(undefined)
  thing?.classList.remove('moving')
  carried = undefined
  if (go && thing && place) move(thing, () => place)
}

// By mouse
for (const thing of whole?.querySelectorAll('[data-move]') ?? []) {
  for (const link of thing.querySelectorAll('a, img')) link.draggable = false
  thing.addEventListener('pointerdown', event => { thing.draggable = event.pointerType === 'mouse' })
}
whole?.addEventListener('dragstart', event => {
  const thing = thingOf(event.target)
  if (!thing) return
  event.dataTransfer.effectAllowed = 'move'
  event.dataTransfer.setData('text/plain', thing.dataset.move)
  take(thing)
})
whole?.addEventListener('dragover', event => {
  if (!carried || !placeOf(event.target)) return
  event.preventDefault()
  over(placeOf(event.target))
})
whole?.addEventListener('drop', event => { if (carried) { event.preventDefault(); put(true) } })
whole?.addEventListener('dragend', () => put(false))

// By keys
whole?.addEventListener('keydown', event => {
  const thing = thingOf(event.target)
  const far = Number(whole.dataset.carry)
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -far, ArrowDown: far }[event.key]
  if (!thing || !event.altKey || !step) return
  event.preventDefault()
  move(thing, () => { const all = places(); return all[all.indexOf(placeOf(thing)) + step] })
})

// By touch: a finger that rests takes it up; one that moves at once scrolls the page, as everywhere.
const RESTS = 350 // milliseconds
const TREMBLES = 10 // dots
const EDGE = 90 // dots from the edge of the screen where it scrolls
let waits
let finger

const look = () => over(placeOf(document.elementFromPoint(finger.x, finger.y)))

function scroll() {
  if (!carried || !finger) return
  const down = finger.y > innerHeight - EDGE ? 1 : finger.y < EDGE ? -1 : 0
  if (down) scrollBy({ top: down * 9, behavior: 'instant' })
  look()
  requestAnimationFrame(scroll)
}

function letGo(go) {
  clearTimeout(waits)
  if (go && carried && finger) look()
  waits = finger = undefined
  put(go)
}

whole?.addEventListener('touchstart', event => {
  const thing = thingOf(event.target)
  letGo(false)
  if (!thing || event.touches.length > 1) return
  const [{ clientX: x, clientY: y }] = event.touches
  finger = { x, y }
  waits = setTimeout(() => {
    const before = thing.getBoundingClientRect().top
    take(thing)
    scrollBy({ top: thing.getBoundingClientRect().top - before, behavior: 'instant' }) // places that were hidden show themselves: it stays under the finger
    navigator.vibrate?.(15)
    scroll()
  }, RESTS)
}, { passive: true })
whole?.addEventListener('touchmove', event => {
  if (!finger) return
  const [{ clientX: x, clientY: y }] = event.touches
  if (!carried) return Math.hypot(x - finger.x, y - finger.y) > TREMBLES ? letGo(false) : undefined
  event.preventDefault()
  finger = { x, y }
}, { passive: false })
whole?.addEventListener('touchend', event => {
  if (carried) event.preventDefault() // no tap on what was carried
  letGo(true)
})
whole?.addEventListener('touchcancel', () => letGo(false))
whole?.addEventListener('contextmenu', event => { if (finger) event.preventDefault() })
