// Move an idea by dragging, or with Alt and an arrow key; the idea's own page does the same without script.
const board = document.querySelector("[data-board]");
const status = document.getElementById("moved");
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const say = (sentence) => { status.textContent = sentence; status.classList.toggle("unseen", !sentence); };

async function move(card, lane) {
  const from = card.parentElement;
  const list = lane?.querySelector("ul");
  if (!list || list === from) return;
  const after = card.nextElementSibling;
  list.prepend(card);
  card.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(card.dataset.move, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      body: new URLSearchParams({ state: lane.dataset.state, reason: "" }),
    });
    const told = await answer.json();
    if (told.page) { location.assign(told.page); return; }
    if (!answer.ok) throw new Error(told.sentence ?? told.error?.sentence);
    say(told.sentence);
  } catch (problem) {
    from.insertBefore(card, after);
    say(problem.message);
  }
  for (const one of board.querySelectorAll(".lane")) one.querySelector(".none")?.toggleAttribute("hidden", one.querySelector("li") !== null);
  card.removeAttribute("aria-busy");
  card.querySelector("a").focus();
}

const cards = board?.querySelectorAll("[data-idea]") ?? [];
for (const card of cards) {
  card.draggable = true;
  card.addEventListener("dragstart", (event) => {
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.move);
  });
}
board?.addEventListener("dragover", (event) => { if (event.target.closest(".lane")) event.preventDefault(); });
board?.addEventListener("drop", (event) => {
  const lane = event.target.closest(".lane");
  const card = [...cards].find((one) => one.dataset.move === event.dataTransfer.getData("text/plain"));
  if (lane && card) { event.preventDefault(); move(card, lane); }
});
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 };
board?.addEventListener("keydown", (event) => {
  const card = event.target.closest("[data-idea]");
  if (!card || !event.altKey || !(event.key in STEPS)) return;
  event.preventDefault();
  const lanes = [...board.querySelectorAll(".lane")];
  move(card, lanes[lanes.indexOf(card.closest(".lane")) + STEPS[event.key]]);
});
