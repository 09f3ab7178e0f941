// The picture of the page that the cited words stand on, in the place of the text, for articles whose original has pages. It is
// drawn by the server when it is wanted, and kept here under its name.

const PICTURES_KEPT = 12;
const VIEW_KEPT = "footnote-source-view";

function buildPage(view) {
  Object.assign(view, { mode: keptMode(), pictures: new Map(), wantedPage: 0, askedPage: "" });
  view.page = el("section", "page");
  view.picture = el("img");
  view.paper = el("div", "paper");
  view.sheet = el("div", "sheet");
  // It scrolls, so the keyboard has to reach it.
  view.sheet.tabIndex = 0;
  view.sheet.setAttribute("role", "region");
  view.sheet.append(view.paper);
  view.marks = el("div", "marks");
  // The same words are marked in the text, which can be read aloud; the picture has a description.
  view.marks.setAttribute("aria-hidden", "true");
  view.paper.append(view.picture, view.marks);
  view.pageNote = el("p", "page-note");
  view.page.append(buildTurning(view), view.pageNote, view.sheet);
  view.page.hidden = true;
}

function buildTurning(view) {
  view.pageBefore = iconButton("left", WORDS.previous_page);
  view.pageAfter = iconButton("right", WORDS.next_page);
  view.pageWhere = el("span", "page-where");
  view.pageWhere.setAttribute("role", "status");
  view.pageHome = button("tool", WORDS.page_of_the_words);
  const turning = el("div", "turning");
  turning.append(view.pageBefore, view.pageWhere, view.pageAfter, view.pageHome);
  view.pageBefore.onclick = () => turnTo(view, view.data.page.number - 1);
  view.pageAfter.onclick = () => turnTo(view, view.data.page.number + 1);
  view.pageHome.onclick = () => turnTo(view, view.data.page.cited);
  return turning;
}

// The switch stands among the tools of the head.
function buildSwitch(view) {
  view.asPage = button("tool", WORDS.page);
  view.asText = button("tool", WORDS.text);
  view.asPage.onclick = () => choose(view, "page");
  view.asText.onclick = () => choose(view, "text");
  view.switch = el("div", "switch");
  view.switch.setAttribute("role", "group");
  view.switch.setAttribute("aria-label", WORDS.page_or_text);
  view.switch.append(view.asPage, view.asText);
  view.switch.hidden = true;
  return view.switch;
}

// Which of the two the reader chose last; a browser that keeps nothing shows the page.
function keptMode() {
  return stored(VIEW_KEPT) === "text" ? "text" : "page";
}

function choose(view, mode) {
  view.mode = mode;
  store(VIEW_KEPT, mode);
  drawPage(view);
  if (mode === "text") {
    centre(view);
    drawRail(view);
  }
}

function turnTo(view, number) {
  view.wantedPage = number;
  ask(view, view.target);
}

// The number of the page that the server is asked for: 0 is that of the cited words, -1 none at all.
function pageToAsk(view) {
  return view.mode === "page" ? view.wantedPage : -1;
}

function drawPage(view) {
  const page = view.data?.page;
  const shown = Boolean(page) && view.mode === "page";
  view.switch.hidden = !page;
  view.asPage.setAttribute("aria-pressed", String(shown));
  view.asText.setAttribute("aria-pressed", String(!shown));
  view.page.hidden = !shown;
  // The text stays where it is, hidden: to go back to it builds nothing.
  view.body.hidden = view.rail.hidden = shown;
  if (!shown) return;
  // The server leaves out a picture that this browser has.
  if (page.picture) keepPicture(view, page);
  const kept = view.pictures.get(page.name);
  if ((!page.across || !kept) && !page.note) return fetchPage(view, page);
  view.askedPage = "";
  drawTurning(view, page);
  drawSheet(view, page, kept);
}

// The server sent the data of this source without being asked for the picture: it is asked once.
function fetchPage(view, page) {
  view.paper.hidden = true;
  if (view.askedPage === page.name) return;
  view.askedPage = page.name;
  // Not in the midst of what is being drawn, which sets what an answer is compared with.
  queueMicrotask(() => ask(view, view.target));
}

function keepPicture(view, { name, picture }) {
  // Put behind the others, so that the one that was not looked at for longest goes first.
  view.pictures.delete(name);
  view.pictures.set(name, picture);
  if (view.pictures.size > PICTURES_KEPT) view.pictures.delete(view.pictures.keys().next().value);
}

function drawTurning(view, page) {
  // Where the file has labels of its own, as "p. xii", the number is told beside them.
  const plain = page.label === `p. ${page.number}`;
  view.pageWhere.textContent = plain ? fill(WORDS.at_of, { at: page.label, of: page.count }) : fill(WORDS.page_of, page);
  view.pageBefore.disabled = page.number <= 1;
  view.pageAfter.disabled = page.number >= page.count;
  view.pageHome.hidden = !page.cited || page.cited === page.number;
  view.pageNote.textContent = page.note;
  view.pageNote.hidden = !page.note;
}

function drawSheet(view, page, picture) {
  view.paper.hidden = !picture;
  if (!picture) return;
  const turned = view.picture.src !== picture;
  if (turned) view.picture.src = picture;
  view.picture.width = page.across;
  view.picture.height = page.down;
  view.picture.alt = fill(WORDS.picture_of_page, { label: page.label, title: view.data.title });
  view.sheet.setAttribute("aria-label", view.picture.alt);
  view.marks.replaceChildren(...page.marks.map((one) => markOnPage(one, page.mark)));
  const first = page.marks[0];
  // The first mark in the upper third, with what comes before it in sight.
  const down = first ? first.top * view.paper.offsetHeight - view.sheet.clientHeight / 3 : 0;
  if (turned || first) view.sheet.scrollTop = Math.max(0, down);
}

function markOnPage({ left, top, width, height }, mark) {
  const node = el("div", `on-page ${mark}`);
  for (const [side, part] of Object.entries({ left, top, width, height })) node.style[side] = `${100 * part}%`;
  return node;
}
