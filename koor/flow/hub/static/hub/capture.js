// The capture page: photos are seen before they go and can be left out. Done puts them into the phone's queue (queue.js),
// which sends them by itself. Without this script the form is sent as it stands; the hidden client_id makes it arrive once.
const { queue } = koor
const form = document.getElementById('capture')
const shot = document.querySelector('[data-shot]')
const camera = shot.querySelector('[data-camera]')
const inputs = [...document.querySelectorAll('input[type=file][name=photos]')]
const told = document.querySelector('[data-told]')
const button = document.querySelector('.done button')
const progress = document.querySelector('.done progress')
const project = form.querySelector('[name=project]')
const no_signal = document.querySelector('[data-offline]')
const say = form.dataset
const ROOM = 50_000_000 // bytes of the phone that should stay free
let photos = []
let person = document.body.dataset.person ?? ''
let going // the id of what was just sent, until something new is begun
let since // when the first photo of this one was taken

function tell(sentences, waits) {
  if (!sentences.length) return told.replaceChildren()
  const box = document.createElement('div')
  box.className = waits ? 'notice wait' : 'wrongs'
  box.setAttribute('role', waits ? 'status' : 'alert')
  box.append(...sentences.map(sentence => Object.assign(document.createElement('p'), { textContent: sentence })))
  told.replaceChildren(box)
}

// A recording can be heard or seen again before it goes.
function seen(file) {
  const kind = { 'video/': 'video', 'audio/': 'audio' }[file.type.slice(0, 6)]
  if (!kind) return Object.assign(document.createElement('img'), { className: 'photo', alt: file.name })
  const recording = Object.assign(document.createElement(kind), { className: 'photo', controls: true, preload: 'metadata', playsInline: true })
  recording.setAttribute('aria-label', file.name)
  return recording
}

function draw() {
  for (const old of shot.querySelectorAll('[src^=blob]')) URL.revokeObjectURL(old.src)
  const views = photos.map((photo, at) => {
    const view = document.createElement('div')
    view.className = 'shown'
    const image = seen(photo)
    image.src = URL.createObjectURL(photo)
    image.addEventListener('error', () => {
      image.replaceWith(Object.assign(document.createElement('span'), { className: 'pill', textContent: photo.name }))
    })
    const out = Object.assign(document.createElement('button'), { type: 'button', className: 'btn', textContent: say.remove })
    out.addEventListener('click', () => { photos.splice(at, 1); draw(); draft() })
    view.append(image, out)
    return view
  })
  shot.replaceChildren(...views, camera, finder)
  shot.classList.toggle('many', photos.length > 0)
  const words = camera.querySelector('[data-one]')
  words.textContent = photos.length ? words.dataset.next : words.dataset.one
}

function same(one, other) {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified
}

// What the house can't use is said before it is kept; a file without a kind is left to the house.
function wrongWith(file) {
  const known = JSON.parse(say.kinds)
  const kind = file.type ? known.find(([begin]) => file.type.startsWith(begin)) : [null, Math.max(...known.map(([, most]) => most))]
  if (!kind) return `${say.otherKind} ${file.name}`
  return file.size > kind[1] ? `${say.tooLarge} ${file.name}` : ''
}

function add(files, wrong = []) {
  going = undefined
  if (stream) rest()
  since ??= Date.now()
  for (const file of files) {
    if (wrongWith(file)) wrong.push(wrongWith(file))
    else if (!photos.some(known => same(known, file))) photos.push(file)
  }
  const most = Number(say.most)
  if (photos.length > most) wrong.push(say.tooMany)
  photos = photos.slice(0, most)
  tell(wrong)
  draw()
}

for (const input of inputs) {
  input.classList.add('unseen') // its label is the button
  input.addEventListener('change', () => {
    const before = photos.length
    add(input.files)
    input.value = ''
    draft()
    what_comes_next(before)
  })
}

// After the first photo the sentence is what comes, without a tap. Who takes more of them gets no keyboard in between:
// the focus, which went with the button that was pressed, waits at the camera.
function what_comes_next(before) {
  if (before && document.activeElement === document.body) camera.control.focus({ preventScroll: true })
  if (before) return
  if (photos.length && !form.sentence.value) form.sentence.focus({ preventScroll: true })
}

