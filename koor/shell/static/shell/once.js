// A form goes once, however often its button is pressed. Without this script the hidden field `once` does the same.
const WAIT = 8000 // after this long a person may try again

function rest(form) {
  delete form.dataset.sent
  for (const button of form.querySelectorAll('.busy')) button.classList.remove('busy')
}

addEventListener('submit', event => {
  const form = event.target
  if (form.method !== 'post' || event.defaultPrevented) return
  if (form.dataset.sent) return event.preventDefault()
  form.dataset.sent = '1'
  event.submitter?.classList.add('busy')
  setTimeout(rest, WAIT, form)
})
// A part of a page that could not be had: say why, in the words of the page that came instead.
addEventListener('htmx:responseError', event => {
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, 'text/html')
  const said = [page.querySelector('main h1'), page.querySelector('main p')].filter(Boolean).map(part => part.textContent.trim())
  const flash = document.createElement('div')
  flash.className = 'flash error'
  flash.setAttribute('role', 'alert')
  flash.append(Object.assign(document.createElement('p'), { textContent: said.join('. ') || String(event.detail.xhr.status) }))
  document.getElementById('main').prepend(flash)
})
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(rest))
addEventListener('htmx:afterRequest', event => {
  const form = event.target.closest?.('form')
  if (form) rest(form)
})
