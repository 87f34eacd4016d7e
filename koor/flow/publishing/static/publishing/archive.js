// A large export goes up in pieces, and goes on where it was when the line breaks. Without script the form sends it whole.
const form = document.querySelector('form[data-pieces]')

async function bring() {
  const file = form.elements.file.files[0]
  const bar = form.querySelector('progress')
  const trouble = form.querySelector('[data-trouble]')
  const button = form.querySelector('button')
  const token = form.elements.csrfmiddlewaretoken.value
  const say = text => { trouble.textContent = text; trouble.hidden = !text }
  const line = document.querySelector('template[data-words]').content.querySelector('[data-key=line]').textContent
  say('')
  bar.hidden = false
  button.disabled = true
  try {
    const key = `archive/${file.name}/${file.size}/${file.lastModified}`.slice(0, 100)
    const upload = await pieces.send(file, { key, name: file.name, token, progress: at => { bar.value = at / file.size } })
    bar.removeAttribute('value')
    const answer = await fetch(form.action, {
      method: 'POST', headers: { 'X-CSRFToken': token }, body: new URLSearchParams({ upload }), credentials: 'same-origin',
    })
    const said = await answer.json()
    if (said.url) location.assign(said.url)
    else say(said.sentences.join(' '))
  } catch {
    say(line)
  }
  bar.hidden = true
  button.disabled = false
}

form?.addEventListener('submit', event => {
  if (!self.pieces || !form.elements.file.files[0]) return
  event.preventDefault()
  bring()
})