// What is not done yet is kept too: phones close the browser while the camera is open.
let drafting
let begun = Boolean(form.sentence.defaultValue) // something was done on this page
let unkept = false // and stands here alone
function draft() {
  begun = unkept = true
  clearTimeout(drafting)
  drafting = setTimeout(() => resumed.then(save).catch(() => {}), 300)
}
async function save() {
  clearTimeout(drafting)
  unkept = false
  const entry = { ...filled(), id: mine }
  const files = [...photos, ...spoken]
  const away = taken.splice(0)
  try {
    if (files.length || entry.sentence || entry.who.length) return await queue.keep(entry, files, away)
    for (const id of [mine, ...away]) await queue.remove(id)
  } catch (error) {
    taken.push(...away)
    unkept = true
    throw error
  }
}

// A draft is of one window for as long as that is open. A window without one goes on with one that was left behind, as
// it was left; the others wait, and are offered.
let known_which
const resumed = new Promise(good => { known_which = good })
let mine // where this window keeps its draft
let taken = [] // drafts that stand here now, and go when this one is kept
const locks = new Map() // of a draft: what lets go of it
const hold = (id, patience) => new Promise(good => {
  const how = patience && AbortSignal.timeout ? { signal: AbortSignal.timeout(patience) } : { ifAvailable: true }
  const asked = navigator.locks?.request(`koor-${id}`, how, lock => { good(Boolean(lock)); return lock && new Promise(gone => locks.set(id, gone)) })
  if (asked) asked.catch(() => good(false))
  else good(true)
})
const fresh = () => `${queue.draftOf(person)}:${queue.newId()}`
// What was said of a voice note until now: it is kept too, and only the whole of it is shown.
let spoken = []
document.getElementById('gallery').addEventListener('spoken', ({ detail }) => { spoken = detail; if (detail.length) draft() })
form.addEventListener('input', () => { going = undefined; draft() })

// What is not done, the newest first. A window that was here before may need a moment to let go of it.
const standing = async () => (await queue.drafts(person)).sort((a, b) => b.taken_at - a.taken_at)
async function resume() {
  const last = sessionStorage.draft
  const rows = await standing()
  const before = rows.filter(row => row.id === last)
  const [left, shared] = [row => row.who, row => !row.who].map(of => rows.filter(row => row.id !== last && of(row)))
  for (const { id } of [...before, ...left, ...shared]) if (!mine && await hold(id, id === last && 1000)) await goOnWith(id)
  if (!mine) itsOwn()
  const wrong = []
  for (const { id } of shared) if (id !== mine && !taken.includes(id) && (locks.has(id) || await hold(id))) await join(id, wrong)
  if (taken.length) await save().catch(() => {})
  for (const [id, gone] of locks) if (id !== mine && !taken.includes(id)) gone()
}
function itsOwn(id = fresh()) {
  mine = sessionStorage.draft = id
  hold(id)
}
const keptIn = async id => [await queue.one(id), (await queue.photos(id)).map(queue.asFile)]
const joined = (words, more = '') => words.includes(more) ? words : `${words} ${more}`.trim()

// The whole of one: its photos, words, question, project and who is in it. Not on a page for another question.
async function goOnWith(id) {
  const [row, kept] = await keptIn(id)
  const asked = form.elements.prompt?.value
  if (!row || begun || (asked && row.who && asked !== row.prompt)) return
  const nobodys = person && !id.startsWith(queue.draftOf(person))
  itsOwn(nobodys ? fresh() : id)
  if (nobodys) taken.push(id)
  const over = kept.splice(Number(say.most))
  clear()
  add(kept)
  since = row.taken_at
  answers(row.prompt)
  form.sentence.value = row.sentence ?? ''
  if (row.project !== undefined && project?.querySelector(`option[value="${CSS.escape(row.project)}"]`)) choose(row.project)
  row.who?.filter(([name, agrees]) => agrees !== 'yes' || !tick(name)).forEach(([name, agrees], at) => fill(at, name, agrees))
  if (!over.length) return
  await queue.keep({ id: fresh(), taken_at: since, sentence: '' }, over)
  await save()
}

// What another app shared comes after what stands here, when all of it fits.
async function join(id, wrong) {
  const [row, kept] = await keptIn(id)
  const words = joined(form.sentence.value.trim(), row?.sentence)
  if (!row || photos.length + kept.length > Number(say.most) || words.length > form.sentence.maxLength) return
  taken.push(id)
  add(kept, wrong)
  form.sentence.value = words
}

