// An answer's text: paragraphs of runs. Drawn again and again while it streams in, so only what is new is built.

const TAGS = { code: "code", strong: "strong", em: "em", struck: "s" };

// `pressed(run)` builds what can be pressed, `dress(node, run)` says how it stands now; without them nothing can be.
/**
 * @param {HTMLElement} body
 * @param {Paragraph[]} paragraphs
 * @param {boolean} running
 * @param {{ pressed?: (run: Inline) => HTMLElement, dress?: (node: HTMLElement, run: Inline) => void }} [making]
 */
function drawLines(body, paragraphs, running, { pressed, dress } = {}) {
  const waiting = running && !paragraphs.length;
  body.classList.toggle("waiting", waiting);
  body.setAttribute("aria-busy", String(running));
  if (waiting) {
    if (!body.querySelector(".bone")) body.replaceChildren(el("div", "bone"), el("div", "bone"), el("div", "bone short"));
    return;
  }
  body.querySelectorAll(".bone").forEach((bone) => bone.remove());
  const blocks = blocksOf(paragraphs);
  blocks.forEach(({ paragraph, rows }, at) => {
    if (rows) drawTable(body, body.children[at], rows, { pressed, dress });
    else drawParagraph(body, body.children[at], paragraph, { pressed, dress });
  });
  while (body.children.length > blocks.length) body.lastElementChild.remove();
}

// Paragraphs as they are, and the cells of a table together, row by row. A header behind other cells begins another table.
/** @param {Paragraph[]} paragraphs */
function blocksOf(paragraphs) {
  /** @type {{ paragraph?: Paragraph, rows?: Paragraph[][] }[]} */
  const blocks = [];
  for (const paragraph of paragraphs) {
    const rows = blocks.at(-1)?.rows;
    const before = rows?.at(-1);
    if (!paragraph.row) blocks.push({ paragraph });
    else if (before?.[0].row === paragraph.row) before.push(paragraph);
    else if (rows && paragraph.kind !== "header") rows.push([paragraph]);
    else blocks.push({ rows: [[paragraph]] });
  }
  return blocks;
}

function drawTable(body, node, rows, making) {
  const box = sameOrNew(body, node, "div");
  if (!box.firstChild) box.append(el("table"));
  // A wide table is scrolled by itself, with the keyboard as well.
  box.className = "table";
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", WORDS.table);
  const table = box.firstChild;
  rows.forEach((cells, at) => {
    const row = sameOrNew(table, table.childNodes[at], "tr");
    cells.forEach((cell, n) => drawRuns(sameOrNew(row, row.childNodes[n], cell.kind === "header" ? "th" : "td"), cell.runs, making));
    while (row.childNodes.length > cells.length) row.lastChild.remove();
  });
  while (table.childNodes.length > rows.length) table.lastChild.remove();
}

function drawParagraph(body, node, paragraph, making) {
  node = sameOrNew(body, node, { code: "pre", rule: "hr" }[paragraph.kind] ?? "p");
  node.className = paragraph.kind;
  node.dataset.depth = paragraph.depth;
  // A long line of code is scrolled by itself too.
  if (paragraph.kind === "code") node.tabIndex = 0;
  drawRuns(node, paragraph.runs, making);
}

function drawRuns(node, runs, making) {
  runs.forEach((run, at) => drawRun(node, node.childNodes[at], run, making));
  while (node.childNodes.length > runs.length) node.lastChild.remove();
}

// What has come in may turn a paragraph into a table or into code: then its place is taken by a node of the right kind.
function sameOrNew(parent, node, tag) {
  if (node?.tagName === tag.toUpperCase()) return node;
  const fresh = el(tag);
  replaceOrAppend(parent, node, fresh);
  return fresh;
}

// A node that is already what the run asks for stays: what the reader points at must not vanish as more text comes in.
function drawRun(paragraph, node, run, { pressed, dress }) {
  // The text of a chip is a part of its look, as a chip is not written over; that of other runs grows in its place.
  const look = [run.kind, run.style, run.card, run.card && run.text].join("/");
  if (look === "text///") {
    if (node?.nodeType !== Node.TEXT_NODE) replaceOrAppend(paragraph, node, document.createTextNode(run.text));
    else if (node.nodeValue !== run.text) node.nodeValue = run.text;
    return;
  }
  if (node?.dataset?.look !== look) {
    const fresh = run.card ? pressed(run) : styled(run);
    fresh.dataset.look = look;
    replaceOrAppend(paragraph, node, fresh);
    node = fresh;
  }
  if (run.card) dress(node, run);
  else if (node.textContent !== run.text) node.textContent = run.text;
}

function styled(run) {
  const styles = run.style.split(" ");
  // Of several styles the first in `TAGS` makes the element; the others are classes on it.
  const tag = Object.keys(TAGS).find((style) => styles.includes(style));
  return el(TAGS[tag] ?? "span", `${run.kind} ${run.style}`);
}

function replaceOrAppend(parent, old, node) {
  if (old) old.replaceWith(node);
  else parent.append(node);
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !text;
}

// What is wrong and what to do about it.
function tellProblem(box, problem) {
  const told = JSON.stringify(problem);
  if (box.dataset.told === told) return;
  box.dataset.told = told;
  box.replaceChildren(...(problem ? [sentence(problem.message), sentence(problem.help)] : []));
}
