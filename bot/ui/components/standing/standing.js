// A standing question: what changed in its answer each time that it did, and the answer as it is now.

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** @param {Component<StandingData>} component */
export default function ({ data, parentElement }) {
  return mount(parentElement, () => followed("article", "standing", ".chip"), (view) => {
    const content = JSON.stringify(data);
    // Drawn anew for new data only: while questions are asked the page looks twice a second.
    if (content !== view.drawn) view.root.replaceChildren(...parts(data));
    view.drawn = content;
    view.mark();
  }, (view) => view.unfollow());
}

/** @param {StandingData} data */
function parts(data) {
  const [newest, ...earlier] = data.changes;
  return [
    head(data),
    ...(newest ? [change(newest)] : []),
    answer(data),
    ...(earlier.length ? [history(earlier)] : []),
  ];
}

/** @param {StandingData} data */
function head({ question, scope, state, tone, asked, cost, failure }) {
  const node = el("header");
  const line = el("p", "state");
  line.append(el("span", `badge ${tone}`, state));
  if (asked) line.append(el("span", "soft", fill(WORDS.asked_at, { time: WHEN.format(new Date(asked)) })));
  if (scope) line.append(prose("span", "soft", scope));
  if (cost) line.append(el("span", "soft", cost));
  node.append(el("h2", "", question), line);
  if (failure) node.append(el("p", "bad", failure));
  return node;
}

/** @param {ChangeEntry} entry */
function change({ at, lines }) {
  const node = el("section", "change");
  const time = el("h3", "", fill(WORDS.changed_at, { time: WHEN.format(new Date(at)) }));
  const list = el("ul");
  list.append(...lines.map(changeLine));
  node.append(time, list);
  return node;
}

/** @param {ChangeLine} line */
function changeLine({ kind, label, text, parts, link }) {
  const node = el("li", kind);
  if (label) node.append(el("span", "label", label));
  const body = el("div", "what");
  if (text) {
    const told = el("p", "told", text);
    if (link) told.append(" ", chip(link, "broken-chip"));
    body.append(told);
  }
  if (parts.length) {
    const words = el("p", kind === "broken" ? "words quote" : "words");
    words.append(...parts.map(piece));
    body.append(words);
  }
  node.append(body);
  return node;
}

/** @param {ChangedPart} part */
function piece({ change, text }) {
  if (change === "kept") return el("span", "", text);
  return el(change === "removed" ? "del" : "ins", "", text);
}

/** @param {StandingData} data */
function answer({ answer, note, changes }) {
  const node = el("section", "answer");
  if (!answer.length && !note) return node;
  if (changes.length) node.append(el("h3", "", WORDS.the_answer_now));
  if (note) node.append(el("p", "note", note));
  node.append(...answer.map(sentenceOf));
  return node;
}

/** @param {AnswerLine} line */
function sentenceOf({ text, fresh, said, tone, links }) {
  const node = el("p", "sentence");
  node.append(el(fresh ? "ins" : "span", "", text));
  for (const link of links) node.append(" ", chip(link, ""));
  if (said) node.append(" ", el("span", `verdict ${tone}`, said));
  return node;
}

/** @param {FootnoteLink} link */
function chip({ n, exchange, at }, more) {
  // The answer before has no such footnote any more, so there is nothing to open.
  if (at < 0) return el("span", "chip", String(n));
  const target = { kind: "citation", exchange, n: at };
  const node = button(`chip ${more}`, String(n));
  node.setAttribute("aria-label", fill(WORDS.open_footnote, { n }));
  node.dataset.key = targetKey(target);
  node.onclick = () => openSource(target, node);
  return node;
}

/** @param {ChangeEntry[]} entries */
function history(entries) {
  const node = el("details");
  node.append(el("summary", "", fill(WORDS.earlier_changes, { count: entries.length })), ...entries.map(change));
  return node;
}