const another_one = document.querySelector('[data-another]')
async function others() {
  const held = (await navigator.locks?.query())?.held.map(lock => lock.name) ?? []
  return (await standing()).filter(({ id }) => id !== mine && !taken.includes(id) && !held.includes(`koor-${id}`))
}
const offerOthers = async () => { another_one.hidden = !(await others()).length }
another_one.querySelector('button').addEventListener('click', async () => {
  try {
    await save()
  } catch {
    return tell([say.full])
  }
  const [next] = await others()
  if (next) sessionStorage.draft = next.id
  location.assign('/capture/')
})

// A page that the browser keeps in memory lets go of its draft. When it is seen again another may have gone on with it.
addEventListener('pagehide', () => {
  if (unkept) resumed.then(save).catch(() => {})
  for (const gone of locks.values()) gone()
})
addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return
  if (!unkept) return location.reload()
  taken = []
  itsOwn()
})

function filled() {
  const data = new FormData(form)
  const agrees = data.getAll('agrees')
  return {
    id: data.get('client_id') || queue.newId(), owner: person || null, state: 'waits', sentence: data.get('sentence').trim(),
    project: data.get('project') ?? '', projectName: project?.value ? project.selectedOptions[0].textContent : '', prompt: data.get('prompt') ?? '',
    who: [...data.getAll('who').map((name, at) => [name.trim(), agrees[at]]).filter(([name]) => name), ...data.getAll('agreed').map(name => [name, 'yes'])],
    taken_at: since ?? Date.now(), attempts: 0, next: 0,
  }
}

async function room() {
  const { quota, usage } = await navigator.storage?.estimate?.().catch(() => ({})) ?? {}
  return quota ? quota - usage : Infinity
}

let nearly = false // full
const waits = sentence => tell([sentence, ...nearly ? [say.nearly] : []], true)

// The question that this goes with, where the house did not write it into the page.
function answers(prompt) {
  if (!prompt || form.elements.prompt) return
  form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'prompt', value: prompt }))
  document.querySelector('[data-answers]').hidden = false
}

async function done() {
  await document.querySelector('[data-speak]').finish?.()
  await resumed
  if (!photos.length) return tell([say.noPhoto])
  const entry = filled()
  button.classList.add('busy')
  clearTimeout(drafting)
  try {
    await queue.keep(entry, photos, [mine, ...taken].filter(Boolean))
    taken = []
    unkept = false
  } catch (error) {
    button.classList.remove('busy')
    if (error?.name === 'QuotaExceededError' || !navigator.onLine) return tell([say.full])
    return plainly() // a browser that keeps nothing: as without this script
  }
  button.classList.remove('busy')
  begin_again()
  going = entry.id
  nearly = await room() < ROOM
  waits(person ? say.kept : say.signedOut)
  offerOthers().catch(() => {})
  navigator.storage?.persist?.().catch(() => {})
  rememberPlace(entry.project).catch(() => {})
  queue.send(true)
}

function plainly() {
  const files = new DataTransfer()
  for (const photo of photos) files.items.add(photo)
  inputs[0].files = files.files
  form.submit()
}

function clear() {
  const chosen = project?.value
  photos = []
  form.reset()
  lines().forEach(line => says(line, 'ask'))
  ask()
  if (project) choose(chosen)
}

function begin_again() {
  since = undefined
  clear()
  form.client_id.value = queue.newId()
  form.querySelector('[name=prompt]')?.remove()
  document.querySelector('[data-answers]').hidden = true
  fold()
  draw()
}

form.addEventListener('submit', event => { event.preventDefault(); done() })

queue.listen(async said => {
  if (!going || !Object.values(said).includes(going)) return
  progress.hidden = said.sending === undefined
  if (said.sending) progress.value = said.part
  if (said.arrived) return location.assign(said.url)
  if (said.refused) return tell(said.reasons)
  const problem = said.changed && (await queue.one(going))?.problem
  if (problem) waits(problem === 'no_signal' ? say.kept : problem === 'signed_out' ? say.signedOut : say.later)
})

