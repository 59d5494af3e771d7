// The quick form by keyboard alone: the focus stays in its field when the page is drawn anew, the
// next caller begins in the first field, and Delete empties a list.
const FIELD = '[class*="st-key-qf-"]';
const CELLS = '[class*="st-key-quick_cells_"]';

function keyOf(element) {
  const field = element && element.closest ? element.closest(FIELD) : null;
  return field ? [...field.classList].find((name) => name.startsWith("st-key-qf-")) : null;
}

function install() {
  if (window.ketapathQuick) return window.ketapathQuick;
  const held = (window.ketapathQuick = { key: null, element: null, round: null });
  document.addEventListener("focusin", (event) => {
    held.key = keyOf(event.target);
    held.element = event.target;
  });
  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (event.key !== "Delete" || !box.closest || !box.closest(CELLS)) return;
    const list = box.closest('[data-testid="stSelectbox"]');
    const clear = list && list.querySelector('button[aria-label="Clear value"]');
    if (clear) {
      event.preventDefault();
      clear.click();
      box.focus();
    }
  });
  // At once, before the next key is pressed: a drawn-anew field is a new element.
  new MutationObserver(() => restore(held)).observe(document.body, { childList: true, subtree: true });
  return held;
}

function restore(held) {
  const lost = !document.activeElement || document.activeElement === document.body;
  if (!lost || !held.key || (held.element && held.element.isConnected)) return;
  const field = document.querySelector(`.${held.key} input`);
  if (field) field.focus({ preventScroll: true });
}

function first() {
  const field = document.querySelector(`${CELLS} input`);
  if (field) field.focus();
}

export default function (component) {
  const { data } = component;
  if (!data) return;
  const held = install();
  const next = held.round !== null && held.round !== data.round;
  held.round = data.round;
  if (next) for (const wait of [30, 150]) window.setTimeout(first, wait);
}
