// Lists and fields for keyboard and screen reader. Escape closes a list and keeps its answer, the
// cross that empties a list is no stop for the Tab key, what begins with what is typed is taken
// before a new name, and what is wrong with a field is tied to it.
const LIST = '[data-testid="stSelectbox"]';
const NEW = '[role="option"][data-key="__creatable__"]';
const PROBLEM = "st-key-problem_";
const SETTLED_MS = 250;

function press(box, key) {
  box.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

function onKey(event) {
  const box = event.target;
  if (!event.isTrusted || !box.closest || !box.closest(LIST)) return;
  if (event.key === "Enter") preferKnown(box);
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  press(box, "Tab"); // closes the list and chooses nothing
  box.blur(); // brings back the name of the answer
  box.focus({ preventScroll: true });
}

function beginsWith(name, typed) {
  const at = name.indexOf(typed);
  return at === 0 || (at > 0 && !/[\p{L}\p{N}]/u.test(name[at - 1]));
}

// From the new name, which a list takes by itself, to the first known one that begins alike.
function preferKnown(box) {
  const fresh = document.querySelector(`${NEW}[data-focused]`);
  if (!fresh || document.activeElement !== box) return;
  const known = fresh.closest('[role="listbox"]').querySelector(`[role="option"]:not(${NEW})`);
  const typed = box.value.trim().toLowerCase();
  if (known && typed && beginsWith(known.textContent.trim().toLowerCase(), typed)) press(box, "ArrowDown");
}

let waiting = 0;
function onInput(event) {
  const box = event.target;
  if (!box.closest || !box.closest(LIST)) return;
  window.clearTimeout(waiting); // the list itself goes back to the new name for some frames
  waiting = window.setTimeout(() => preferKnown(box), SETTLED_MS);
}

function tie() {
  for (const cross of document.querySelectorAll(`${LIST} button[aria-label="Clear value"]:not([tabindex="-1"])`)) {
    cross.tabIndex = -1;
  }
  for (const field of document.querySelectorAll('[class*="st-key-number_"] input:not([inputmode])')) {
    field.inputMode = "decimal";
  }
  const tied = new Set();
  for (const box of document.querySelectorAll(`[class*="${PROBLEM}"]`)) {
    const key = [...box.classList].find((name) => name.startsWith(PROBLEM)).slice(PROBLEM.length);
    if (!box.id) box.id = `problem-${key}`;
    // A message that announces itself needs no box that does; it may come after the box.
    if (box.querySelector('[role="alert"]')) box.removeAttribute("role");
    else box.setAttribute("role", "alert");
    for (const field of document.querySelectorAll(`.st-key-${key} input`)) {
      tied.add(field);
      if (field.getAttribute("aria-describedby") === box.id) continue;
      field.setAttribute("aria-describedby", box.id);
      field.setAttribute("aria-invalid", "true");
    }
  }
  for (const field of document.querySelectorAll('input[aria-describedby^="problem-"]')) {
    if (tied.has(field)) continue;
    field.removeAttribute("aria-describedby");
    field.removeAttribute("aria-invalid");
  }
}

export default function (component) {
  const { data } = component;
  if (!window.ketapathFields) {
    window.ketapathFields = { refused: data.refused };
    document.addEventListener("keydown", onKey, true);
    document.addEventListener("input", onInput, true);
    new MutationObserver(tie).observe(document.body, { childList: true, subtree: true });
  }
  tie();
  if (data.field && data.refused !== window.ketapathFields.refused) {
    window.setTimeout(() => {
      const field = document.querySelector(`.st-key-${data.field} input`);
      if (field) field.focus();
    }, 60);
  }
  window.ketapathFields.refused = data.refused;
}
