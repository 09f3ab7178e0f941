// Passages that were found and not cited; each opens its source.

/** @param {Component<PassagesData>} component */
export default function ({ data, parentElement }) {
  return listOf(parentElement, "section", "passages", data, sections);
}

/** @param {PassagesData} data */
function sections(data) {
  const parts = [];
  if (data.heading) parts.push(el("h3", "", data.heading));
  if (data.first.length) parts.push(rows(data.exchange, data.first));
  if (data.rest.length) {
    const folded = el("details");
    folded.append(el("summary", "", data.label), rows(data.exchange, data.rest));
    parts.push(folded);
  }
  return parts;
}

function rows(exchange, found) {
  const node = el("ul");
  node.append(...found.map((row) => item(exchange, row)));
  return node;
}

function item(exchange, row) {
  const head = el("span", "head");
  head.append(prose("span", "title", row.title), byline(el("span", "byline"), row.byline));
  const node = listRow({ kind: "passage", exchange, n: row.n }, head, prose("span", "words", row.text));
  node.querySelector("button").setAttribute("aria-label", fill(WORDS.passage_from, row));
  return node;
}