// Who was in it last time at this project: one tap.
const offered = form.querySelector('[data-with]')
function withThem(project) {
  const all = [...offered.children]
  const of = all.some(one => one.dataset.of === project) ? project : 'any'
  for (const one of all) {
    one.hidden = one.dataset.of !== of
    if (one.hidden) one.querySelector('input').checked = false
  }
}
function tick(name) {
  const box = [...offered.querySelectorAll('li:not([hidden]) input')].find(one => one.value === name)
  if (box) box.checked = true
  return Boolean(box)
}
function offer(companions) {
  const pattern = offered.querySelector('li')
  for (const [project, names] of Object.entries(companions ?? {})) {
    for (const name of names) {
      const one = pattern.cloneNode(true)
      one.dataset.of = project
      one.querySelector('input').value = name
      one.querySelector('span').textContent = one.querySelector('span').textContent.replace('{name}', name)
      offered.append(one)
    }
  }
}

// People: one line at first, another when it is asked for or filled in.
const people = form.querySelector('[data-who]')
const more = form.querySelector('[data-more]')
const lines = () => [...people.children]
function fold() {
  const last = lines().findLastIndex(line => line.querySelector('input').value)
  lines().forEach((line, at) => { line.hidden = at > Math.max(0, last) })
}
function another() {
  const next = people.lastElementChild.cloneNode(true)
  people.append(next)
  next.querySelector('input').value = ''
  says(next, 'ask')
  ask()
  return next
}
function fill(at, name, agrees) {
  const line = lines()[at] ?? another()
  line.hidden = false
  line.querySelector('input').value = name
  says(line, agrees)
  ask()
}

// Their answer: one tap instead of a list that opens.
function says(line, agrees) {
  line.querySelector('select').value = agrees
  for (const one of line.querySelectorAll('[data-says] button')) one.setAttribute('aria-pressed', String(one.value === agrees))
}
people.addEventListener('click', event => {
  const said = event.target.closest('[data-says] button')
  if (said) { says(said.closest('li'), said.value); draft() }
})
for (const line of lines()) line.querySelector('select').hidden = true
function ask() {
  for (const line of lines()) line.querySelector('[data-says]').hidden = !line.querySelector('input').value.trim()
}
people.addEventListener('input', ask)
more.hidden = false
more.addEventListener('click', () => {
  const next = lines().find(line => line.hidden) ?? another()
  next.hidden = false
  next.querySelector('input').focus()
})
fold()
ask()

function choose(value) {
  project.value = value
  form.querySelector('[data-project]').textContent = project.selectedOptions[0]?.textContent ?? ''
  withThem(value)
}
project?.addEventListener('change', () => { choose(project.value); project.dataset.chosen = '1' })

// The camera at once, where this person allowed it before or put Koor on the phone; else the phone's own, behind the
// same label. Who says no is not asked again.
const finder = shot.querySelector('[data-finder]')
const film = finder.querySelector('video')
const live = form.querySelector('[data-live]')
let stream
let at_once = false
const installed = matchMedia('(display-mode: standalone)').matches

async function look() {
  stream ??= await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 4096 }, height: { ideal: 3072 } } })
  at_once = true
  film.srcObject = stream
  await film.play()
  live.hidden = camera.hidden = true
  finder.hidden = false
}

function rest() {
  stream?.getTracks().forEach(track => track.stop())
  stream = film.srcObject = null
  finder.hidden = true
  camera.hidden = false
}

async function shoot() {
  const photo = await stillOf(stream.getVideoTracks()[0])
  const before = photos.length
  rest()
  add([new File([photo], `${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.jpg`, { type: photo.type })])
  draft()
  what_comes_next(before)
}

async function stillOf(track) {
  try {
    return await new ImageCapture(track).takePhoto() // as sharp as the camera can
  } catch {
    const still = Object.assign(document.createElement('canvas'), { width: film.videoWidth, height: film.videoHeight })
    still.getContext('2d').drawImage(film, 0, 0)
    return new Promise(good => still.toBlob(good, 'image/jpeg', 0.92))
  }
}

async function cameraAtOnce() {
  if (!navigator.mediaDevices?.getUserMedia) return
  const { state } = await navigator.permissions.query({ name: 'camera' }).catch(() => ({ state: 'prompt' }))
  const allowed = state === 'granted' || (state === 'prompt' && (await queue.known('camera') ?? installed))
  live.hidden = allowed || state === 'denied'
  if (!allowed || photos.length) return
  await look().then(() => queue.know('camera', true), notNow)
  if (photos.length) rest() // one was chosen while the camera woke up
}

