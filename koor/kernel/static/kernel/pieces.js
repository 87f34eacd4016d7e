// Sends one file in pieces by the tus protocol, and goes on where it was; for pages and for the service worker.
// `await pieces.send(blob, { key, name, token, person, progress })` gives the upload's handle, or throws a `pieces.Trouble`:
// `later` is true when trying again may help; `status` is the house's answer, 0 when there was none.
self.pieces = (() => {
  const SMALLEST = 64 * 1024
  const LARGEST = 4 * 1024 * 1024
  const QUICK = 1500 // ms; a piece that took less was too small
  const PATIENCE = 60000 // ms for one answer
  let size = 256 * 1024 // of a piece: follows the line

  class Trouble extends Error {
    constructor(status, code = '') {
      super(`${status} ${code}`)
      this.status = status
      this.code = code
      this.later = status === 0 || status >= 500 || [408, 423, 425, 429, 460].includes(status)
    }
  }

  async function ask(method, address, headers, body) {
    let answer
    try {
      answer = await fetch(address, {
        method, body, headers: { 'Tus-Resumable': '1.0.0', ...headers },
        credentials: 'same-origin', redirect: 'manual', cache: 'no-store', signal: AbortSignal.timeout?.(PATIENCE),
      })
    } catch {
      throw new Trouble(0)
    }
    if (answer.ok) return answer
    const said = await answer.json().catch(() => ({}))
    throw new Trouble(answer.status, said.code) // 0 for a way elsewhere: a hotel's own page, never the house
  }

  const coded = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

  async function proof(piece) {
    if (!self.crypto?.subtle) return {} // not on a secure address
    const sum = await crypto.subtle.digest('SHA-256', await piece.arrayBuffer())
    return { 'Upload-Checksum': `sha256 ${btoa(String.fromCharCode(...new Uint8Array(sum)))}` }
  }

  async function send(blob, { key, name = '', token, person, progress = () => {} }) {
    const who = { 'X-CSRFToken': token, ...person && { 'Koor-Person': String(person) } }
    const metadata = `key ${coded(key)},name ${coded(name.slice(0, 60))}`
    const begun = await ask('POST', '/uploads/', { ...who, 'Upload-Length': String(blob.size), 'Upload-Metadata': metadata })
    const address = begun.headers.get('Location')
    let at = Number(begun.headers.get('Upload-Offset'))
    let stumbles = 0
    while (at < blob.size) {
      await progress(at)
      const since = Date.now()
      try {
        at = await add(blob, address, at, who)
        stumbles = 0
        if (Date.now() - since < QUICK) size = Math.min(LARGEST, size * 2)
      } catch (trouble) {
        size = Math.max(SMALLEST, size / 4)
        if (++stumbles > 2 || ![409, 423, 460].includes(trouble.status)) throw trouble
        at = Number((await ask('HEAD', address, who)).headers.get('Upload-Offset'))
      }
    }
    await progress(blob.size)
    return address.split('/').at(-2)
  }

  async function add(blob, address, at, who) {
    const piece = blob.slice(at, at + size)
    const headers = { ...who, ...await proof(piece), 'Upload-Offset': String(at), 'Content-Type': 'application/offset+octet-stream' }
    return Number((await ask('PATCH', address, headers, piece)).headers.get('Upload-Offset'))
  }

  // What came of uploads under this key, or under `key/…`, is not wanted any more.
  const forget = (key, { token, person }) =>
    ask('DELETE', '/uploads/', { 'X-CSRFToken': token, 'Koor-Person': String(person), 'Upload-Metadata': `key ${coded(key)}` })

  return { send, ask, forget, Trouble }
})()
