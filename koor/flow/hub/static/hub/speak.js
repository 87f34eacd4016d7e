// A voice note, spoken on the spot: one tap begins, one ends, and it stands with the photos until Done. What was said so far
// is kept when the screen goes dark. Without a microphone or this script a recording is chosen like a photo.
const button = document.querySelector('[data-speak]')
const gallery = document.getElementById('gallery')
const KINDS = { 'audio/webm;codecs=opus': 'webm', 'audio/mp4': 'm4a', 'audio/ogg;codecs=opus': 'ogg' }
const kind = Object.keys(KINDS).find(one => self.MediaRecorder?.isTypeSupported(one))
const KEPT = 5 // seconds between two times that what was said so far is kept
const words = button.querySelector('span')
const { begin, end, sorry } = button.dataset
let recorder
let clock

function tell() {
  const seconds = Math.floor((Date.now() - recorder.since) / 1000)
  words.textContent = `${end} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  if (seconds >= Number(button.dataset.most)) recorder.stop()
}

const noted = (pieces, name) => new File(pieces, `${name}.${KINDS[kind]}`, { type: kind.split(';')[0] })
const keep = files => gallery.dispatchEvent(new CustomEvent('spoken', { detail: files }))

// As if it were chosen: the page shows it and keeps it on the phone.
function hand(pieces, name) {
  keep([])
  const files = new DataTransfer()
  files.items.add(noted(pieces, name))
  gallery.files = files.files
  gallery.dispatchEvent(new Event('change', { bubbles: true }))
}

async function start() {
  const sound = await navigator.mediaDevices.getUserMedia({ audio: true })
  const pieces = []
  const name = new Date().toISOString().slice(0, 19).replaceAll(':', '')
  recorder = new MediaRecorder(sound, { mimeType: kind })
  recorder.since = Date.now()
  recorder.addEventListener('dataavailable', ({ data }) => {
    if (data.size) pieces.push(data)
    if (recorder?.state === 'recording' && pieces.length % KEPT === 0) keep([noted(pieces, name)])
  })
  recorder.addEventListener('stop', () => {
    clearInterval(clock)
    recorder = undefined
    for (const track of sound.getTracks()) track.stop()
    button.setAttribute('aria-pressed', 'false')
    words.textContent = begin
    if (pieces.length) hand(pieces, name)
  })
  recorder.start(1000)
  button.setAttribute('aria-pressed', 'true')
  clock = setInterval(tell, 1000)
  tell()
}

// For Done: what is being said now goes along.
button.finish = () => recorder && new Promise(good => {
  recorder.addEventListener('stop', good, { once: true })
  recorder.stop()
})

if (kind && navigator.mediaDevices?.getUserMedia) {
  button.hidden = false
  button.addEventListener('click', async () => {
    if (recorder) return recorder.stop()
    button.disabled = true
    await start().catch(() => { words.textContent = sorry })
    button.disabled = false
    button.focus()
  })
  document.addEventListener('visibilitychange', () => { if (document.hidden) recorder?.stop() })
}
