// Hands a text and its pictures to the phone's own share sheet, so that a person posts it where they like.
// <button hidden data-share-text="…" data-share-files="/a.jpg /b.jpg"> · <button hidden data-copy="…" data-copied="…">
const files = new WeakMap()

async function fetched(address) {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(answer.statusText)
  const blob = await answer.blob()
  return new File([blob], address.split('/').pop().split('?')[0] || 'photo.jpg', { type: blob.type })
}

function ready(root) {
  for (const button of root.querySelectorAll('[data-share-text]')) {
    if (!navigator.share) continue
    button.hidden = false
    // A share sheet opens only right after a tap, so the pictures are fetched beforehand.
    const addresses = (button.dataset.shareFiles ?? '').split(/\s+/).filter(Boolean)
    if (addresses.length) Promise.all(addresses.map(fetched)).then(found => files.set(button, found), () => {})
  }
  if (navigator.clipboard) for (const button of root.querySelectorAll('[data-copy]')) button.hidden = false
}

async function share(button) {
  const what = { text: button.dataset.shareText }
  const pictures = files.get(button)
  if (pictures && navigator.canShare?.({ files: pictures })) what.files = pictures
  try {
    await navigator.share(what)
    button.dispatchEvent(new CustomEvent('koor:shared', { bubbles: true }))
  } catch (error) {
    if (error.name !== 'AbortError') throw error
  }
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy)
  if (!button.dataset.copied) return
  const before = button.textContent
  button.textContent = button.dataset.copied
  setTimeout(() => { button.textContent = before }, 2500)
}

addEventListener('click', event => {
  const sharing = event.target.closest?.('[data-share-text]')
  const copying = event.target.closest?.('[data-copy]')
  if (sharing) share(sharing)
  else if (copying) copy(copying)
})
addEventListener('htmx:load', event => ready(event.target))
ready(document)
