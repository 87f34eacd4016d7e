// A voice note, spoken on the spot: one tap begins, one ends, and it stands with the photos until Done. What was said so far
// is kept when the screen goes dark. Without a microphone or this script a recording is chosen like a photo.
const button = document.querySelector('[data-speak]')
const gallery = document.getElementById('gallery')
const KINDS = { 'audio/webm;codecs=opus': 'webm', 'audio/mp4': 'm4a', 'audio/ogg;codecs=opus': 'ogg' }
const kind = Object.keys(KINDS).find(one => self.MediaRecorder?.isTypeSupported(one))
const words = button.querySelector('span')
const { begin, end, sorry } = button.dataset
let recorder
let clock

function tell() {
  const seconds = Math.floor((Date.now() - recorder.since) / 1000)
  words.textContent = `${end} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  if (seconds >= Number(button.dataset.most)) recorder.stop()
}

// As if it were chosen: the page shows it and keeps it on the phone.
function hand(pieces) {
  const name = `${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${KINDS[kind]}`
  const files = new DataTransfer()
  files.items.add(new File(pieces, name, { type: kind.split(';')[0] }))
  gallery.files = files.files
  gallery.dispatchEvent(new Event('change', { bubbles: true }))
}

async function start() {
  const sound = await navigator.mediaDevices.getUserMedia({ audio: true })
  const pieces = []
  recorder = new MediaRecorder(sound, { mimeType: kind })
  recorder.since = Date.now()
  recorder.addEventListener('dataavailable', ({ data }) => { if (data.size) pieces.push(data) })
  recorder.addEventListener('stop', () => {
    clearInterval(clock)
    recorder = undefined
    for (const track of sound.getTracks()) track.stop()
    button.setAttribute('aria-pressed', 'false')
    words.textContent = begin
    if (pieces.length) hand(pieces)
  })
  recorder.start(1000)
  button.setAttribute('aria-pressed', 'true')
  clock = setInterval(tell, 1000)
  tell()
}

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
