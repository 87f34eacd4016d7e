// What a picture is about: tap it or move the sliders, and every shape shows what stays in sight. Without this script
// the sliders work too; the shapes follow when the form is sent.

const form = document.querySelector("form[data-focal]");
const whole = form?.querySelector("[data-whole]");

const field = (name) => form.elements.namedItem(name);
const number = (name) => Number(field(name).value);

// The same arithmetic as hub/media/crops.py.
function box(width, height, ratio, x, y, zoom) {
  const wide = (Math.min(width, height * ratio) * 100) / zoom;
  const across = Math.max(1, Math.min(width, Math.round(wide)));
  const down = Math.max(1, Math.min(height, Math.round(wide / ratio)));
  const within = (wanted, most) => Math.max(0, Math.min(wanted, most));
  return [
    within(Math.round((width * x) / 100 - across / 2), width - across),
    within(Math.round((height * y) / 100 - down / 2), height - down),
    across,
    down,
  ];
}

function draw() {
  const { width, height } = whole.viewBox.baseVal;
  for (const mark of whole.querySelectorAll("circle")) {
    mark.setAttribute("cx", (width * number("x")) / 100);
    mark.setAttribute("cy", (height * number("y")) / 100);
  }
  for (const one of form.querySelectorAll("[data-cut]")) {
    const shape = one.dataset.cut;
    const own = field(`${shape}-own`).checked;
    if (!own) {
      field(`${shape}-x`).value = number("x");
      field(`${shape}-y`).value = number("y");
      field(`${shape}-zoom`).value = 100;
    }
    const cut = box(width, height, Number(one.dataset.ratio), number(`${shape}-x`), number(`${shape}-y`), number(`${shape}-zoom`));
    one.querySelector("svg.cut").setAttribute("viewBox", cut.join(" "));
  }
}

function tapped(event) {
  const place = whole.getBoundingClientRect();
  const percent = (at, start, size) => Math.max(0, Math.min(100, Math.round(((at - start) / size) * 100)));
  field("x").value = percent(event.clientX, place.left, place.width);
  field("y").value = percent(event.clientY, place.top, place.height);
  draw();
}

if (form && whole) {
  whole.addEventListener("click", tapped);
  form.addEventListener("input", (event) => {
    const shape = event.target.closest("[data-cut]")?.dataset.cut;
    if (shape && event.target.type === "range") field(`${shape}-own`).checked = true;
    draw();
  });
}
