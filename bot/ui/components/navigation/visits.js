// Streamlit writes an entry into the browser's history for each address of a page, and runs the page when the reader goes back to it.
// That leaves two things to do here. An open source has an entry of its own, so that Back closes it. And an address that a page
// completes by itself, with the conversation that it still shows, takes the place of the bare one.

const CLOSED = "closed"; // the state of an entry whose source is open no more
// Between two entries of one page that both have a part of it in their address, Streamlit leaves the page as it is.
const PAGE = "#page";
const SOURCE = "#source";

function watchVisits(view) {
  // `bare` is set when another page was just opened by its bare address, which the page may complete.
  Object.assign(view, { bare: false, place: place(), state: history.state });
  view.onPop = () => arrived(view);
  view.onShown = (event) => shown(view, event.detail.key);
  // Whatever the reader does comes between: an address that changes after that is a step of its own.
  view.onAct = () => (view.bare = false);
  window.addEventListener("popstate", view.onPop);
  document.addEventListener("footnote:shown", view.onShown);
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, view.onAct, true);
  // Set on the object and not on its prototype, so that the browser's own functions stay where they are.
  history.pushState = (state, title, url) => pushed(view, state, title, url);
  history.replaceState = (state, title, url) => entered(view, "replaceState", state, title, url);
  // Of a page that was loaded again, no source is open.
  if (history.state?.footnote && !open()) history.replaceState({ footnote: CLOSED }, "", location.href);
}

function unwatchVisits(view) {
  window.removeEventListener("popstate", view.onPop);
  document.removeEventListener("footnote:shown", view.onShown);
  for (const kind of ["pointerdown", "keydown"]) document.removeEventListener(kind, view.onAct, true);
  // What was set on the object itself goes, and the browser's own come to light again.
  delete history.pushState;
  delete history.replaceState;
}

function place() {
  return location.pathname + location.search;
}

function open() {
  return document.documentElement.dataset.footnoteShown ?? "";
}

function entered(view, how, state, title, url) {
  History.prototype[how].call(history, state, title, url);
  Object.assign(view, { place: place(), state: history.state });
}

function pushed(view, state, title, url) {
  const other = new URL(url ?? "", location.href).pathname !== location.pathname;
  const completes = !other && view.bare && !location.search;
  view.bare = other;
  entered(view, completes ? "replaceState" : "pushState", state, title, url);
}

// A source was opened or closed: one entry holds whatever is open, since a reader who looks at five citations wants Back to end that.
// On the page of an article, its text is the page.
function shown(view, key) {
  const has = history.state?.footnote;
  // A closed source keeps its entry, as the browser lets no script take one out of its list.
  if (has) history.replaceState({ footnote: key || CLOSED }, "", place() + SOURCE);
  else if (key && !key.startsWith("article/")) {
    history.replaceState(history.state, "", place() + PAGE);
    history.pushState({ footnote: key }, "", place() + SOURCE);
  }
}

function arrived(view) {
  const before = { place: view.place, state: view.state };
  Object.assign(view, { place: place(), state: history.state });
  if (view.place === before.place) turned(before.state?.footnote, history.state?.footnote);
  // Elsewhere, whether a source is open is for the server to say.
  else if (history.state?.footnote) history.replaceState({ footnote: CLOSED }, "", location.href);
}

// Within one address: the source is opened again or closed. An entry whose source was closed by hand is passed over.
function turned(before, now) {
  if (now && now !== CLOSED) openSource(targetOf(now), null);
  else if (open()) document.dispatchEvent(new CustomEvent("footnote:close"));
  else if (before === CLOSED && !now) history.back();
}
