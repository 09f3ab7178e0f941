// A question and its answer. Called again with new data while the answer streams in: only what is new is built.

const SHOW_AFTER = 120; // ms of pointing before a card is shown
const SETTLED = 150; // ms in which the page has followed its end
const HIDE_AFTER = 160; // ms in which the pointer may move from the chip onto the card

export default function ({ data, parentElement, setTriggerValue }) {
  return mount(parentElement, () => build(data), (view) => draw(view, data, setTriggerValue), end);
}

function draw(view, data, setTriggerValue) {
  view.data = data;
  view.stopButton.onclick = () => setTriggerValue("stop", data.id);
  view.send = (words) => setTriggerValue("search", words);
  view.again.onclick = () => setTriggerValue("again", "");
  view.quotations.onclick = () => setTriggerValue("again", "quotes");
  update(view, data);
}

function end(view) {
  hide(view);
  view.unfollow();
  window.removeEventListener("scroll", view.onScroll, true);
}

function build(data) {
  const view = { root: el("article", "turn"), data, timer: 0, pointed: null, over: null, shown: "" };
  view.question = el("h2", "question");
  view.kept = el("p", "kept");
  buildSearch(view);
  view.notices = el("div", "notices");
  view.body = el("div", "body");
  view.foot = el("div", "foot");
  view.stage = el("p", "stage");
  view.stage.setAttribute("role", "status");
  view.stopButton = button("stop", "Stop");
  buildProblem(view);
  view.sum = el("p", "sum");
  view.cost = el("p", "cost");
  view.card = card(view);
  view.foot.append(view.stage, view.stopButton);
  view.root.append(view.question, view.search, view.editor, view.kept, view.notices, view.body, view.foot, view.problem, view.sum, view.cost, view.card);
  view.onScroll = () => hide(view);
  window.addEventListener("scroll", view.onScroll, true);
  // A question that was just asked comes into sight, wherever the reader had scrolled to.
  if (data.status === "running") requestAnimationFrame(() => view.root.scrollIntoView({ block: "start" }));
  view.unfollow = followSource((key) => {
    view.shown = key;
    markCurrent(view);
  });
  return view;
}

function update(view, data) {
  const running = data.status === "running";
  setText(view.question, data.question);
  drawSearch(view, data);
  setText(view.kept, data.kept ? `Kept to: ${data.kept}` : "");
  view.notices.replaceChildren(...data.notices.map(sentence));
  view.notices.hidden = !data.notices.length;
  view.root.classList.toggle("abstained", data.abstained);
  view.root.classList.toggle("running", running);
  view.body.setAttribute("aria-busy", String(running));
  drawParagraphs(view, data.paragraphs, running);
  drawProblem(view, data.problem);
  drawSum(view, data.sum, running);
  setText(view.cost, data.cost.join(" "));
  setText(view.stage, running ? `${data.stage}…` : data.status === "stopped" ? "Stopped: this answer is incomplete." : "");
  view.stopButton.hidden = !running;
  view.foot.hidden = !running && data.status !== "stopped";
  markCurrent(view);
}

function buildProblem(view) {
  view.problem = el("div", "problem");
  view.wrong = el("div");
  view.wrong.setAttribute("role", "alert");
  view.again = button("go", "Try again");
  view.quotations = button("other", "Answer with quotations instead");
  view.ways = el("div", "ways");
  view.ways.append(view.again, view.quotations);
  view.problem.append(view.wrong, view.ways);
}

function drawProblem(view, problem) {
  view.problem.hidden = !problem;
  view.wrong.replaceChildren(...(problem ? [sentence(problem.message), sentence(problem.help)] : []));
  view.again.hidden = !problem?.again;
  view.quotations.hidden = !problem?.quotes;
  view.ways.hidden = !problem?.again && !problem?.quotes;
}

// How many claims hold and how many do not: each part in words, with the sign of its tone before it.
function drawSum(view, parts, running) {
  view.sum.hidden = !parts.length;
  view.sum.replaceChildren(
    ...parts.map(({ text, tone }, at) => el("span", `part ${tone}`, at === 0 && running ? `${text} so far` : text)),
  );
}

