// Leaves at once: forgets the answers in this tab and shows another site in its place.
const PLACE = "ketapath";

export default function (component) {
  const { data, parentElement } = component;
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.title = data.hint;
  const leave = () => {
    try { window.sessionStorage.removeItem(PLACE); } catch (e) { /* nothing is kept then */ }
    document.title = "";
    document.body.style.visibility = "hidden";
    window.location.replace(data.url);
  };
  button.onclick = leave;
  let presses = [];
  const onKey = (event) => {
    if (event.key !== "Shift") { presses = []; return; }
    const now = Date.now();
    presses = [...presses.filter((t) => now - t < 2000), now];
    if (presses.length >= 3) leave();
  };
  document.addEventListener("keyup", onKey);
  return () => document.removeEventListener("keyup", onKey);
}
