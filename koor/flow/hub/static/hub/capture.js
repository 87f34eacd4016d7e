// The capture page: photos are seen before they go, can be left out, and go by themselves when the signal returns.
// Without this script the form is sent as it stands; the hidden client_id makes it arrive once either way.
const form = document.getElementById('capture')
const shot = document.querySelector('[data-shot]')
const camera = shot.querySelector('[data-camera]')
const inputs = [...document.querySelectorAll('input[type=file][name=photos]')]
const told = document.querySelector('[data-told]')
const button = document.querySelector('.done button')
const progress = document.querySelector('.done progress')
const say = form.dataset
const RETRY = 8000
let photos = []
let sending = false
let timer

function tell(sentences, waits) {
  if (!sentences.length) return told.replaceChildren()
  const box = document.createElement('div')
  box.className = waits ? 'notice wait' : 'wrongs'
  box.setAttribute('role', 'alert')
  box.append(...sentences.map(sentence => Object.assign(document.createElement('p'), { textContent: sentence })))
  told.replaceChildren(box)
}

function draw() {
  for (const old of shot.querySelectorAll('[src^=blob]')) URL.revokeObjectURL(old.src)
  const views = photos.map((photo, at) => {
    const view = document.createElement('div')
    view.className = 'shown'
    const image = Object.assign(document.createElement('img'), { className: 'photo', alt: photo.name })
    image.src = URL.createObjectURL(photo)
    image.addEventListener('error', () => {
      image.replaceWith(Object.assign(document.createElement('span'), { className: 'pill', textContent: photo.name }))
    })
    const out = Object.assign(document.createElement('button'), { type: 'button', className: 'btn', textContent: say.remove })
    out.addEventListener('click', () => { photos.splice(at, 1); draw() })
    view.append(image, out)
    return view
  })
  shot.replaceChildren(...views, camera)
  shot.classList.toggle('many', photos.length > 0)
  const words = camera.querySelector('[data-one]')
  words.textContent = photos.length ? words.dataset.next : words.dataset.one
}

function same(one, other) {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified
}

for (const input of inputs) {
  input.classList.add('unseen') // its label is the button
  input.addEventListener('change', () => {
    for (const file of input.files) if (!photos.some(known => same(known, file))) photos.push(file)
    input.value = ''
    const most = Number(say.most)
    tell(photos.length > most ? [say.tooMany] : [])
    photos = photos.slice(0, most)
    draw()
  })
}

function parcel() {
  const data = new FormData(form)
  data.delete('photos')
  for (const photo of photos) data.append('photos', photo, photo.name)
  return data
}

function rest(sentences, waits = false) {
  sending = false
  progress.hidden = true
  button.classList.remove('busy')
  tell(sentences, waits)
  clearTimeout(timer)
  if (waits) timer = setTimeout(send, RETRY)
}

function answered(request) {
  let answer = {}
  try { answer = JSON.parse(request.responseText) } catch { /* a page: signed out, or an error of the house */ }
  if (request.status === 201 && answer.url) { photos = []; location.assign(answer.url) }
  else if (request.status === 422 && answer.sentences) rest(answer.sentences)
  else if (request.responseURL && !request.responseURL.includes(new URL(form.action).pathname)) rest([say.signedOut])
  else if (request.status === 403) rest([say.signedOut])
  else rest([say.refused])
}

function send() {
  if (sending) return
  clearTimeout(timer)
  sending = true
  button.classList.add('busy')
  progress.hidden = false
  progress.removeAttribute('value')
  const request = new XMLHttpRequest()
  request.open('POST', form.action)
  request.setRequestHeader('Accept', 'application/json')
  request.upload.addEventListener('progress', event => { if (event.lengthComputable) progress.value = event.loaded / event.total })
  request.addEventListener('load', () => answered(request))
  for (const kind of ['error', 'timeout', 'abort']) request.addEventListener(kind, () => rest([say.waits], true))
  request.timeout = 600000
  request.send(parcel())
}

form.addEventListener('submit', event => { event.preventDefault(); send() })
addEventListener('online', () => { if (timer) send() })
addEventListener('beforeunload', event => { if (photos.length) event.preventDefault() })

// People: one line at first, another when it is asked for or filled in.
const people = form.querySelector('[data-who]')
const more = form.querySelector('[data-more]')
const lines = () => [...people.children]
function fold() {
  const last = lines().findLastIndex(line => line.querySelector('input').value)
  lines().forEach((line, at) => { line.hidden = at > Math.max(0, last) })
}
more.hidden = false
more.addEventListener('click', () => {
  let next = lines().find(line => line.hidden)
  if (!next) {
    next = people.lastElementChild.cloneNode(true)
    people.append(next)
    next.querySelector('input').value = ''
  }
  next.hidden = false
  next.querySelector('input').focus()
})
fold()

const project = form.querySelector('[name=project]')
project?.addEventListener('change', () => {
  form.querySelector('[data-project]').textContent = project.selectedOptions[0].textContent
})
