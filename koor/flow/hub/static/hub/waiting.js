// On every page: the phone knows who is signed in, what waits goes out, the navigation counts it, and a page with
// `[data-queue]` lists it. Sends by itself: when a page opens, when the signal returns, and by the service worker.
{
  const { queue } = koor
  const person = document.body.dataset.person // empty: nobody; not there: the page does not know
  const LISTS_KEEP = 6 * 3600 * 1000 // ms that the lists for working without signal stay as they are
  const sending = new Map()

  // Whoever signs out leaves no names and projects behind; what they took stays, under their name.
  async function whose() {
    if (person === undefined) return
    const { lang } = document.documentElement
    if (await queue.known('language') !== lang) await queue.know('language', lang)
    const before = await queue.known('person')
    if (before && before !== person) await unheard().catch(() => {})
    if (before !== (person || null)) await queue.know('person', person || null)
    const lists = await queue.known('lists')
    if (!person || (lists && lists.person !== person)) await queue.know('lists', null)
    if (!person && lists) await queue.know(`places:${lists.person}`, null)
    if (person && (lists?.person !== person || !(Date.now() - lists.at < LISTS_KEEP) || document.getElementById('capture'))) await queue.whoIsThere(true)
  }

  // Messages are for who asked for them here: they end when that colleague signs out.
  async function unheard() {
    const registration = await navigator.serviceWorker?.getRegistration()
    await (await registration?.pushManager?.getSubscription())?.unsubscribe()
  }

  async function count() {
    const waiting = (await queue.all()).length
    for (const link of document.querySelectorAll('nav.bar a[href="/capture/"]')) {
      let number = link.querySelector('[data-waits]')
      if (!number && waiting) {
        number = Object.assign(document.createElement('span'), { className: 'count' })
        number.dataset.waits = ''
        link.querySelector('.icon').after(number)
      }
      if (number) number.hidden = !waiting
      if (number) number.textContent = waiting
    }
    for (const pill of document.querySelectorAll('[data-waiting]')) {
      pill.dataset.before ??= pill.innerHTML
      pill.dataset.there ??= pill.getAttribute('href')
      if (waiting) pill.textContent = waiting === 1 ? pill.dataset.one : pill.dataset.many.replace('{n}', waiting)
      else pill.innerHTML = pill.dataset.before
      pill.setAttribute('href', waiting ? '#waiting' : pill.dataset.there)
      pill.classList.toggle('wait', waiting > 0)
      if (pill.matches('span, .top > [hidden], [data-waiting][href="#waiting"]')) pill.hidden = !waiting && pill.dataset.before === ''
    }
  }

  function state(entry, words) {
    if (entry.state === 'refused') return entry.reasons.join(' ')
    if (!entry.owner) return words.nobodys
    if (person && entry.owner !== person) return words.other
    if (sending.has(entry.id)) return words.going
    return words[entry.problem] ?? words.ready
  }

  const drawn = new Map()
  async function row(entry, list) {
    const found = drawn.get(entry.id) ?? await fresh(entry, list)
    const line = found.querySelector('[data-state]')
    line.textContent = state(entry, list.dataset)
    line.classList.toggle('ohoh', entry.state === 'refused')
    const part = sending.get(entry.id)
    const progress = found.querySelector('progress')
    progress.hidden = part === undefined
    progress.value = part ?? 0
    found.querySelector('[data-again]').hidden = !entry.owner || (Boolean(person) && entry.owner !== person)
    found.querySelector('[data-mine]').hidden = Boolean(entry.owner) || !person
    return found
  }

  async function fresh(entry, list) {
    const made = list.querySelector('template').content.firstElementChild.cloneNode(true)
    drawn.set(entry.id, made)
    made.querySelector('[data-words]').textContent = entry.sentence || entry.projectName || list.dataset.wordless
    made.querySelector('[data-again]').addEventListener('click', () => again(entry.id, {}))
    made.querySelector('[data-mine]').addEventListener('click', () => again(entry.id, { owner: person }))
    made.querySelector('[data-remove]').addEventListener('click', event => {
      if (event.currentTarget.dataset.sure) return queue.throwAway(entry.id).catch(() => {})
      event.currentTarget.dataset.sure = '1'
      event.currentTarget.textContent = list.dataset.sure
    })
    const [first] = await queue.photos(entry.id)
    if (first?.type.startsWith('image/')) thumb(made.querySelector('.thumb'), first.blob)
    return made
  }

  function thumb(blank, blob) {
    const image = Object.assign(document.createElement('img'), { className: 'thumb s64', alt: '' })
    image.addEventListener('load', () => { blank.replaceWith(image); URL.revokeObjectURL(image.src) })
    image.src = URL.createObjectURL(blob)
  }

  async function again(id, changes) {
    await queue.change(id, { ...changes, state: 'waits', reasons: [], next: 0, attempts: 0 })
    queue.send(true)
  }

  async function draw() {
    await count()
    const rows = await queue.all()
    for (const list of document.querySelectorAll('[data-queue]')) {
      list.hidden = !rows.length
      list.querySelector('ul').replaceChildren(...await Promise.all(rows.map(entry => row(entry, list))))
    }
  }

  let drawing = Promise.resolve()
  const soon = () => { drawing = drawing.then(draw).catch(() => {}) }
  queue.listen(said => {
    if (said.sending) sending.set(said.sending, said.part)
    else for (const id of Object.values(said)) sending.delete(id)
    soon()
  })

  addEventListener('online', () => queue.send(true))
  document.addEventListener('visibilitychange', () => { if (!document.hidden) queue.send() })
  if (person && navigator.serviceWorker) navigator.serviceWorker.register('/sw.js').catch(() => {})
  koor.ready = whose().catch(() => {}).then(() => { soon(); queue.send(true) })
}
