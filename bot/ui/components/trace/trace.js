// How an answer came about. All of it is text, of models and articles too: nothing is read as markup.

/** @param {Component<TraceData>} component */
export default function ({ data, parentElement }) {
  const update = (view) => {
    const content = JSON.stringify(data);
    if (content !== view.drawn) draw(view, data);
    view.drawn = content;
  };
  return mount(parentElement, build, update);
}

function build() {
  const view = { root: el("section", "trace"), drawn: "" };
  view.root.setAttribute("aria-label", WORDS.how_this_answer_came_about);
  return view;
}

/**
 * @param {any} view
 * @param {TraceData} data
 */
function draw(view, data) {
  // What the reader has unfolded stays so as more becomes known.
  const open = [...view.root.querySelectorAll("details[open]")].map((node) => node.dataset.of);
  const parts = [searchPart(data), foundPart(data), sentPart(data), replyPart(data), timesPart(data)];
  view.root.replaceChildren(...parts.filter(Boolean));
  for (const node of view.root.querySelectorAll("details")) node.open = open.includes(node.dataset.of);
}

function part(title, ...nodes) {
  const node = el("section", "part");
  node.append(el("h3", "", title), ...nodes.filter(Boolean));
  return node;
}

/** @param {TraceData} data */
function searchPart({ asked, searched, sure }) {
  const list = el("dl");
  for (const [name, value] of [[WORDS.asked, asked], [WORDS.searched, searched], [WORDS.confidence, sure]]) {
    if (value) list.append(el("dt", "", name), el("dd", "", value));
  }
  return part(WORDS.the_question, list);
}

/** @param {TraceData} data */
function foundPart({ stages, found }) {
  if (!found.length) return part(WORDS.what_was_found, el("p", "note", WORDS.nothing_was_searched_or_nothing));
  const table = el("table");
  table.append(el("caption", "", WORDS.rank_and_score_of_each), tableHead(stages), tableBody(found));
  const box = el("div", "wide");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", WORDS.what_each_stage_found);
  box.append(table);
  return part(WORDS.what_was_found, box);
}

function tableHead(stages) {
  const head = el("thead");
  const row = el("tr");
  row.append(...[WORDS.no, WORDS.passage, WORDS.in_the_answer, ...stages].map((name) => scoped(el("th", "", name), "col")));
  head.append(row);
  return head;
}

function scoped(node, scope) {
  node.scope = scope;
  return node;
}

function tableBody(found) {
  const body = el("tbody");
  body.append(...found.map(rowOf));
  return body;
}

/** @param {TracePassage} data */
function rowOf({ n, title, cited, cells }) {
  const row = el("tr");
  const name = scoped(el("th", "name", title), "row");
  row.append(el("td", "number", String(n)), name, el("td", cited ? "cited" : "uncited", cited ? WORDS.cited : WORDS.not_cited));
  for (const { rank, score } of cells) {
    const cell = el("td", "number");
    if (rank) cell.append(el("b", "", rank), el("span", "score", score));
    else cell.append(el("span", "score", "–"));
    row.append(cell);
  }
  return row;
}

/** @param {TraceData} data */
function sentPart({ note, prompt, messages }) {
  if (!messages.length) return part(WORDS.what_the_model_was_sent, note && el("p", "note", note));
  const whole = messages.map(({ role, text }) => `${role}\n\n${text}`).join("\n\n");
  const head = bar(prompt ? fill(WORDS.prompt, { prompt }) : "", WORDS.copy_the_prompt, whole);
  return part(WORDS.what_the_model_was_sent, head, ...messages.map(({ role, text }, at) => folded(`${at}`, role, text)));
}

/** @param {TraceData} data */
function replyPart({ messages, reply }) {
  if (!messages.length) return null;
  if (!reply) return part(WORDS.what_it_replied, el("p", "note", WORDS.nothing_came_back));
  return part(WORDS.what_it_replied, bar("", WORDS.copy_the_reply, reply), folded("reply", WORDS.the_reply_to_the_letter, reply));
}

function bar(note, label, text) {
  const node = el("div", "bar");
  const told = teller();
  node.append(el("p", "note", note), told, copier(label, () => text, told));
  return node;
}

function folded(of, title, text) {
  const node = el("details");
  const head = el("summary", "", title);
  head.append(el("span", "size", fill(WORDS.characters, { count: text.length.toLocaleString("en") })));
  const words = el("pre", "", text);
  // Long ones scroll, which the keyboard must reach.
  words.tabIndex = 0;
  words.setAttribute("role", "region");
  words.setAttribute("aria-label", title);
  node.dataset.of = of;
  node.append(head, words);
  return node;
}

/** @param {TraceData} data */
function timesPart({ steps, cost }) {
  if (!steps.length && !cost.length) return null;
  const list = el("ul", "steps");
  list.append(...steps.map(stepOf));
  return part(WORDS.what_it_took, list, ...cost.map((text) => el("p", "note", text)));
}

/** @param {TraceStep} data */
function stepOf({ name, ms, share, within }) {
  const row = el("li", within ? "within" : "");
  const bar = el("span", "track");
  const done = el("span", "done");
  done.style.width = `${share}%`;
  bar.append(done);
  row.append(el("span", "step", name), bar, el("span", "ms", ms));
  return row;
}
