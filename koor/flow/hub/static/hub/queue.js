// What waits on this phone: everything that is shown goes into IndexedDB first and from there to the house, once.
// For every page and for the service worker. `koor.queue` keeps, lists, removes and sends; the channel `koor` tells who listens.
self.koor = self.koor ?? {}
koor.queue = (() => {
  const AGAIN = [2, 5, 15, 30, 60, 120, 300] // seconds before the next try
  const draftOf = person => `draft:${person ?? ''}` // what begins so is not done yet: `${draftOf(person)}:…`, of one window each, or shared by another app
  const UNWANTED = 'unwanted:' // before the id of what was removed here and that the house may hold pieces of
  const isDraft = id => id.startsWith('draft:')
  const news = 'BroadcastChannel' in self ? new BroadcastChannel('koor') : { postMessage() {} }
  const heard = new Set()
  let opened

  function tell(said) {
    news.postMessage(said)
    for (const listener of heard) listener(said)
  }
  if (news.addEventListener) news.addEventListener('message', event => { for (const listener of heard) listener(event.data) })

  function base() {
    opened ??= new Promise((good, bad) => {
      const asked = indexedDB.open('koor', 1)
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore('captures', { keyPath: 'id' })
        asked.result.createObjectStore('photos', { keyPath: ['capture', 'order'] })
        asked.result.createObjectStore('known', { keyPath: 'key' })
      }
      asked.onsuccess = () => {
        asked.result.onversionchange = () => { asked.result.close(); opened = undefined }
        asked.result.onclose = () => { opened = undefined }
        good(asked.result)
      }
      asked.onerror = () => { opened = undefined; bad(asked.error) }
    })
    return opened
  }

  // One transaction; `work` gets the stores. Ends when it stands on the disk.
  async function within(mode, work) {
    const deal = (await base()).transaction(['captures', 'photos', 'known'], mode, { durability: 'strict' })
    const ended = new Promise((good, bad) => {
      deal.oncomplete = good
      deal.onabort = () => bad(deal.error)
    })
    let answer
    work(name => deal.objectStore(name), value => { answer = value })
    await ended
    return answer
  }
  const read = asked => within('readonly', (store, give) => { const row = asked(store); row.onsuccess = () => give(row.result) })
  const photosOf = id => IDBKeyRange.bound([id], [id, []])

  const one = id => read(store => store('captures').get(id))
  const all = async () => (await read(store => store('captures').getAll())).filter(entry => !isDraft(entry.id)).sort((a, b) => a.taken_at - b.taken_at)
  const photos = id => read(store => store('photos').getAll(photosOf(id)))
  const known = async key => (await read(store => store('known').get(key)))?.value
  const know = (key, value) => within('readwrite', store => store('known').put({ key, value }))

  const newId = () => crypto.randomUUID?.() ?? '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, c => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16))

  // `blobs`: files as they were chosen. The drafts become a capture that waits in the same transaction.
  async function keep(entry, blobs, drafts = []) {
    await within('readwrite', store => {
      store('captures').put(entry)
      store('photos').delete(photosOf(entry.id))
      blobs.forEach((blob, order) => store('photos').put({ capture: entry.id, order, blob, name: blob.name ?? '', type: blob.type, size: blob.size }))
      for (const draft of drafts) {
        store('captures').delete(draft)
        store('photos').delete(photosOf(draft))
      }
    })
    if (isDraft(entry.id)) return
    tell({ changed: entry.id })
    await soon()
  }

  async function addToDraft(person, files, sentence) {
    await keep({ id: `${draftOf(person)}:${newId()}`, taken_at: Date.now(), sentence }, files)
  }

  // What was not done yet: of this person, and of nobody.
  async function drafts(person) {
    const known = [draftOf(person), draftOf('')]
    return (await read(store => store('captures').getAll())).filter(({ id }) => known.some(base => id === base || id.startsWith(`${base}:`)))
  }
  const asFile = ({ blob, name, type }) => new File([blob], name, { type, lastModified: blob.lastModified })

  async function change(id, changes) {
    await within('readwrite', store => {
      const asked = store('captures').get(id)
      asked.onsuccess = () => { if (asked.result) store('captures').put({ ...asked.result, ...changes }) }
    })
    tell({ changed: id })
  }

  async function remove(id) {
    await within('readwrite', store => {
      store('captures').delete(id)
      store('photos').delete(photosOf(id))
    })
    tell({ changed: id })
  }

  // Not wanted any more: what the house holds of it goes too, half of it or all, now or once the house can be told.
  async function throwAway(id) {
    const entry = await one(id)
    const owner = entry ? entry.owner : await known('person') // it arrived just now
    if (owner) await know(UNWANTED + id, owner)
    await remove(id)
    await send()
  }

  async function tellUnwanted() {
    const rows = await read(store => store('known').getAll(IDBKeyRange.bound(UNWANTED, `${UNWANTED}\uffff`)))
    const house = rows.length ? await whoIsThere() : {}
    for (const { key, value } of rows) {
      if (value !== house.person) continue
      const id = key.slice(UNWANTED.length)
      await pieces.forget(id, house) // first: without its pieces it can't arrive any more
      await pieces.ask('POST', `/capture/sent/${id}/withdraw/`, { 'X-CSRFToken': house.token }, new URLSearchParams({ person: house.person }))
      await within('readwrite', store => store('known').delete(key))
    }
  }

  async function stillWanted(id) {
    if (!await one(id)) throw new pieces.Trouble(404, 'unwanted')
  }

  // Who is signed in, and a fresh token. Nothing goes unless that is who took it.
  async function whoIsThere(lists = false) {
    const answer = await pieces.ask('GET', `/capture/phone/${lists ? '?lists=1' : ''}`, { Accept: 'application/json' })
    if (!answer.headers.get('Content-Type')?.startsWith('application/json')) throw new pieces.Trouble(502)
    const said = await answer.json()
    if (lists) await know('lists', { ...said, token: undefined, at: Date.now() })
    return said
  }

  // Background Sync where it exists: the phone wakes the service worker when there is signal.
  async function soon() {
    try {
      const registration = self.registration ?? await self.navigator.serviceWorker?.getRegistration()
      await registration?.sync?.register('koor-queue')
    } catch { /* not allowed, or not there: the pages do it */ }
  }

  const alone = (name, work) => navigator.locks ? navigator.locks.request(name, work) : work()
  let running = Promise.resolve()

  // All that is due, one after another; one tab or worker at a time. `at_once`: also what was to wait longer.
  function send(at_once = false) {
    running = running.then(() => alone('koor-queue', () => drain(at_once))).catch(() => {}).then(plan)
    return running
  }

  async function drain(at_once) {
    await tellUnwanted().catch(() => {})
    if (at_once) for (const row of await waiting()) await change(row.id, { next: 0 })
    let house
    for (let next; (next = (await waiting(house)).find(row => (row.next ?? 0) <= Date.now()));) {
      try {
        house ??= await whoIsThere()
        if (next.owner === house.person) await sendOne(next, house)
      } catch (trouble) {
        if (!trouble.status && !(trouble instanceof pieces.Trouble)) throw trouble
        const renewed = trouble.status === 403 && !next.renewed // another token: ask for it and try again
        await change(next.id, renewed ? { renewed } : { attempts: next.attempts + 1, next: Date.now() + pause(next.attempts, trouble), problem: problem(trouble) })
        if (!house || trouble.status === 0) return
        house = undefined
      }
    }
  }
  const waiting = async house => (await all()).filter(row => row.state === 'waits' && (!house || row.owner === house.person))
  const pause = (attempts, trouble) => Math.min(AGAIN[Math.min(attempts, AGAIN.length - 1)], trouble.status ? Infinity : AGAIN[2]) * 1000 * (1 + Math.random() / 4)

  function problem({ status }) {
    if (status === 401) return 'signed_out'
    if (status === 0) return 'no_signal'
    return { 429: 'much', 507: 'no_room' }[status] ?? 'house'
  }

  async function sendOne(entry, house) {
    const answer = await again(entry, house) ?? await hand(entry, await sendPhotos(entry, house), house)
    if (answer.url) {
      const wanted = await one(entry.id)
      await remove(entry.id)
      return wanted && tell({ arrived: entry.id, url: answer.url })
    }
    await change(entry.id, { state: 'refused', reasons: answer.sentences, next: 0 })
    tell({ refused: entry.id, reasons: answer.sentences })
  }

  // It was handed over before, but the answer got lost: ask once more before all photos go again.
  async function again(entry, house) {
    if (!entry.handed) return undefined
    await stillWanted(entry.id)
    try {
      return await hand(entry, entry.handed, house)
    } catch (trouble) {
      if (trouble.status !== 409) throw trouble
    }
  }

  async function sendPhotos(entry, house) {
    const blobs = await photos(entry.id)
    const total = blobs.reduce((sum, photo) => sum + photo.size, 0)
    const handles = []
    let before = 0
    for (const { blob, name, order, size } of blobs) {
      const progress = async at => {
        await stillWanted(entry.id)
        tell({ sending: entry.id, part: total ? (before + at) / total : 0 })
      }
      await stillWanted(entry.id)
      handles.push(await pieces.send(blob, { key: `${entry.id}/${order}`, name, token: house.token, person: house.person, progress }))
      before += size
    }
    await change(entry.id, { handed: handles })
    await stillWanted(entry.id)
    return handles
  }

  // The last step: the photos are there, now the words. The house knows the id, so a repeat gives the first answer.
  async function hand(entry, handles, house) {
    const form = new FormData()
    const fields = { client_id: entry.id, person: entry.owner, sentence: entry.sentence, project: entry.project, prompt: entry.prompt, taken_at: entry.taken_at, phone_now: Date.now() }
    for (const [name, value] of Object.entries(fields)) form.append(name, value ?? '')
    for (const [name, agrees] of entry.who ?? []) { form.append('who', name); form.append('agrees', agrees) }
    for (const handle of handles) form.append('upload', handle)
    let answer
    try {
      answer = await fetch('/capture/', { method: 'POST', body: form, headers: { Accept: 'application/json', 'X-CSRFToken': house.token }, credentials: 'same-origin', redirect: 'manual', signal: AbortSignal.timeout?.(120_000) })
    } catch {
      throw new pieces.Trouble(0)
    }
    const said = await answer.json().catch(() => ({}))
    if ((answer.status === 201 && said.url) || (answer.status === 422 && said.sentences)) return said
    throw new pieces.Trouble(answer.status, said.code)
  }

  // The next look by itself, for as long as a page is open.
  let timer
  async function plan() {
    clearTimeout(timer)
    if (!self.document) return
    const rows = (await waiting()).filter(row => row.problem && row.problem !== 'signed_out')
    if (rows.length) timer = setTimeout(() => send(), Math.max(1000, Math.min(...rows.map(row => row.next ?? 0)) - Date.now()))
  }

  const listen = listener => heard.add(listener)
  return { addToDraft, all, asFile, change, draftOf, drafts, keep, know, known, listen, newId, one, photos, remove, send, soon, throwAway, whoIsThere }
})()
