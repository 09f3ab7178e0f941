// Find in the article. The matches are painted by the browser's own highlights, so the text's nodes stay as they are.

const FOUND = "footnote-found";
const FOUND_HERE = "footnote-found-here";
// What is folded as one: white space, a syllable of Hangul in its parts, or a character with its combining marks.
const PIECE = /\s+|[\u1100-\u115f][\u1160-\u11ff]+|[\s\S]\p{M}*/gu;
// What a keyboard types for what print sets.
const PLAIN = { "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-" };
// Pieces that were folded already, for all texts: most of a text is the same few letters.
const pieces = new Map();

function buildFind(view) {
  Object.assign(view, { hits: [], hit: -1 });
  view.find = el("div", "find");
  view.find.setAttribute("role", "search");
  view.wanted = el("input");
  view.wanted.type = "text";
  view.wanted.placeholder = WORDS.find_in_the_article;
  view.wanted.setAttribute("aria-label", WORDS.find_in_the_article);
  view.wanted.autocomplete = "off";
  view.wanted.spellcheck = false;
  view.counted = el("span", "counted");
  view.counted.setAttribute("role", "status");
  const back = iconButton("up", WORDS.previous_match);
  const on = iconButton("down", WORDS.next_match);
  const close = iconButton("cross", WORDS.close_the_search);
  back.onclick = () => step(view, -1);
  on.onclick = () => step(view, 1);
  close.onclick = () => closeFind(view);
  view.wanted.oninput = () => look(view);
  view.wanted.onkeydown = (event) => findKey(view, event);
  view.find.append(view.wanted, view.counted, back, on, close);
  view.find.hidden = true;
}

// No key reaches the page: its shortcuts don't see that a field inside a component has the focus.
function findKey(view, event) {
  event.stopPropagation();
  if (event.isComposing) return;
  if (event.key === "Enter") {
    event.preventDefault();
    step(view, event.shiftKey ? -1 : 1);
  } else if (event.key === "Escape") {
    event.preventDefault();
    if (!view.wanted.value) return closeFind(view);
    view.wanted.value = "";
    look(view);
  } else if (event.key === "Tab" && NARROW.matches) keepFocus(view, event);
}

function openFind(view) {
  // What is found is marked in the text.
  if (!view.page.hidden) choose(view, "text");
  view.find.hidden = false;
  view.finder.setAttribute("aria-expanded", "true");
  view.wanted.focus();
  view.wanted.select();
  look(view);
}

function closeFind(view, focus = true) {
  view.find.hidden = true;
  view.finder.setAttribute("aria-expanded", "false");
  clearFound(view);
  if (focus) view.finder.focus();
}

function clearFound(view) {
  view.hits = [];
  view.hit = -1;
  CSS.highlights?.delete(FOUND);
  CSS.highlights?.delete(FOUND_HERE);
}

// From the top of what is in sight, as browsers do.
function look(view) {
  refind(view);
  view.hit = view.hits.length ? firstInSight(view) : -1;
  showHit(view, true);
}

// The same search in nodes that are new, or in another article.
function refind(view) {
  clearFound(view);
  const wanted = fold(view.wanted.value).text;
  if (view.find.hidden || !wanted.trim()) return;
  view.hits = (view.text?.paragraphs ?? []).flatMap((node, at) => matchesIn(view, node, at, wanted));
  CSS.highlights?.set(FOUND, new Highlight(...view.hits));
}

function findAgain(view) {
  if (view.find.hidden) return;
  const { hit } = view;
  refind(view);
  // The same number as before, as far as there are so many.
  view.hit = Math.min(Math.max(hit, 0), view.hits.length - 1);
  showHit(view, false);
}

function matchesIn(view, node, at, wanted) {
  // Folded once for each paragraph, at the first search.
  const { text, starts, ends } = (view.text.folded[at] ??= fold(node.textContent));
  const spans = [];
  for (let from = text.indexOf(wanted); from !== -1; from = text.indexOf(wanted, from + wanted.length)) {
    const last = from + wanted.length - 1;
    spans.push(starts ? [starts[from], ends[last]] : [from, last + 1]);
  }
  return spans.length ? rangesOf(node, spans) : [];
}

// Spans of a paragraph's text, in order, as ranges of its text nodes.
function rangesOf(paragraph, spans) {
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  const next = () => /** @type {Text} */ (walker.nextNode());
  let [node, before] = [next(), 0];
  /** @returns {[Node, number]} */
  const place = (offset, atEnd) => {
    while (offset - before > node.length || (!atEnd && offset - before === node.length)) {
      before += node.length;
      node = next();
    }
    return [node, offset - before];
  };
  return spans.map(([start, end]) => {
    const range = document.createRange();
    range.setStart(...place(start, false));
    range.setEnd(...place(end, true));
    return range;
  });
}

function firstInSight(view) {
  const { top } = view.body.getBoundingClientRect();
  let [low, high] = [0, view.hits.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (view.hits[middle].getBoundingClientRect().bottom > top) high = middle;
    else low = middle + 1;
  }
  return low % view.hits.length;
}

function step(view, by) {
  if (!view.hits.length) return;
  view.hit = (view.hit + by + view.hits.length) % view.hits.length;
  showHit(view, true);
}

function showHit(view, scroll) {
  const total = view.hits.length;
  const wanted = view.wanted.value.trim();
  view.counted.textContent = total ? fill(WORDS.at_of, { at: view.hit + 1, of: total.toLocaleString("en") }) : wanted ? WORDS.no_match : "";
  const range = view.hits[view.hit];
  if (!range) return CSS.highlights?.delete(FOUND_HERE);
  const here = new Highlight(range);
  // Above the highlight of all matches, which has 0.
  here.priority = 1;
  CSS.highlights?.set(FOUND_HERE, here);
  if (scroll) bringIntoSight(view, range);
}

function bringIntoSight(view, range) {
  const box = view.body.getBoundingClientRect();
  const rect = range.getBoundingClientRect();
  const margin = box.height / 8;
  if (rect.top < box.top + margin || rect.bottom > box.bottom - margin) centre(view, range);
}

// A text without case, accents, width and the like, and where each of its characters begins and ends in the original; nothing of
// that where both are the same length for certain.
function fold(text) {
  // Printable ASCII without two spaces in a row: each character folds to one.
  if (!/[^ -~]| {2}/.test(text)) return { text: text.toLowerCase() };
  const [starts, ends] = [[], []];
  let folded = "";
  for (const { 0: piece, index } of text.matchAll(PIECE)) {
    const plain = foldPiece(piece);
    folded += plain;
    for (let i = 0; i < plain.length; i += 1) {
      starts.push(index);
      ends.push(index + piece.length);
    }
  }
  return { text: folded, starts, ends };
}

// Accents go, and the signs with which other scripts make another letter of a letter stay: they are put together again.
function foldPiece(piece) {
  if (!pieces.has(piece)) pieces.set(piece, foldAfresh(piece));
  return pieces.get(piece);
}

function foldAfresh(piece) {
  if (/^\s/.test(piece)) return " ";
  if (/^[\p{Cf}\u00ad]/u.test(piece)) return "";
  // By way of capitals, which makes "ß" and "ss" the same; NFKD takes apart accents, ligatures and wide letters.
  const caseless = piece.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFKD");
  const plain = caseless.replace(/[\u0300-\u036f]/g, "").normalize("NFC");
  return PLAIN[plain] ?? plain;
}
