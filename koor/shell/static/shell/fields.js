// Fields that help while one types: characters left, a box that grows, pictures seen before they go.
// `data-count="300"` counts; `data-preview` on a file field shows the choice.

function count(field) {
  const most = Number(field.dataset.count)
  let output = field.parentElement.querySelector('output.left')
  if (!output) {
    output = document.createElement('output')
    output.className = 'left'
    output.htmlFor = field.id
    field.after(output)
  }
  const used = [...field.value.normalize()].length
  output.textContent = most ? `${used} / ${most}` : used
  output.classList.toggle('over', Boolean(most) && used > most)
}

const grows = CSS.supports('field-sizing', 'content')
function grow(field) {
  if (grows || field.localName !== 'textarea') return
  field.rows = Math.min(24, Math.max(3, field.value.split('\n').length, Math.ceil(field.scrollHeight / 24)))
}

function preview(input) {
  const place = input.closest('form, .drop, .field').querySelector('.chosen') ?? input.insertAdjacentElement('afterend', document.createElement('div'))
  place.className = 'chosen'
  for (const old of place.querySelectorAll('[src]')) URL.revokeObjectURL(old.src)
  place.replaceChildren(...[...input.files].slice(0, 12).map(file => {
    if (!/^(image|video)\//.test(file.type)) return Object.assign(document.createElement('span'), { className: 'pill', textContent: file.name })
    const shown = document.createElement(file.type.startsWith('video') ? 'video' : 'img')
    if (shown.localName === 'img') shown.alt = file.name
    shown.src = URL.createObjectURL(file)
    return shown
  }))
}

function ready(root) {
  for (const field of root.querySelectorAll('[data-count]')) count(field)
  for (const field of root.querySelectorAll('textarea')) grow(field)
}

addEventListener('input', ({ target }) => {
  if (target.dataset?.count !== undefined) count(target)
  if (target.localName === 'textarea') grow(target)
})
addEventListener('change', ({ target }) => {
  if (target.type === 'file' && target.dataset.preview !== undefined) preview(target)
  if (target.dataset?.submit !== undefined) target.form.requestSubmit()
})
for (const kind of ['dragover', 'dragleave', 'drop']) {
  addEventListener(kind, event => {
    const drop = event.target.closest?.('.drop')
    const input = drop?.querySelector('input[type=file]')
    if (!input || !event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    drop.classList.toggle('over', kind === 'dragover')
    if (kind !== 'drop') return
    input.files = event.dataTransfer.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })
}
addEventListener('htmx:load', event => ready(event.target))
ready(document)
