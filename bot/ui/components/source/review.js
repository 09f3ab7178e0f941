// Review: a person goes through the citations of an answer and says of each whether it holds. What they decide shows at once; it
// is sent with every message until the server has it, so none is lost when two messages become one.

const NAME = "footnote-reviewer";
// Times that decisions are sent again; a server that keeps none of them by then has refused them.
const TRIES = 3;
const SAID = { accepted: WORDS.accepted, rejected: WORDS.rejected, none: WORDS.not_decided_yet };
const REVIEWED = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

function buildReview(view) {
  Object.assign(view, { decided: new Map(), reviewing: "", tries: 0 });
  view.review = el("section", "review");
  view.review.setAttribute("aria-label", WORDS.review);
  view.trouble = el("p", "trouble");
  view.trouble.setAttribute("role", "alert");
  view.review.append(buildVerdicts(view), view.trouble, buildButtons(view), buildFields(view), buildProgress(view));
  view.review.hidden = true;
}

function buildVerdicts(view) {
  const box = el("div", "verdicts");
  view.claim = el("p", "claim");
  view.claim.tabIndex = 0;
  view.claim.setAttribute("role", "group");
  view.claim.setAttribute("aria-label", WORDS.the_sentence_that_is_checked);
  view.machine = el("p", "said");
  view.person = el("p", "said");
  view.person.setAttribute("role", "status");
  const both = el("div", "both");
  both.append(view.machine, view.person);
  box.append(view.claim, both);
  return box;
}

function buildButtons(view) {
  const row = el("div", "row");
  view.accept = keyButton("decide good", "check", WORDS.accept, "a");
  view.reject = keyButton("decide bad", "cross", WORDS.reject, "x");
  view.undecided = keyButton("decide", "right", WORDS.next_undecided, "Enter");
  view.accept.onclick = () => decide(view, "accepted");
  view.reject.onclick = () => decide(view, "rejected");
  view.undecided.onclick = () => nextUndecided(view);
  row.append(view.accept, view.reject, view.undecided);
  return row;
}

function keyButton(className, icon, text, key) {
  const node = button(className);
  node.append(iconOf(icon), el("span", "", text), el("kbd", "", key));
  node.setAttribute("aria-label", text);
  node.setAttribute("aria-keyshortcuts", key);
  return node;
}

function buildFields(view) {
  const row = el("div", "fields");
  view.remark = fieldOf(row, WORDS.note, "remark");
  view.name = fieldOf(row, WORDS.your_name, "name");
  view.name.value = stored(NAME);
  view.remark.onchange = () => noted(view);
  view.name.onchange = () => store(NAME, view.name.value.trim());
  for (const field of [view.remark, view.name]) field.onkeydown = (event) => fieldKey(view, event);
  return row;
}

function fieldOf(row, text, id) {
  const label = el("label", id, text);
  const field = el("input");
  field.type = "text";
  field.autocomplete = "off";
  label.htmlFor = field.id = id;
  row.append(label, field);
  return field;
}

function fieldKey(view, event) {
  // A letter in a field is no key of the panel or of the page.
  event.stopPropagation();
  if (event.key === "Tab" && NARROW.matches) keepFocus(view, event);
  if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
  event.preventDefault();
  // Out of the field, so that the keys decide again.
  view.root.focus({ preventScroll: true });
}

function buildProgress(view) {
  const row = el("div", "progress");
  view.checked = el("p", "checked");
  view.track = el("div", "track");
  view.done = el("div", "done");
  view.track.append(view.done);
  view.track.setAttribute("role", "progressbar");
  view.track.setAttribute("aria-label", WORDS.citations_checked);
  view.track.setAttribute("aria-valuemin", "0");
  row.append(view.checked, view.track);
  return row;
}

function reviewOf(view, at) {
  const stop = view.stops.find((one) => one.at === at);
  return view.decided.get(`${view.exchange}/${at}`) ?? stop?.review ?? { decision: "none", note: "", who: "", when: "" };
}

function decisionOn(view, at) {
  return at === undefined || at === "current" ? "none" : reviewOf(view, Number(at)).decision;
}

function isUndecided(view, stop) {
  return reviewOf(view, stop.at).decision === "none";
}

function decide(view, decision) {
  const { at } = view;
  if (at < 0) return;
  // The note is still being written: it belongs to this citation.
  const { decision: before } = reviewOf(view, at);
  // The same key once more takes the decision back.
  const taken = before === decision;
  put(view, at, taken ? "none" : decision, view.remark.value);
  const next = view.stops.find((stop) => stop.at > at) ?? view.stops.find((stop) => isUndecided(view, stop));
  if (taken || !next || next.at === at) sendDecided(view);
  // One message for both: it asks for the next citation and brings the decision along.
  else goTo(view, next.at);
}

