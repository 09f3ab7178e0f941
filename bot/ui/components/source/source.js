// The source panel. It opens at once, empty, on a click anywhere on the page, asks the server for the article, and fills itself.

// The same width as in source.css and page.css.
const NARROW = window.matchMedia("(max-width: 800px)");
const TELL = 2500; // ms for which a word about what was done stands
const ELSEWHERE = "input, textarea, select, [contenteditable]:not([contenteditable=false]), dialog, [role=dialog]"; // keys are not ours there
const ICONS = {
  left: "M10 3 5 8l5 5",
  right: "m6 3 5 5-5 5",
  up: "m3 10 5-5 5 5",
  down: "m3 6 5 5 5-5",
  cross: "m4 4 8 8m0-8-8 8",
  check: "m3 8.5 3.5 3.5L13 4.5",
  find: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm3.3 7.8 3.2 3.2",
  link: "M6.7 9.3a2.6 2.6 0 0 0 3.7 0l2.2-2.2a2.6 2.6 0 0 0-3.7-3.7l-.8.8m1.2 2.5a2.6 2.6 0 0 0-3.7 0L3.4 8.9a2.6 2.6 0 0 0 3.7 3.7l.8-.8",
  out: "M6.5 3.5h-3v9h9v-3m-3.5-6.5h4v4m0-4-6 6",
  review: "M3 3.5h6m-6 4h4m-4 4h3m3-1 2 2 3.5-4.5",
  without: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM5 8h6",
};

