// Move a slot by dragging, or with Alt and the arrow keys; the slot's own page does the same without script.
const table = document.querySelector("[data-calendar]");
const status = document.getElementById("moved");
const cookie = (name) => document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.split("=")[1] ?? "";
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? cookie("csrftoken");

const say = (sentence) => { status.textContent = sentence; status.classList.toggle("unseen", !sentence); };

async function move(slot, cell) {
  if (!cell || cell === slot.closest("td")) return;
  const from = slot.parentElement;
  let list = cell.querySelector("ul");
  if (!list) { list = document.createElement("ul"); cell.append(list); }
  list.append(slot);
  slot.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(slot.dataset.move, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      body: new URLSearchParams({ day: cell.dataset.day, version: slot.dataset.version }),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.sentence ?? told.error?.sentence);
    slot.dataset.version = told.version;
    say(told.sentence);
    if (!from.children.length) from.remove();
  } catch (problem) {
    from.append(slot);
    if (!list.children.length) list.remove();
    say(problem.message);
  }
  slot.removeAttribute("aria-busy");
  slot.querySelector("a")?.focus();
}

for (const slot of table?.querySelectorAll("[data-slot]") ?? []) {
  slot.draggable = true;
  slot.addEventListener("dragstart", (event) => {
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", slot.dataset.slot);
  });
}
table?.addEventListener("dragover", (event) => { if (event.target.closest("td[data-day]")) event.preventDefault(); });
table?.addEventListener("drop", (event) => {
  const cell = event.target.closest("td[data-day]");
  const slot = table.querySelector(`[data-slot="${CSS.escape(event.dataTransfer.getData("text/plain"))}"]`);
  if (cell && slot) { event.preventDefault(); move(slot, cell); }
});
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
table?.addEventListener("keydown", (event) => {
  const slot = event.target.closest("[data-slot]");
  if (!slot || !event.altKey || !(event.key in STEPS)) return;
  event.preventDefault();
  const cells = [...table.querySelectorAll("td[data-day]")];
  move(slot, cells[cells.indexOf(slot.closest("td")) + STEPS[event.key]]);
});
