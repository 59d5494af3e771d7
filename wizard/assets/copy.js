// Copies a text. Where the browser keeps its clipboard to itself, the old way by a selection is taken.
export default function (component) {
  const { data, parentElement } = component;
  const button = parentElement.querySelector("button");
  const told = parentElement.querySelector("[role=status]");
  button.textContent = data.label;
  const bySelection = () => {
    const area = document.createElement("textarea");
    area.value = data.text;
    area.setAttribute("readonly", "");
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.appendChild(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    button.focus();
    return done;
  };
  button.onclick = async () => {
    let done = true;
    try { await navigator.clipboard.writeText(data.text); } catch (e) { done = bySelection(); }
    told.textContent = done ? data.done : data.failed;
    window.setTimeout(() => { told.textContent = ""; }, 4000);
  };
}