// What was searched, and the field in its place once the reader wants other words.
function buildSearch(view) {
  view.search = el("div", "search");
  view.searched = el("p", "searched");
  view.edit = button("edit", "Edit");
  view.edit.setAttribute("aria-label", "Edit the search");
  view.edit.onclick = () => openEditor(view);
  view.search.append(view.searched, view.edit);
  view.editor = el("form", "editor");
  const label = el("label", "", "Search for");
  view.field = el("textarea");
  label.htmlFor = view.field.id = "search";
  view.field.rows = 1;
  view.field.onkeydown = (event) => typed(view, event);
  const go = button("go", "Search");
  go.type = "submit";
  const cancel = button("cancel", "Cancel");
  cancel.onclick = () => closeEditor(view);
  view.editor.append(label, view.field, go, cancel);
  view.editor.hidden = true;
  view.editor.onsubmit = (event) => submit(view, event);
}

function drawSearch(view, data) {
  setText(view.searched, data.searched && !data.as_typed ? `Searched for: ${data.searched}${data.own ? " (your words)" : ""}` : "");
  view.edit.textContent = data.as_typed ? "Edit the search" : "Edit";
  view.edit.hidden = !data.searched;
}

function openEditor(view) {
  view.field.value = view.data.searched;
  view.search.hidden = true;
  view.editor.hidden = false;
  view.field.focus({ preventScroll: true });
  view.field.select();
  // The page, whose end a taller turn has moved, scrolls there of its own accord: after it, not before.
  setTimeout(() => view.editor.scrollIntoView({ block: "nearest" }), SETTLED);
}

function closeEditor(view) {
  view.editor.hidden = true;
  view.search.hidden = false;
  view.edit.focus();
}

// No key reaches the page: its shortcuts don't see that a field inside a component has the focus.
function typed(view, event) {
  event.stopPropagation();
  if (event.key === "Escape") closeEditor(view);
  // Enter also ends the choice of a Chinese or Japanese word, which is no wish to search.
  if (event.key === "Enter" && !event.isComposing) submit(view, event);
}

function submit(view, event) {
  event.preventDefault();
  const words = view.field.value.trim();
  if (!words) return;
  closeEditor(view);
  if (words !== view.data.searched) view.send(words);
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !text;
}

function drawParagraphs(view, paragraphs, running) {
  const { body } = view;
  const waiting = running && !paragraphs.length;
  body.classList.toggle("waiting", waiting);
  if (waiting) {
    if (!body.querySelector(".bone")) body.replaceChildren(el("div", "bone"), el("div", "bone"), el("div", "bone short"));
    return;
  }
  body.querySelectorAll(".bone").forEach((bone) => bone.remove());
  paragraphs.forEach((paragraph, at) => drawParagraph(view, body.children[at], paragraph));
  while (body.children.length > paragraphs.length) body.lastElementChild.remove();
}

function drawParagraph(view, node, paragraph) {
  if (!node) {
    node = el("p");
    view.body.append(node);
  }
  node.className = paragraph.kind;
  node.dataset.depth = paragraph.depth;
  paragraph.runs.forEach((run, at) => drawRun(view, node, node.childNodes[at], run));
  while (node.childNodes.length > paragraph.runs.length) node.lastChild.remove();
}

// A node that is already what the run asks for stays: what the reader points at must not vanish as more text comes in.
function drawRun(view, paragraph, node, run) {
  const look = [run.kind, run.style, run.card, run.card && run.text].join("/");
  if (look === "text///") {
    if (node?.nodeType !== Node.TEXT_NODE) replaceOrAppend(paragraph, node, document.createTextNode(run.text));
    else if (node.nodeValue !== run.text) node.nodeValue = run.text;
    return;
  }
  if (node?.dataset?.look !== look) {
    const fresh = run.card ? pressed(view, run) : styled(run);
    fresh.dataset.look = look;
    replaceOrAppend(paragraph, node, fresh);
    node = fresh;
  }
  if (run.card) dress(view, node, run);
  else if (node.textContent !== run.text) node.textContent = run.text;
}

