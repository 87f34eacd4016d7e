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
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(rest))
addEventListener('htmx:afterRequest', event => {
  const form = event.target.closest?.('form')
  if (form) rest(form)
})
