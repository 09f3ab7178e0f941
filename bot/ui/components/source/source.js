// The source panel. It opens at once, empty, on a click anywhere on the page, asks the server for the article, and fills itself.

const NARROW = window.matchMedia("(max-width: 800px)");

export default function ({ data, parentElement, setTriggerValue }) {
  const draw = (view) => {
    view.send = setTriggerValue;
    receive(view, data);
  };
  return mount(parentElement, build, draw, end);
}

function end(view) {
  document.removeEventListener("footnote:open", view.onOpen);
  document.removeEventListener("keydown", view.onKey);
  tell("");
  if (view.place) delete view.place.dataset.open;
}

function build(parent) {
  // `key` is what the panel shows or waits for, `drawn` what stands in it.
  const view = { root: el("aside", "panel"), key: "", drawn: "", content: "", serial: 0, waiting: false, opener: null };
  view.place = parent.host?.closest(".st-key-footnote-side") ?? null;
  view.kicker = el("p", "kicker");
  view.title = el("h2", "title");
  view.byline = el("p", "byline");
  view.note = el("p", "note");
  view.body = el("div", "body");
  view.close = button("close", "Close");
  const head = el("header");
  const names = el("div", "names");
  names.append(view.kicker, view.title, view.byline);
  head.append(names, view.close);
  view.root.append(head, view.note, view.body);
  view.root.hidden = true;
  view.root.tabIndex = -1;
  view.root.setAttribute("aria-label", "Source");
  view.body.tabIndex = 0;
  view.body.setAttribute("role", "region");
  view.body.setAttribute("aria-label", "Text of the article");
  view.close.setAttribute("aria-label", "Close the source");
  listen(view);
  return view;
}

function listen(view) {
  view.close.onclick = () => shut(view);
  view.onOpen = (event) => open(view, event.detail.target, event.detail.opener);
  view.onKey = (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && view.key) shut(view);
    if (event.key === "Tab" && view.key && NARROW.matches) keepFocus(view, event);
  };
  document.addEventListener("footnote:open", view.onOpen);
  document.addEventListener("keydown", view.onKey);
}

function open(view, target, opener) {
  const key = targetKey(target);
  view.opener = opener;
  view.key = key;
  ask(view, target);
  if (key !== view.drawn) wait(view);
  reveal(view);
  view.root.focus({ preventScroll: true });
  if (key === view.drawn) centre(view);
}

// One kind of message for opening and closing, each with a number: so the last one counts, in whatever company it travels.
function ask(view, target) {
  view.serial += 1;
  view.waiting = Boolean(target);
  view.send("show", { ...target, serial: view.serial });
}

function wait(view) {
  view.drawn = "";
  for (const node of [view.kicker, view.title, view.byline, view.note]) node.textContent = "";
  view.note.hidden = true;
  const bones = Array.from({ length: 9 }, (_, at) => el("div", at % 4 === 3 ? "bone short" : "bone"));
  view.body.replaceChildren(...bones);
}

function reveal(view) {
  view.root.hidden = false;
  if (view.place) view.place.dataset.open = "yes";
  tell(view.key);
}

function shut(view) {
  const opener = view.opener;
  vanish(view);
  ask(view, null);
  if (opener?.isConnected) focusQuietly(opener);
  view.opener = null;
}

// Back where the reader came from, without the card that pointing there would show.
function focusQuietly(node) {
  node.dataset.quiet = "yes";
  node.focus({ preventScroll: true });
  delete node.dataset.quiet;
}

function vanish(view) {
  view.key = "";
  view.root.hidden = true;
  if (view.place) delete view.place.dataset.open;
  tell("");
}

function tell(key) {
  document.documentElement.dataset.footnoteShown = key;
  document.dispatchEvent(new CustomEvent("footnote:shown", { detail: { key } }));
}

// What the server sends counts only if it answers the last request. A panel that was just built takes what there is, and a
// closed source that nobody here asked for (a new chat) closes the panel.
function receive(view, data) {
  const fresh = view.serial === 0;
  if (fresh) {
    view.serial = Math.max(data.serial, Date.now());
    view.key = data.key;
  } else if (!data.key) {
    if (view.key && !view.waiting) vanish(view);
    return;
  } else if (data.serial !== view.serial) return;
  view.waiting = false;
  if (!data.key) return;
  const content = JSON.stringify({ ...data, serial: 0 });
  const same = data.key === view.drawn && content === view.content;
  if (same) return;
  view.content = content;
  draw(view, data);
  reveal(view);
  centre(view);
}

function draw(view, data) {
  view.drawn = data.key;
  view.kicker.textContent = data.kicker;
  view.kicker.className = `kicker ${data.tone}`;
  view.kicker.hidden = !data.kicker;
  view.title.textContent = data.title;
  view.byline.replaceChildren(data.byline.join(" · "));
  if (data.link) view.byline.append(data.byline.length ? " · " : "", link(data.link));
  view.byline.hidden = !data.byline.length && !data.link;
  view.note.textContent = data.note;
  view.note.hidden = !data.note;
  view.body.replaceChildren(...data.blocks.map(block));
  if (data.cut_off) view.body.append(el("p", "cut", "The source breaks off here."));
  view.root.setAttribute("aria-label", `Source: ${data.title}`);
}

// Python lets only http and https through; the address itself is all that is shown.
function link(address) {
  const node = el("a", "", address.replace(/^https?:\/\/(www\.)?/, "").split("/")[0]);
  node.href = address;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}

function block({ kind, segments }) {
  const node = el("p", kind);
  if (kind === "heading") {
    node.setAttribute("role", "heading");
    node.setAttribute("aria-level", "3");
  }
  node.append(...segments.map(({ text, mark, n }) => (mark ? marked(text, mark, n) : document.createTextNode(text))));
  return node;
}

function marked(text, mark, n) {
  const node = el("mark", mark, text);
  if (!n && mark !== "found") return node;
  if (mark === "found") node.title = "Found, not cited";
  if (mark === "other") node.title = `Footnote ${n} of the same answer`;
  if (mark === "cited") node.title = `Footnote ${n}`;
  if (mark === "against") node.title = `Footnote ${n}: these words contradict the sentence`;
  if (mark === "passage") node.title = `Passage ${n}`;
  return node;
}

// The first of the marked words to the middle of the panel, or to its top third where they are longer than it.
function centre(view) {
  const mark = view.body.querySelector("mark.cited, mark.against, mark.found, mark.passage, mark.place");
  if (!mark) {
    view.body.scrollTop = 0;
    return;
  }
  const box = view.body.getBoundingClientRect();
  const rect = mark.getBoundingClientRect();
  const room = Math.max((box.height - rect.height) / 2, box.height / 6);
  view.body.scrollTop += rect.top - box.top - room;
}

// On a narrow screen the panel covers the page, so the focus stays inside it.
function keepFocus(view, event) {
  const stops = [view.close, ...view.root.querySelectorAll("a"), view.body];
  const at = stops.indexOf(view.root.getRootNode().activeElement);
  const next = (at + (event.shiftKey ? -1 : 1) + stops.length) % stops.length;
  event.preventDefault();
  stops[at === -1 ? 0 : next].focus();
}
