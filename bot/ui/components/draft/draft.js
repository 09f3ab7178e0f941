// A draft, sentence by sentence. It is sent only what it has not got, and keeps the rest; the text is built once.

const UP = ["ArrowUp", "ArrowLeft"];
const DOWN = ["ArrowDown", "ArrowRight"];

/** @param {Component<DraftData>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const update = (view) => {
    view.send = setTriggerValue;
    receive(view, data);
  };
  return mount(parentElement, build, update, end, "draft");
}

function end(view) {
  view.card.end();
  view.unfollow();
  document.removeEventListener("keydown", view.onKey);
}

function build() {
  // `current` is the sentence that the keys go on from, once the reader has `walked` to one. `heard` counts the verdicts that came,
  // which lie in `sentences` by their places. `editor` is the sentence that is being rewritten, if one is.
  const view = { root: el("section", "draft"), id: "", shown: "", nodes: [], sentences: [], problems: [], editor: null };
  Object.assign(view, { heard: 0, current: 0, walked: false });
  view.root.setAttribute("aria-label", WORDS.the_draft_and_its_verdicts);
  view.problem = el("div", "problem");
  view.problem.setAttribute("role", "alert");
  view.none = el("p", "none", WORDS.every_sentence_that_was_checked);
  view.body = el("div", "body");
  view.body.setAttribute("role", "group");
  view.body.setAttribute("aria-label", WORDS.text_of_the_draft);
  // Numbers in the text count from 1, as readers do.
  view.card = hoverCard((node) => cardOf(view.sentences[node.dataset.n - 1]));
  view.root.append(buildBar(view), view.problem, view.none, view.body, view.card.root);
  listen(view);
  return view;
}

function buildBar(view) {
  const bar = el("div", "bar");
  const head = el("div", "head");
  view.stage = el("p", "stage");
  view.tallies = el("p", "tallies");
  view.stop = button("quiet", WORDS.stop);
  view.stop.onclick = () => view.send("stop", true);
  view.rest = button("quiet", WORDS.check_the_rest);
  view.rest.onclick = () => view.send("resume", true);
  head.append(view.stage, view.tallies, view.stop, view.rest);
  view.track = el("div", "track");
  view.done = el("div", "done");
  view.track.append(view.done);
  view.track.setAttribute("role", "progressbar");
  view.track.setAttribute("aria-label", WORDS.sentences_checked);
  bar.append(head, buildTools(view), view.track);
  return bar;
}

function buildTools(view) {
  const tools = el("div", "tools");
  view.all = filter(view, WORDS.all_sentences, false);
  view.only = filter(view, WORDS.only_what_does_not_hold, true);
  const filters = el("div", "filters");
  filters.setAttribute("role", "group");
  filters.setAttribute("aria-label", WORDS.sentences_to_show);
  filters.append(view.all, view.only);
  view.previous = button("quiet", WORDS.previous);
  view.next = button("quiet", WORDS.next);
  walks(view, view.previous, -1, WORDS.previous_problem, "p");
  walks(view, view.next, 1, WORDS.next_problem, "n");
  view.where = el("span", "where");
  view.edit = buildEdit(view);
  const walk = el("div", "walk");
  walk.append(view.previous, view.where, view.next);
  tools.append(filters, view.edit, walk);
  return tools;
}

function filter(view, label, only) {
  const node = button("quiet", `${label} `);
  node.append(el("span", "count", "0"));
  node.onclick = () => show(view, only);
  return node;
}

function walks(view, node, step, label, key) {
  node.onclick = () => walk(view, step);
  node.title = fill(WORDS.with_key, { label, key });
  node.setAttribute("aria-label", label);
  node.setAttribute("aria-keyshortcuts", key);
}

function listen(view) {
  view.body.onclick = (event) => clicked(view, event);
  // Not on entering: a sentence that comes to lie under a resting pointer was not pointed at.
  view.body.onmousemove = (event) => view.card.point(event.target.closest(".sentence"));
  view.body.onmouseleave = () => view.card.point(null);
  view.body.addEventListener("focusin", ({ target }) => focused(view, target));
  view.body.addEventListener("focusout", () => view.card.hide());
  view.body.onkeydown = (event) => typed(view, event);
  view.onKey = (event) => shortcut(view, event);
  document.addEventListener("keydown", view.onKey);
  view.unfollow = followSource((key) => {
    view.shown = key;
    markCurrent(view);
  });
  show(view, false);
}

// What is sent goes on from what is here. Where something is missing, all of it is asked for.
/**
 * @param {any} view
 * @param {DraftData} data
 */
