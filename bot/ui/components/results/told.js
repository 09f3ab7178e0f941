// An answer of a run, with what is wrong with it and its citations folded; also a part of comparisons.

function verdictOf({ said, tone }) {
  return el("span", `verdict ${tone}`, said);
}

function answerParts({ whys, text, citations, figures }) {
  const parts = whys.map((why) => el("p", "why", why));
  if (text) parts.push(el("p", "text", text));
  if (citations.length) parts.push(folded(`${citations.length} citation${citations.length === 1 ? "" : "s"}`, citations.map(citation)));
  if (figures) parts.push(el("p", "soft", figures));
  return parts;
}

function citation(one, before = "") {
  const node = el("li");
  const head = el("p", "source");
  if (typeof before === "string" && before) head.append(el("b", "", `${before}: `));
  head.append(prose("span", "", one.source), " ", verdictOf(one));
  node.append(head);
  if (one.quote) node.append(el("blockquote", "", one.quote));
  return node;
}

function folded(label, items) {
  const node = el("details");
  const list = el("ul");
  list.append(...items);
  node.append(el("summary", "", label), list);
  return node;
}

// What a case is: its question, what was said before, and what it asks for.
function caseParts({ question, history, wants, notes }) {
  const parts = [el("h5", "question", question)];
  if (history.length) {
    const before = history.map((said) => el("li", "soft", said));
    parts.push(folded(`${history.length} turn${history.length === 1 ? "" : "s"} before`, before));
  }
  if (wants.length) parts.push(el("p", "soft", wants.join(" ")));
  if (notes) parts.push(el("p", "soft notes", notes));
  return parts;
}
