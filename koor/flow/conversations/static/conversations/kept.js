// A page with several forms: what is typed in one is still there when another went. In this tab alone, until the page comes back.
const place = `kept:${document.body.dataset.person ?? ''}${location.pathname.match(/^\/\w+\/\w+\//)}` // of this fire, whichever form came back

addEventListener('submit', ({ target, defaultPrevented }) => {
  if (defaultPrevented) return
  const typed = [...document.querySelectorAll('#main input:not([type=hidden]), #main textarea')].filter(
    field => field.id && field.form !== target && field.value !== field.defaultValue
  )
  if (typed.length) sessionStorage.setItem(place, JSON.stringify(typed.map(field => [field.id, field.value])))
})

for (const [id, value] of JSON.parse(sessionStorage.getItem(place) ?? '[]')) {
  const field = document.getElementById(id)
  if (!field || field.value !== field.defaultValue) continue
  field.value = value
  field.closest('details')?.setAttribute('open', '')
}
sessionStorage.removeItem(place)