function receive(view, data) {
  if (data.paragraphs) drawText(view, data);
  // Built anew, or a message was overtaken: nothing can be added to what is not here.
  else if (data.total && (data.id !== view.id || data.first > view.heard)) return view.send("missed", true);
  else if (!data.total) drawNothing(view, data);
  // The same verdicts may come twice: those that are here are passed over.
  data.sentences.slice(Math.max(0, view.heard - data.first)).forEach((one) => dress(view, one));
  drawBar(view, data);
}

/**
 * @param {any} view
 * @param {DraftData} data
 */
function drawText(view, data) {
  // The text is here already, with all that the reader has opened in it.
  if (data.id === view.id && view.nodes.length === data.total) return;
  const { editor } = view;
  reset(view, data.id);
  view.body.replaceChildren(...data.paragraphs.map((paragraph) => paragraphOf(view, paragraph)));
  if (view.nodes.length) view.nodes[0].tabIndex = 0;
  // Back to the sentence that was rewritten here; what its editor held is in the text by now.
  if (editor && view.nodes[data.at]) {
    goTo(view, data.at);
    focusQuietly(view.nodes[data.at]);
  }
}

/**
 * @param {any} view
 * @param {DraftData} data
 */
function drawNothing(view, data) {
  reset(view, data.id);
  const waits = data.status === "running";
  view.body.replaceChildren(...(waits ? [el("div", "bone"), el("div", "bone"), el("div", "bone short")] : []));
}

function reset(view, id) {
  Object.assign(view, { id, nodes: [], sentences: [], problems: [], heard: 0, current: 0, walked: false, editor: null });
  view.card.hide();
}

function paragraphOf(view, { heading, runs }) {
  const node = el("p", heading ? "heading" : "");
  node.append(...runs.map(({ text, n }) => (n ? sentenceOf(view, text, n) : document.createTextNode(text))));
  return node;
}

function sentenceOf(view, text, n) {
  const node = el("span", "sentence", text);
  node.dataset.n = String(n);
  // One stop of the Tab key for the whole text; the arrow keys go from sentence to sentence.
  node.tabIndex = -1;
  node.setAttribute("role", "button");
  node.setAttribute("aria-description", WORDS.not_checked_yet);
  view.nodes.push(node);
  return node;
}

// The words of a sentence that differ from its source.
function setApart(node, spans) {
  const text = node.textContent;
  const parts = [];
  let done = 0;
  for (const [start, end] of spans) {
    // Two reasons may name words that overlap.
    if (start < done) continue;
    parts.push(text.slice(done, start), el("b", "differs", text.slice(start, end)));
    done = end;
  }
  if (parts.length) node.replaceChildren(...parts, text.slice(done));
}

// Another sentence has been checked.
function dress(view, one) {
  const node = view.nodes[one.at];
  view.heard += 1;
  if (!node) return;
  view.sentences[one.at] = one;
  node.className = ["sentence", one.tone, one.line].filter(Boolean).join(" ");
  setApart(node, one.differing);
  node.setAttribute("aria-description", [one.said, one.reason].filter(Boolean).join(". "));
  if (one.tone === "good") return;
  view.problems.push(one.at);
  view.problems.sort((a, b) => a - b);
  node.parentElement.classList.add("troubled");
}

/**
 * @param {any} view
 * @param {DraftData} data
 */
function drawBar(view, data) {
  const running = data.status === "running";
  view.root.classList.toggle("running", running);
  view.body.setAttribute("aria-busy", String(running));
  setText(view.stage, running && !data.total ? `${data.stage}…` : data.stage);
  // A dozen changes a minute would be read out one by one: only how it ended is.
  if (running) view.stage.removeAttribute("role");
  else view.stage.setAttribute("role", "status");
  drawTallies(view, data.tallies);
  view.stop.hidden = !running;
  view.rest.hidden = !data.left;
  drawTrack(view, data.total, running);
  view.problem.replaceChildren(...(data.problem ? [sentence(data.problem.message), sentence(data.problem.help)] : []));
  view.problem.hidden = !data.problem;
  drawTools(view);
}

function drawTallies(view, tallies) {
  const content = JSON.stringify(tallies);
  if (content === view.counted) return;
  view.counted = content;
  view.tallies.replaceChildren(...tallies.map(({ tone, text }) => el("span", `tally ${tone}`, text)));
}

function drawTrack(view, total, running) {
  const count = view.heard;
  view.done.style.width = total ? `${(100 * count) / total}%` : "0";
  view.track.classList.toggle("still", !running);
  for (const [name, value] of Object.entries({ valuemin: 0, valuemax: total || 1, valuenow: count })) {
    view.track.setAttribute(`aria-${name}`, String(value));
  }
}

