// The text of the article. It is built once; its marks are put in and taken out of the paragraphs that they stand in. The last few
// texts are kept, so that going back and forth between articles fetches and builds none again.

// Texts, each with all of its nodes.
const KEPT = 4;

const CURRENT = "mark.cited, mark.against, mark.found, mark.passage, mark.place";
const TOLD = { accepted: WORDS.accepted_in_review, rejected: WORDS.rejected_in_review, none: "" };

function drawText(view, data) {
  const before = view.text;
  view.text = view.texts.get(data.text) ?? buildText(data);
  remember(view, data.text);
  // Only the paragraphs with marks are touched: an article of a book's length has thousands of others.
  view.text.marked.forEach(unmark);
  if (view.text !== before || !view.body.contains(view.text.nodes[0] ?? null)) view.body.replaceChildren(...view.text.nodes);
  const marked = data.blocks.filter(({ segments }) => segments.some(({ mark }) => mark));
  view.text.marked = marked.map((one) => dressParagraph(view.text.paragraphs[one.at], one));
}

function buildText(data) {
  const paragraphs = data.blocks.map((block) => dressParagraph(leafOf(block), block));
  const nodes = arranged(data.blocks, paragraphs);
  if (data.cut_off) nodes.push(el("p", "cut", WORDS.the_source_breaks_off_here));
  // The text is kept without any marks, which belong to one footnote; `drawText` puts them in.
  paragraphs.forEach(unmark);
  return { paragraphs, nodes, marked: [], folded: [] };
}

// Without a name it is no text of an article, and is built anew each time.
function remember(view, name) {
  view.texts.delete(name);
  if (name) view.texts.set(name, view.text);
  if (view.texts.size > KEPT) view.texts.delete(view.texts.keys().next().value);
}

function dressParagraph(node, { segments }) {
  const parts = [];
  for (const one of segments) {
    const last = parts.at(-1);
    // One mark for words that go on in another style.
    if (last && sameMark(last.one, one)) last.runs.push(one);
    else parts.push({ one, runs: [one] });
  }
  node.replaceChildren(...parts.flatMap(({ one, runs }) => (one.mark ? [markOf(one, runs)] : runs.map(runOf))));
  return node;
}

function sameMark(a, b) {
  return a.mark === b.mark && a.n === b.n && a.at === b.at;
}

function markOf({ mark, n, at }, runs) {
  const node = el("mark", mark);
  node.append(...runs.map(runOf));
  if (at >= 0) node.dataset.at = at;
  node.dataset.told = markTitle(mark, n);
  return node;
}

function unmark(paragraph) {
  for (const node of paragraph.querySelectorAll("mark")) node.replaceWith(...node.childNodes);
  // Text nodes that a mark has cut become one again, as the search counts in them.
  paragraph.normalize();
}

function markTitle(mark, n) {
  if (mark === "found") return WORDS.found_not_cited;
  if (!n) return "";
  if (mark === "other") return fill(WORDS.footnote_of_the_same, { n });
  if (mark === "against") return fill(WORDS.footnote_against, { n });
  return mark === "passage" || mark.endsWith("chunk") ? fill(WORDS.passage_n, { n }) : fill(WORDS.footnote_n, { n });
}

// What a person decided on a citation, quietly in its words.
function dressMarks(view) {
  for (const node of view.body.querySelectorAll("mark")) {
    const decision = decisionOn(view, node.dataset.at);
    node.dataset.decision = decision;
    const title = `${node.dataset.told}${TOLD[decision]}`;
    if (title) node.title = title;
  }
}

// The first of the marked words to the middle of the panel, or to its top third where they are longer than it.
function centre(view, mark = chosenMark(view) ?? view.body.querySelector(CURRENT) ?? view.body.querySelector("mark")) {
  if (!mark) {
    view.body.scrollTop = 0;
    return;
  }
  const box = view.body.getBoundingClientRect();
  const rect = mark.getBoundingClientRect();
  const room = Math.max((box.height - rect.height) / 2, box.height / 6);
  view.body.scrollTop += rect.top - box.top - room;
}

// To a citation whose words are in sight or a scroll away, before the server has said anything: whether they are.
function leap(view, at) {
  const mark = view.body.querySelector(`mark[data-at="${at}"]`);
  if (!mark) return false;
  // What was current becomes one of the others, as the server will say a moment later.
  for (const node of view.body.querySelectorAll(CURRENT)) node.className = node.dataset.at ? "other" : "";
  // Only where it holds: how else it is marked depends on its verdict, which the server knows.
  if (view.stops.find((stop) => stop.at === at)?.tone === "good") mark.className = "cited";
  centre(view, mark);
  return true;
}

// What was quoted above what stands there now, the words that differ struck out or underlined, and named for those who listen.
function drawVersions(view, versions) {
  view.versions.hidden = !versions.length;
  view.versions.replaceChildren(...versions.flatMap(({ name, parts }) => [el("h3", "", name), versionOf(parts)]));
}

function versionOf(parts) {
  const node = el("p", "version");
  node.append(...parts.map(({ change, text }) => (change === "kept" ? document.createTextNode(text) : changed(change, text))));
  return node;
}

function changed(change, text) {
  const node = el(change === "removed" ? "del" : "ins");
  node.append(el("span", "unseen", ` ${change}: `), text, el("span", "unseen", fill(WORDS.end_of_change, { change })));
  return node;
}
