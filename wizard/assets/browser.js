// Keeps the answers in this tab's own storage, and moves focus to the heading when the step changes.
const PLACE = "ketapath";

function focusHeading() {
  const main = document.querySelector('[data-testid="stMain"]');
  if (main) main.scrollTop = 0;
  const heading = document.querySelector('[data-testid="stMain"] h1');
  if (heading) {
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
  }
}

export default function (component) {
  const { data, setStateValue } = component;
  if (!data) return;
  try {
    if (data.ask) {
      setStateValue("kept", window.sessionStorage.getItem(PLACE) || "");
    } else if (data.text !== null) {
      window.sessionStorage.setItem(PLACE, data.text);
    }
  } catch (e) {
    if (data.ask) setStateValue("kept", "");
  }
  document.documentElement.lang = data.language;
  if (window.ketapathStep !== undefined && window.ketapathStep !== data.step) {
    window.setTimeout(focusHeading, 60);
  }
  window.ketapathStep = data.step;
}
