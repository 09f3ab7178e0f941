// The article as it is set: what is drawn on its own (a paragraph, a heading, an item, a cell) and the lists, tables and quotations
// that these stand in. All of it is text.

const TAGS = { text: "p", heading: "p", item: "li", quote: "p", code: "pre", header: "th", cell: "td", rule: "hr" };
const STYLES = { strong: "strong", em: "em", code: "code", struck: "s", differs: "b" };

/**
 * @param {TextBlock} block
 * @returns {HTMLElement}
 */
function leafOf({ kind, level, sign }) {
  const node = el(/** @type {"p"} */ (TAGS[kind]), kind);
  if (kind === "heading") {
    node.setAttribute("role", "heading");
    // The title of the article is of level 2.
    node.setAttribute("aria-level", String(Math.min(level + 2, 6)));
    node.dataset.level = String(level);
  }
  if (kind === "header") node.setAttribute("scope", "col");
  if (kind === "item") {
    node.dataset.sign = sign;
    node.style.setProperty("--level", String(Math.max(level, 1)));
  }
  return node;
}

/** @param {Segment} segment */
function runOf({ text, style, href }) {
  const run = style ? el(/** @type {"strong"} */ (STYLES[style]), style === "differs" ? style : "", text) : document.createTextNode(text);
  return href ? linkTo(href, run) : run;
}

// A link of the article leads out of the page, and says where: behind words that are no address, its host is told.
/**
 * @param {string} href Python lets only http and https through.
 * @param {Node} run
 */
function linkTo(href, run) {
  const node = el("a", "link");
  node.href = href;
  node.target = "_blank";
  // The page it leads to learns neither of this window nor of its address.
  node.rel = "noopener noreferrer";
  node.title = href;
  if (!/^https?:/i.test(run.textContent ?? "")) node.dataset.host = node.hostname;
  node.append(run);
  return node;
}

// The leaves in the boxes that they belong in.
/**
 * @param {TextBlock[]} blocks
 * @param {HTMLElement[]} leaves
 */
function arranged(blocks, leaves) {
  const nodes = [];
  for (let at = 0; at < blocks.length; ) {
    const box = boxOf(blocks[at].kind);
    let end = at + 1;
    // Neighbours of a kind belong in one box: items in a list, cells in a table.
    while (box && end < blocks.length && goesOn(blocks[end - 1], blocks[end])) end += 1;
    nodes.push(box ? box(blocks.slice(at, end), leaves.slice(at, end)) : leaves[at]);
    at = end;
  }
  return nodes;
}

function boxOf(kind) {
  if (kind === "header" || kind === "cell") return tableOf;
  if (kind === "item") return (_, items) => filled("ul", "list", items);
  return kind === "quote" ? (_, lines) => filled("blockquote", "quotation", lines) : null;
}

// The header of another table begins one of its own.
function goesOn(before, next) {
  if (next.kind === "header") return before.kind === "header" && before.row === next.row;
  if (next.kind === "cell") return before.kind === "header" || before.kind === "cell";
  return before.kind === next.kind;
}

function tableOf(blocks, cells) {
  const rows = Map.groupBy(cells, (_, at) => blocks[at].row);
  const table = filled("table", "", [...rows.values()].map((row) => filled("tr", "", row)));
  // A wide table is scrolled by itself, with the keyboard as well.
  const box = filled("div", "table", [table]);
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", WORDS.table);
  return box;
}

/**
 * @param {keyof HTMLElementTagNameMap} tag
 * @param {string} className
 * @param {Node[]} children
 */
function filled(tag, className, children) {
  const node = el(tag, className);
  node.append(...children);
  return node;
}