/** @param {Component<SourceData>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const draw = (view) => {
    view.send = setTriggerValue;
    receive(view, data);
  };
  return mount(parentElement, build, draw, end);
}

function end(view) {
  document.removeEventListener("footnote:open", view.onOpen);
  document.removeEventListener("footnote:close", view.onClose);
  document.removeEventListener("keydown", view.onKey);
  document.removeEventListener("keydown", view.onShortcut, true);
  view.sizes.disconnect();
  view.widths.disconnect();
  clearTimeout(view.timer);
  clearFound(view);
  tell("");
  if (view.place) delete view.place.dataset.open;
}

function build(parent) {
  // `key` is what the panel shows or waits for, as `target`; `drawn` is what stands in it.
  const view = { root: el("aside", "panel"), key: "", target: null, drawn: "", content: "", serial: 0, waiting: false, opener: null };
  Object.assign(view, { texts: new Map(), text: null, stops: [], at: -1, exchange: "", conversation: "" });
  // The column beside the page, which the style sheet gives its width by `data-open`.
  view.place = parent.host?.closest(".st-key-footnote-side") ?? null;
  view.note = el("p", "note");
  view.versions = el("section", "versions");
  view.body = el("div", "body");
  view.root.append(buildHead(view));
  buildFind(view);
  buildRail(view);
  buildReview(view);
  buildPair(view);
  buildPage(view);
  const text = el("div", "reading");
  text.append(view.page, view.body, view.rail);
  view.root.append(view.find, view.note, view.versions, view.pair, text, view.review);
  buildWidth(view);
  view.root.hidden = true;
  // It takes the focus when it opens, and is no stop of the Tab key.
  view.root.tabIndex = -1;
  view.root.setAttribute("aria-label", WORDS.source);
  view.versions.setAttribute("aria-label", WORDS.what_has_changed_in);
  // These scroll by themselves, so the keyboard has to reach them.
  view.versions.tabIndex = 0;
  view.body.tabIndex = 0;
  view.body.setAttribute("role", "region");
  view.body.setAttribute("aria-label", WORDS.text_of_the_article);
  listen(view);
  return view;
}

function buildHead(view) {
  view.kicker = el("p", "kicker");
  view.title = el("h2", "title");
  view.byline = el("p", "byline");
  view.close = iconButton("cross", WORDS.close_the_source, "close");
  const names = el("div", "names");
  names.append(view.kicker, view.title, buildAbout(view));
  const top = el("div", "top");
  top.append(names, view.close);
  const head = el("header");
  head.append(top, buildTools(view));
  return head;
}

// Who wrote it, and what can be done with it as it is.
function buildAbout(view) {
  view.original = el("a", "tool");
  view.original.append(iconOf("out"), WORDS.open_the_original);
  view.original.target = "_blank";
  view.original.rel = "noopener noreferrer";
  view.copy = tool("link", WORDS.copy_link, WORDS.copy_the_address);
  view.status = el("p", "status");
  view.status.setAttribute("role", "status");
  const about = el("div", "about");
  about.append(view.byline, view.copy, view.status);
  return about;
}

function buildTools(view) {
  view.previous = iconButton("left", WORDS.previous_citation);
  view.next = iconButton("right", WORDS.next_citation);
  for (const [node, key] of [[view.previous, "p"], [view.next, "n"]]) {
    node.title = fill(WORDS.with_key, { label: node.getAttribute("aria-label"), key });
    node.setAttribute("aria-keyshortcuts", key);
  }
  view.where = el("span", "where");
  view.walk = el("div", "walk");
  view.walk.append(view.previous, view.where, view.next);
  view.finder = tool("find", WORDS.find, WORDS.find_in_the_article_key);
  view.finder.setAttribute("aria-expanded", "false");
  view.reviewer = tool("review", WORDS.review, WORDS.check_the_citations);
  view.without = tool("without", WORDS.answer_without_this_passage, WORDS.answer_again_without_this_passage);
  const tools = el("div", "tools");
  tools.append(view.walk, buildSwitch(view), view.finder, view.reviewer, view.without);
  return tools;
}

function tool(icon, text, title) {
  const node = button("tool");
  node.append(iconOf(icon), text);
  node.title = title;
  return node;
}

function iconButton(icon, label, className = "") {
  const node = button(`icon ${className}`);
  node.append(iconOf(icon));
  node.title = label;
  node.setAttribute("aria-label", label);
  return node;
}

function iconOf(name) {
  return drawing(ICONS[name]);
}

function listen(view) {
  view.close.onclick = () => shut(view);
  view.previous.onclick = () => walk(view, -1);
  view.next.onclick = () => walk(view, 1);
  view.finder.onclick = () => (view.find.hidden ? openFind(view) : closeFind(view));
  view.copy.onclick = () => copyLink(view);
  view.reviewer.onclick = () => toggleReview(view);
  view.without.onclick = () => goWithout(view);
  view.body.onclick = (event) => clicked(view, event);
  view.onOpen = (event) => open(view, event.detail.target, event.detail.opener);
  view.onKey = (event) => {
    // A card or a menu that Escape has just closed has claimed the key.
    if (event.key === "Escape" && !event.defaultPrevented && view.key) shut(view);
    if (event.key === "Tab" && view.key && NARROW.matches) keepFocus(view, event);
  };
  view.onShortcut = (event) => shortcut(view, event);
  view.onClose = () => view.key && shut(view);
  document.addEventListener("footnote:open", view.onOpen);
  document.addEventListener("footnote:close", view.onClose);
  document.addEventListener("keydown", view.onKey);
  // Before the page's own keys: while a source is open, these are the panel's.
  document.addEventListener("keydown", view.onShortcut, true);
}

function shortcut(view, event) {
  // The whole path, as `target` stops at the border of a component.
  const elsewhere = event.composedPath().some((node) => node.matches?.(ELSEWHERE));
  if (!view.key || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || elsewhere) return;
  const act = shortcutFor(view, event);
  if (!act) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  act();
}

function shortcutFor(view, event) {
  if (event.key === "/" && event.composedPath().includes(view.root)) return () => openFind(view);
  if (!view.stops.length) return null;
  if (event.key === "n") return () => walk(view, 1);
  if (event.key === "p") return () => walk(view, -1);
  if (event.key === "r" && !event.repeat) return () => toggleReview(view);
  return reviewKey(view, event);
}

// Another footnote's words become the current ones; words that were just marked with the pointer are to be copied instead.
function clicked(view, event) {
  const mark = event.target.closest("mark.other[data-at]");
  if (mark && document.getSelection().isCollapsed) goTo(view, Number(mark.dataset.at));
}

// To the next citation of the answer, from the last to the first.
function walk(view, step) {
  const { stops, at } = view;
  if (!stops.length) return;
  const beside = step > 0 ? stops.find((stop) => stop.at > at) : stops.findLast((stop) => stop.at < at);
  goTo(view, (beside ?? (step > 0 ? stops[0] : stops.at(-1))).at);
}

function goTo(view, at) {
  const target = { kind: "citation", exchange: view.exchange, n: at };
  const stop = view.stops.find((one) => one.at === at);
  // The words of another citation may stand on another page.
  Object.assign(view, { key: targetKey(target), target, at, wantedPage: 0 });
  view.kicker.textContent = fill(WORDS.kicker, stop);
  view.kicker.className = `kicker ${stop.tone}`;
  view.drawn = "";
  if (leap(view, at)) unnote(view);
  else wait(view, stop);
  ask(view, target);
  drawTools(view);
  drawReviewed(view);
  tell(view.key);
}

function open(view, target, opener) {
  const key = targetKey(target);
  const stop = target.exchange === view.exchange && target.kind === "citation" && view.stops.find((one) => one.at === target.n);
  view.opener = opener;
  // It is here already: shown at once, and the server is still told what stands open.
  if (key === view.drawn) {
    view.key = key;
    ask(view, target);
    reveal(view);
    centre(view);
  } else {
    reveal(view);
    if (stop) goTo(view, stop.at);
    else begin(view, target, key);
  }
  view.root.focus({ preventScroll: true });
}

function begin(view, target, key) {
  Object.assign(view, { key, target, at: -1, wantedPage: 0 });
  if (target.exchange !== view.exchange) Object.assign(view, { stops: [], exchange: "", reviewing: "" });
  wait(view);
  ask(view, target);
  drawTools(view);
  drawReviewed(view);
  tell(key);
}

// One kind of message for all that the server must know, each with a number: so the last one counts, in whatever company it
// travels. It says which texts are here already, so that of these only the marks come back.
function ask(view, target) {
  view.serial += 1;
  view.target = target;
  waits(view, true);
  const decided = [...view.decided.values()];
  const reviewing = Boolean(view.reviewing) && view.reviewing === target?.exchange;
  const has = [...view.texts.keys(), ...view.pictures.keys()];
  view.send("show", { ...target, serial: view.serial, has, page: pageToAsk(view), reviewing, decided });
}

// Whether the server still has to say something, which moves the text once more when it comes.
function waits(view, whether) {
  view.waiting = whether;
  view.root.setAttribute("aria-busy", String(whether));
}

function wait(view, stop) {
  Object.assign(view, { drawn: "", text: null });
  if (!stop) view.kicker.textContent = "";
  view.title.textContent = stop?.title ?? "";
  view.byline.textContent = "";
  view.data = null;
  unnote(view);
  clearFound(view);
  // Lines that stand in for the text until it comes, so that the panel does not jump.
  const bones = Array.from({ length: 9 }, (_, at) => el("div", at % 4 === 3 ? "bone short" : "bone"));
  view.page.hidden = view.switch.hidden = true;
  view.body.hidden = view.rail.hidden = false;
  view.body.replaceChildren(...bones);
  view.body.scrollTop = 0;
}

function unnote(view) {
  view.note.textContent = "";
  view.note.hidden = true;
  drawVersions(view, []);
  drawPair(view, []);
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
  // Back where the reader came from.
  if (opener?.isConnected) focusQuietly(opener);
  view.opener = null;
}

function vanish(view) {
  view.key = "";
  view.reviewing = "";
  view.root.hidden = true;
  closeFind(view, false);
  if (view.place) delete view.place.dataset.open;
  tell("");
}

function tell(key) {
  if ((document.documentElement.dataset.footnoteShown ?? "") === key) return;
  // For scripts that are built later, and for those that listen: what stands open.
  document.documentElement.dataset.footnoteShown = key;
  document.dispatchEvent(new CustomEvent("footnote:shown", { detail: { key } }));
}

// What the server sends counts only if it answers the last request, or if the page itself has opened a source (its number is 0)
// while no request is on its way. A panel that was just built takes what there is, and a closed source that nobody here asked for
// (a new chat) closes the panel.
function receive(view, data) {
  if (view.serial === 0) {
    // The session may have numbers of a panel before this one; the time is larger than any count of clicks.
    view.serial = Math.max(data.serial, Date.now());
    adopt(view, data);
  } else if (!data.key) {
    if (view.key && !view.waiting) vanish(view);
    if (!view.key) waits(view, false);
    return;
  } else if (data.serial === 0 && !view.waiting && data.key !== view.key) {
    adopt(view, data);
    reveal(view);
    view.root.focus({ preventScroll: true });
  } else if (data.key !== view.key || (view.waiting && data.serial !== view.serial)) return;
  waits(view, false);
  if (!data.key) return;
  // The text itself did not come along, and is not here either: this panel was built anew.
  if (!data.whole && !view.texts.has(data.text)) return ask(view, view.target);
  take(view, data);
  confirm(view, data);
}

function adopt(view, data) {
  view.key = data.key;
  view.target = data.key ? targetOf(data.key) : null;
  view.reviewing = data.reviewing ? data.exchange : "";
}

function take(view, data) {
  // Without what is large, or differs in each message and draws nothing.
  const page = data.page && { ...data.page, picture: "" };
  const content = JSON.stringify({ ...data, page, serial: 0, whole: 0, blocks: data.blocks.filter((one) => one.segments.some(({ mark }) => mark)) });
  if (data.key === view.drawn && content === view.content) return;
  const moved = data.key !== view.drawn;
  view.content = content;
  draw(view, data);
  reveal(view);
  if (moved) centre(view);
  drawRail(view);
  findAgain(view);
}

function draw(view, data) {
  const { exchange, stops, at, conversation } = data;
  Object.assign(view, { drawn: data.key, data, exchange, stops, at, conversation });
  view.kicker.textContent = data.kicker;
  view.kicker.className = `kicker ${data.tone}`;
  view.kicker.hidden = !data.kicker;
  view.title.textContent = data.title;
  byline(view.byline, data.byline);
  view.byline.hidden = !data.byline.length;
  view.note.textContent = data.note;
  view.note.hidden = !data.note;
  view.note.classList.toggle("alarm", ["changed", "gone", "missing"].includes(data.became));
  drawVersions(view, data.versions);
  drawPair(view, data.pair);
  drawText(view, data);
  drawPage(view);
  drawTools(view);
  if (!view.name.value && data.reviewer) view.name.value = data.reviewer;
  drawReviewed(view);
  view.root.setAttribute("aria-label", fill(WORDS.source_of, data));
}

function drawTools(view) {
  const { stops, at, data } = view;
  const place = stops.findIndex((stop) => stop.at === at);
  view.walk.hidden = !stops.length;
  view.where.textContent = fill(WORDS.at_of, { at: place < 0 ? "–" : place + 1, of: stops.length });
  view.previous.disabled = view.next.disabled = stops.length === 1 && place === 0;
  drawOriginal(view, data?.link);
  view.copy.hidden = !view.conversation || at < 0;
  view.reviewer.hidden = !stops.length || !data?.reviewable;
  view.without.hidden = !data?.without;
  view.finder.hidden = !data?.text;
}

// Python lets only http and https through.
function drawOriginal(view, address) {
  if (!address) return view.original.remove();
  view.original.href = address;
  if (!view.original.isConnected) view.byline.after(view.original);
}

// The citation's own address: it opens the conversation with these words in this panel.
async function copyLink(view) {
  const address = new URL(location.pathname, location.origin);
  address.search = String(new URLSearchParams({ conversation: view.conversation, turn: view.exchange, citation: view.at + 1 }));
  say(view, (await copyText(address.href, view.root)) ? WORDS.link_copied : WORDS.the_link_could);
}

function say(view, text) {
  clearTimeout(view.timer);
  view.status.textContent = text;
  view.timer = setTimeout(() => (view.status.textContent = ""), TELL);
}

// The answer without the passage is drawn with the conversation: where the panel covers that, it makes way.
function goWithout(view) {
  const close = NARROW.matches;
  view.send("without", { exchange: view.exchange, n: view.at, serial: view.serial, close });
  if (close) vanish(view);
  else say(view, WORDS.asked_again_beside_the_answer);
}

// On a narrow screen the panel covers the page, so the focus stays inside it.
function keepFocus(view, event) {
  const all = view.root.querySelectorAll("a[href], button:not(:disabled), input:not(:disabled), [tabindex='0']");
  const stops = [...all].filter((node) => node.checkVisibility());
  const at = stops.indexOf(view.root.getRootNode().activeElement);
  const next = (at + (event.shiftKey ? -1 : 1) + stops.length) % stops.length;
  event.preventDefault();
  stops[at === -1 ? 0 : next].focus();
}