function styled(run) {
  const styles = run.style.split(" ");
  const tag = styles.includes("strong") ? "strong" : styles.includes("em") ? "em" : "span";
  return el(tag, `${run.kind} ${run.style}`);
}

function replaceOrAppend(parent, old, node) {
  if (old) old.replaceWith(node);
  else parent.append(node);
}

// A chip, or the mark behind a claim.
function pressed(view, run) {
  const node = button(run.kind, run.text);
  node.dataset.card = run.card;
  // Not on entering: a chip that comes to lie under a resting pointer, as a source opens or closes, was not pointed at.
  node.onmousemove = () => point(view, node);
  node.onmouseleave = () => {
    view.pointed = null;
    later(view, HIDE_AFTER, () => hide(view));
  };
  node.onfocus = () => node.matches(":focus-visible") && !node.dataset.quiet && show(view, node);
  node.onblur = () => hide(view);
  node.onkeydown = (event) => {
    if (event.key !== "Escape" || view.over !== node) return;
    event.preventDefault();
    hide(view);
  };
  node.onclick = () => {
    hide(view);
    const { opens } = view.data.cards[run.card];
    if (opens) openSource({ ...opens, exchange: view.data.id }, node);
    else show(view, node);
  };
  return node;
}

function point(view, node) {
  if (view.pointed === node) return;
  view.pointed = node;
  later(view, SHOW_AFTER, () => show(view, node));
}

function dress(view, node, run) {
  const told = view.data.cards[run.card];
  const name = `${run.kind} ${told.tone}`;
  // The verdict has come while the card is open.
  if (node.className !== name && view.over === node) fill(view, told);
  node.className = name;
  node.setAttribute("aria-label", told.label);
}

function markCurrent(view) {
  for (const node of view.body.querySelectorAll("[data-card]")) {
    const opens = view.data.cards[node.dataset.card]?.opens;
    if (opens && targetKey({ ...opens, exchange: view.data.id }) === view.shown) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
  }
}

// The card sits in the browser's top layer, so no column or scrolling box can cut it off.
function card(view) {
  const node = el("div", "card");
  node.id = "card";
  node.popover = "manual";
  node.setAttribute("role", "tooltip");
  node.onmouseenter = () => clearTimeout(view.timer);
  node.onmouseleave = () => later(view, HIDE_AFTER, () => hide(view));
  return node;
}

function later(view, ms, act) {
  clearTimeout(view.timer);
  view.timer = setTimeout(act, ms);
}

function show(view, node) {
  clearTimeout(view.timer);
  const told = view.data.cards[node.dataset.card];
  if (!told || !node.isConnected) return;
  fill(view, told);
  view.over?.removeAttribute("aria-describedby");
  view.over = node;
  node.setAttribute("aria-describedby", "card");
  view.card.showPopover();
  place(view.card, node.getBoundingClientRect());
}

function fill(view, told) {
  const parts = [];
  if (told.said) parts.push(el("p", `said ${told.tone}`, told.said));
  if (told.reason) parts.push(el("p", "reason", told.reason));
  if (told.better) parts.push(el("p", "better", told.better));
  if (told.quote) parts.push(el("p", "words", told.quote));
  if (told.title) parts.push(el("p", "title", told.title));
  if (told.byline) parts.push(el("p", "byline", told.byline));
  view.card.replaceChildren(...parts);
}

function place(box, rect) {
  const { offsetWidth: width, offsetHeight: height } = box;
  const left = Math.min(Math.max(8, rect.left + rect.width / 2 - width / 2), document.documentElement.clientWidth - width - 8);
  const above = rect.top - height - 6;
  box.style.left = `${Math.max(8, left)}px`;
  box.style.top = `${above >= 8 ? above : rect.bottom + 6}px`;
}

function hide(view) {
  clearTimeout(view.timer);
  view.over?.removeAttribute("aria-describedby");
  view.over = null;
  if (view.card.matches(":popover-open")) view.card.hidePopover();
}
