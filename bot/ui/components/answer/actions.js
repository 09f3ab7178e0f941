// What can be done with an answer: a quiet row below it, what the reader thinks of it, and questions to go on with.

const RATINGS = [
  ["useful", WORDS.useful, "useful"],
  ["wrong", WORDS.wrong, "wrong"],
  ["missing source", WORDS.missing_source, "missing_source"],
];
const SENDING = 8000; // ms after which what was not kept is shown as it was

function buildActions(view) {
  view.told = teller();
  view.row = el("div", "row");
  view.tools = el("div", "tools");
  view.tools.setAttribute("role", "group");
  view.tools.setAttribute("aria-label", WORDS.this_answer);
  view.copy = iconAction("copy", WORDS.copy);
  view.copy.onclick = () => copyAndTell(view, view.data.copy);
  view.renew = tool(view, "again", WORDS.regenerate, "again", "");
  view.review = tool(view, "review", WORDS.review, "review", true);
  buildMore(view);
  view.tools.append(view.copy, view.renew, view.review, view.more.root);
  buildFeedback(view);
  view.row.append(view.foot, view.tools, view.told, view.feedback, view.asCase);
  buildOffered(view);
}

function tool(view, icon, label, name, value) {
  const node = iconAction(icon, label);
  node.onclick = () => view.send(name, value);
  return node;
}

async function copyAndTell(view, text) {
  view.told.tell((await copyText(text, view.tools)) ? WORDS.copied : WORDS.not_copied);
}

// What is wanted now and then stays in a menu.
function buildMore(view) {
  view.more = menu(WORDS.more);
  const sending = (icon, label, name) => entry(view.more, icon, label, () => view.send(name, true));
  view.link = entry(view.more, "link", WORDS.copy_link, () => copyAndTell(view, linkTo(view.data)));
  view.trace = sending("trace", WORDS.trace, "trace");
  view.trace.setAttribute("role", "menuitemcheckbox");
  view.standing = sending("standing", WORDS.keep_asking, "standing");
  view.lab = linkEntry(view.more, "lab", WORDS.open_in_the_lab);
  view.keep = sending("keep", WORDS.make_this_a_test_case, "keep");
  view.asCase = el("p", "case");
  view.asCase.setAttribute("role", "status");
  // What was said before this view was built is not said again.
  view.cases = view.data.cases;
}

/**
 * @param {any} view
 * @param {AnswerData} data
 */
function drawMore(view, { id, conversation, case: told, cases, lab }) {
  view.link.hidden = !conversation;
  view.lab.hidden = view.keep.hidden = !conversation || !lab;
  view.lab.href = `/prompts?${new URLSearchParams({ conversation, turn: id })}`;
  if (cases === view.cases) return;
  view.cases = cases;
  // What is there before its text comes is read out, and so is the same text once more.
  view.asCase.textContent = "";
  requestAnimationFrame(() => (view.asCase.textContent = told));
}

function linkTo({ conversation, id }) {
  return `${location.origin}${location.pathname}?${new URLSearchParams({ conversation, turn: id })}`;
}

/**
 * @param {any} view
 * @param {AnswerData} data
 */
function drawActions(view, data) {
  const running = data.status === "running";
  view.foot.hidden = !running && data.status !== "stopped";
  view.tools.hidden = running;
  view.copy.hidden = !data.copy;
  // The problem has a button for that of its own.
  view.renew.hidden = Boolean(data.problem?.again);
  view.review.hidden = !data.reviewed;
  view.trace.setAttribute("aria-checked", String(data.traced));
  drawMore(view, data);
  view.feedback.hidden = running && !data.paragraphs.length;
  receiveRating(view, data);
  drawOffered(view, data);
}

// What the reader thinks counts at once here, and is kept by the server a moment later.
function buildFeedback(view) {
  view.rating = { verdict: "", note: "" };
  view.feedback = el("div", "feedback");
  view.feedback.setAttribute("role", "group");
  view.feedback.setAttribute("aria-label", WORDS.feedback_on_this_answer);
  view.ratings = RATINGS.map(([verdict, label, icon]) => ratingButton(view, verdict, label, icon));
  view.feedback.append(...view.ratings);
  view.noting = el("form", "noting");
  const label = el("label", "", WORDS.note);
  view.note = el("input");
  view.note.type = "text";
  view.note.maxLength = 2000;
  view.note.autocomplete = "off";
  view.note.placeholder = WORDS.what_should_others_know_optional;
  label.htmlFor = view.note.id = "note";
  // The page's shortcuts don't see that a field inside a component has the focus.
  view.note.onkeydown = (event) => event.stopPropagation();
  view.note.onblur = () => saveNote(view);
  view.noting.onsubmit = (event) => {
    event.preventDefault();
    saveNote(view);
  };
  view.noting.append(label, view.note);
  view.noting.hidden = true;
}

function ratingButton(view, verdict, label, icon) {
  const node = iconAction(icon, label);
  node.dataset.verdict = verdict;
  node.onclick = () => rate(view, { verdict: view.rating.verdict === verdict ? "" : verdict, note: view.note.value.trim() });
  return node;
}

function saveNote(view) {
  const note = view.note.value.trim();
  if (view.rating.verdict && note !== view.rating.note) rate(view, { ...view.rating, note });
}

function rate(view, rating) {
  view.rating = rating.verdict ? rating : { verdict: "", note: "" };
  view.sending = { rating: view.rating, until: Date.now() + SENDING };
  view.told.tell(""); // "Saved" is said of what is newest, not of what was saved before.
  view.send("rate", view.rating);
  drawRating(view);
}

// While what was just said is on its way, the server may still tell of the time before it.
/**
 * @param {any} view
 * @param {AnswerData} data
 */
function receiveRating(view, { rated, note }) {
  const kept = { verdict: rated, note };
  if (view.sending) {
    const arrived = JSON.stringify(kept) === JSON.stringify(view.sending.rating);
    if (!arrived && Date.now() < view.sending.until) return;
    view.told.tell(!arrived ? WORDS.not_saved : rated ? WORDS.saved : WORDS.taken_back);
    view.sending = null;
  }
  view.rating = kept;
  // What is being typed stays, whatever comes.
  if (view.note.getRootNode().activeElement !== view.note) view.note.value = note;
  drawRating(view);
}

function drawRating(view) {
  for (const node of view.ratings) node.setAttribute("aria-pressed", String(node.dataset.verdict === view.rating.verdict));
  view.noting.hidden = !view.rating.verdict;
}

function buildOffered(view) {
  view.offered = el("section", "offered");
  view.offered.setAttribute("aria-label", WORDS.questions_to_go_on_with);
  view.choices = el("ul");
  view.goOn = el("p", "on", WORDS.go_on_with);
  view.offered.append(view.goOn, view.choices);
}

/**
 * @param {any} view
 * @param {AnswerData} data
 */
function drawOffered(view, { offered, offering }) {
  const content = JSON.stringify(offered);
  view.offered.hidden = !offered.length && !offering;
  // Kept from then on: the place must not go when no question comes.
  if (offering) view.offered.classList.add("kept");
  view.goOn.hidden = !offered.length;
  if (content === view.drawnOffered) return;
  view.drawnOffered = content;
  view.choices.replaceChildren(...offered.map((question) => choice(view, question)));
}

function choice(view, question) {
  const node = el("li");
  const ask = button("other", question);
  ask.onclick = () => view.send("ask", question);
  node.append(ask);
  return node;
}