function notNow(error) {
  live.hidden = false
  if (error.name === 'NotAllowedError') return queue.know('camera', false)
}

finder.querySelector('[data-shoot]').addEventListener('click', () => shoot())
live.addEventListener('click', () => look().then(() => queue.know('camera', true), () => { live.hidden = true }))
camera.addEventListener('click', event => {
  if (!at_once) return
  event.preventDefault()
  look().catch(() => { at_once = false })
})
document.addEventListener('visibilitychange', () => {
  if (document.hidden && stream) rest()
  else if (at_once && !photos.length) look().catch(rest)
})

// The place helps to guess the project, for who allows it. It stays on the phone: where each project was shown last.
const NEAR = 300 // metres
const where = form.querySelector('[data-where]')
const ask_place = form.querySelector('[data-place]')
let here

const position = () => new Promise((good, bad) => navigator.geolocation.getCurrentPosition(({ coords }) => good([coords.latitude, coords.longitude]), bad, { maximumAge: 60_000, timeout: 8000 }))

function metres([north, east], [north2, east2]) {
  const level = Math.cos(north * Math.PI / 180)
  return 111_320 * Math.hypot(north - north2, (east - east2) * level)
}

async function byPlace() {
  here = await position()
  ask_place.hidden = true
  const places = Object.entries(await queue.known(`places:${person}`) ?? {}).map(([id, at]) => [id, metres(here, at)])
  const [id, far] = places.sort((a, b) => a[1] - b[1]).find(([id]) => [...project.options].some(option => option.value === id)) ?? []
  if (!(far < NEAR) || project.dataset.chosen) return
  choose(id)
  where.textContent = where.dataset.here
}

async function placeAtOnce() {
  if (!project || !person || !navigator.geolocation) return
  const { state } = await navigator.permissions.query({ name: 'geolocation' })
  ask_place.hidden = state !== 'prompt'
  if (state === 'granted') await byPlace()
}

async function rememberPlace(id) {
  if (here && id && person) await queue.know(`places:${person}`, { ...await queue.known(`places:${person}`), [id]: here })
}
ask_place?.addEventListener('click', () => byPlace().catch(() => { ask_place.hidden = true }))

// Without signal: what this page offers comes from what the phone was told last time.
async function fromPhone() {
  person = (await queue.known('person')) ?? ''
  const lists = await queue.known('lists')
  document.querySelector('[data-nobody]').hidden = Boolean(person)
  no_signal.hidden = !person
  form.client_id.value ||= queue.newId()
  answers(new URLSearchParams(location.search).get('prompt'))
  if (!lists) return
  offer(lists.companions)
  document.querySelector('[data-name]').textContent = lists.name
  project.append(...lists.projects.map(one => Object.assign(document.createElement('option'), { value: one.id, textContent: one.name })))
  form.querySelector('.where-other').hidden = !lists.projects.length
  choose(lists.projects.some(one => one.id === lists.chosen.id) ? lists.chosen.id : '')
  document.getElementById('names').append(...lists.names.map(value => Object.assign(document.createElement('option'), { value })))
}

// The kept page is also what a slow line gets: when the house answers after all, say nothing of signal.
async function found() {
  const there = await queue.whoIsThere(true).catch(trouble => trouble)
  if (there.status === 0 || there.status >= 500) return
  no_signal.hidden = true
  document.querySelector('[data-nobody]').hidden = there.status !== 401
  if (there.person) person = there.person
  await queue.know('person', person || null)
  queue.send(true)
}

if ('shell' in say) await fromPhone().catch(() => {})
await resume().catch(() => { taken = []; itsOwn() }).finally(known_which)
offerOthers().catch(() => {})
cameraAtOnce().catch(() => {})
placeAtOnce().catch(() => {})
if ('shell' in say) {
  found()
  addEventListener('online', found)
  queue.listen(said => said.arrived && found())
  // Not every phone tells that the signal is back: as long as the page says there is none, it looks for itself.
  setInterval(() => { if (!no_signal.hidden && !document.hidden) found() }, 10_000)
}