function noted(view) {
  if (view.at < 0 || view.remark.value.trim() === reviewOf(view, view.at).note) return;
  put(view, view.at, reviewOf(view, view.at).decision, view.remark.value);
  sendDecided(view);
}

function put(view, at, decision, note) {
  const who = view.name.value.trim();
  store(NAME, who);
  const one = { exchange: view.exchange, n: at, decision, note: note.trim(), who, when: new Date().toISOString() };
  view.decided.set(`${view.exchange}/${at}`, one);
  view.tries = 0;
  view.trouble.textContent = "";
  view.review.setAttribute("aria-busy", "true");
  drawReviewed(view);
}

function sendDecided(view) {
  ask(view, view.target);
}

// What the server has is as the person wanted it, or was refused; the rest is sent once more.
function confirm(view, data) {
  for (const [key, one] of view.decided) {
    const kept = data.stops.find((stop) => `${data.exchange}/${stop.at}` === key)?.review;
    if (data.fault || (kept && kept.decision === one.decision && kept.note === one.note)) view.decided.delete(key);
  }
  if (data.fault) view.trouble.textContent = data.fault;
  if (view.decided.size && view.tries < TRIES) {
    view.tries += 1;
    sendDecided(view);
    return;
  }
  view.decided.clear();
  view.review.setAttribute("aria-busy", "false");
}

function nextUndecided(view) {
  const open = view.stops.filter((stop) => isUndecided(view, stop) && stop.at !== view.at);
  const next = open.find((stop) => stop.at > view.at) ?? open[0];
  if (next) goTo(view, next.at);
}

function toggleReview(view) {
  view.reviewing = view.reviewing === view.exchange ? "" : view.exchange;
  const first = view.stops.find((stop) => isUndecided(view, stop)) ?? view.stops[0];
  drawReviewed(view);
  if (view.reviewing && view.at < 0 && first) goTo(view, first.at);
  else ask(view, view.target);
  // The bar has taken some of the text's room, or given it back.
  centre(view);
}

// All that depends on what was decided.
function drawReviewed(view) {
  const on = Boolean(view.reviewing) && view.reviewing === view.exchange && view.stops.length > 0;
  view.review.hidden = !on;
  view.reviewer.setAttribute("aria-pressed", String(on));
  dressMarks(view);
  drawRail(view);
  if (!on) return;
  const stop = view.stops.find((one) => one.at === view.at);
  const review = reviewOf(view, view.at);
  view.claim.textContent = stop?.claim ?? "";
  view.claim.hidden = !stop?.claim;
  saidBy(view.machine, WORDS.machine, stop?.said ?? "", stop?.tone ?? "");
  saidBy(view.person, WORDS.person, stop ? byPerson(review) : "", { accepted: "good", rejected: "bad", none: "" }[review.decision]);
  view.accept.setAttribute("aria-pressed", String(review.decision === "accepted"));
  view.reject.setAttribute("aria-pressed", String(review.decision === "rejected"));
  view.accept.disabled = view.reject.disabled = view.remark.disabled = !stop;
  // Another citation has its own note; of the same one, what is being typed stays.
  if (view.remark.dataset.at !== view.key) view.remark.value = review.note;
  view.remark.dataset.at = view.key;
  drawProgress(view);
}

function saidBy(node, who, text, tone) {
  node.hidden = !text;
  node.className = `said ${tone}`;
  const content = [who, text].join("/");
  // Set only where it differs: a status is read aloud whenever it is written.
  if (node.dataset.content !== content) node.replaceChildren(el("span", "who", `${who}: `), el("span", "what", text));
  node.dataset.content = content;
}

function byPerson({ decision, who, when }) {
  if (!when) return SAID[decision];
  const gaps = { decision: SAID[decision], who, date: REVIEWED.format(new Date(when)) };
  return fill(who ? WORDS.reviewed_by : WORDS.reviewed, gaps);
}

function drawProgress(view) {
  const total = view.stops.length;
  const done = view.stops.filter((stop) => !isUndecided(view, stop)).length;
  view.checked.textContent = fill(WORDS.checked_of, { done, total });
  view.done.style.width = `${(100 * done) / total}%`;
  view.track.setAttribute("aria-valuemax", String(total));
  view.track.setAttribute("aria-valuenow", String(done));
  view.undecided.disabled = !view.stops.some((stop) => isUndecided(view, stop) && stop.at !== view.at);
}

function reviewKey(view, event) {
  if (!view.reviewing || view.review.hidden || event.repeat) return null;
  if (event.key === "a") return () => decide(view, "accepted");
  if (event.key === "x") return () => decide(view, "rejected");
  const [target] = event.composedPath();
  // On a button or a link, Enter presses that.
  const on = event.key === "Enter" || event.key === "ArrowRight";
  return on && !target.matches?.("button, a, summary, [role=button]") ? () => nextUndecided(view) : null;
}
