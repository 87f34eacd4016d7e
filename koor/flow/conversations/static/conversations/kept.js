// A page with several forms: what is typed in one is still there when another went. In this tab alone, until the page comes back.
const of = document.getElementById('live')?.dataset.of // of this conversation, in front as well as backstage
const place = `kept:${document.body.dataset.person ?? ''}/${of || location.pathname.match(/^\/\w+\/\w+\//)}` // or of this fire, whichever form came back

// What came back with the page because it was refused is theirs as well.
const theirs = field => field.value !== field.defaultValue || field.form?.querySelector('.errorlist, .newer')

addEventListener('submit', ({ target, defaultPrevented }) => {
  if (defaultPrevented) return
  const typed = [...document.querySelectorAll('#main :is(input:not([type=hidden], [type=file]), textarea)')].filter(
    field => field.id && field.form !== target && field.value && theirs(field)
  )
  if (typed.length) sessionStorage.setItem(place, JSON.stringify(typed.map(field => [field.id, field.value])))
})

for (const [id, value] of JSON.parse(sessionStorage.getItem(place) ?? '[]')) {
  const field = document.getElementById(id)
  if (!field || field.value !== field.defaultValue) continue
  field.value = value
  for (let fold = field.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true
}
sessionStorage.removeItem(place)