function drawTools(view) {
  const count = view.problems.length;
  setText(view.all.lastChild, String(view.nodes.length));
  setText(view.only.lastChild, String(count));
  view.previous.disabled = view.next.disabled = !count;
  const at = view.problems.indexOf(view.current);
  view.where.textContent = count ? fill(WORDS.at_of, { at: at < 0 ? "–" : at + 1, of: count }) : "";
  view.none.hidden = !(view.filtered && view.heard && !count);
  drawEdit(view);
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function show(view, only) {
  view.filtered = only;
  view.root.classList.toggle("only", only);
  view.all.setAttribute("aria-pressed", String(!only));
  view.only.setAttribute("aria-pressed", String(only));
  drawTools(view);
}

function clicked(view, event) {
  const node = event.target.closest(".sentence");
  if (view.editor) return;
  // Words that were just marked with the pointer are to be copied: no source comes in between.
  if (!node || String(document.getSelection())) return;
  goTo(view, Number(node.dataset.n) - 1);
  open(view);
}

function open(view) {
  const node = view.nodes[view.current];
  if (!view.sentences[view.current]?.opens) return view.card.show(node);
  view.card.hide();
  openSource(claimTargetOf(view, view.current), node);
}

function claimTargetOf(view, at) {
  return { kind: "citation", exchange: view.id, n: at };
}

function goTo(view, at) {
  view.nodes[view.current].tabIndex = -1;
  view.current = at;
  view.walked = true;
  view.nodes[at].tabIndex = 0;
  drawTools(view);
}

function focused(view, node) {
  if (!node.dataset.n) return;
  goTo(view, Number(node.dataset.n) - 1);
  if (node.matches(":focus-visible") && !node.dataset.quiet) view.card.show(node);
}

function typed(view, event) {
  if (view.editor) return;
  if (event.key === "Escape" && view.card.over()) {
    event.preventDefault();
    view.card.hide();
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    open(view);
  } else if (UP.includes(event.key) || DOWN.includes(event.key)) {
    event.preventDefault();
    const among = view.filtered ? view.problems : view.nodes.map((_, at) => at);
    moveTo(view, beside(among, view.current, backwards(event) ? -1 : 1));
  }
}

// Where a text runs from right to left, the next sentence is to the left.
function backwards({ key, target }) {
  if (!key.endsWith("Left") && !key.endsWith("Right")) return UP.includes(key);
  return (key === "ArrowLeft") === (getComputedStyle(target).direction === "ltr");
}

// The next or the last number of an ordered list, beside one that need not be in it; undefined past its ends.
function beside(among, at, step) {
  return step > 0 ? among.find((one) => one > at) : among.findLast((one) => one < at);
}

function moveTo(view, at) {
  if (at === undefined) return;
  goTo(view, at);
  const node = view.nodes[at];
  const { top, bottom } = node.getBoundingClientRect();
  // Only where it is out of sight or behind the bar: a page that moves at every step is hard to read.
  const covered = view.stage.closest(".bar").getBoundingClientRect().bottom;
  if (top < covered || bottom > window.innerHeight) node.scrollIntoView({ block: "center" });
  node.focus({ preventScroll: true });
}

// To the next problem, from the last to the first; where a source stands open, it becomes that of the problem.
function walk(view, step) {
  if (!view.problems.length) return;
  const from = view.walked ? view.current : -1;
  moveTo(view, beside(view.problems, from, step) ?? (step > 0 ? view.problems[0] : view.problems.at(-1)));
  if (shownAt(view) >= 0) open(view);
}

function shortcut(view, event) {
  // Out of the page for a moment, or for good.
  if (!view.root.isConnected || !["n", "p", "e"].includes(event.key)) return;
  const [target] = event.composedPath();
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches?.("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  if (event.key === "e") beginEdit(view);
  else walk(view, event.key === "n" ? 1 : -1);
}

function markCurrent(view) {
  view.root.querySelector("[aria-current]")?.removeAttribute("aria-current");
  view.nodes[shownAt(view)]?.setAttribute("aria-current", "true");
}

// The place of the sentence whose source, or what speaks against it, stands open; -1 for none.
function shownAt(view) {
  const [kind, exchange, n] = view.shown.split("/");
  return ["citation", "against"].includes(kind) && exchange === view.id ? Number(n) : -1;
}

function cardOf(one) {
  if (!one) return [];
  const parts = [el("p", `said ${one.tone}`, one.said)];
  if (one.reason) parts.push(el("p", "reason", one.reason));
  if (one.meaning) parts.push(el("p", "meaning", one.meaning));
  if (one.against.length && one.quote.length) parts.push(el("p", "side", WORDS.for));
  if (one.quote.length) parts.push(quotation("p", "words", one.quote));
  if (one.against.length) parts.push(el("p", "side", WORDS.against), quotation("p", "words", one.against));
  if (one.title) parts.push(el("p", "title", one.quote.length ? one.title : fill(WORDS.nearest, one)));
  return parts;
}
