// How often each verdict was right, as a table; scores against the shares that came true, as charts with a table behind each.

const LEFT = 34, TOP = 24, SIDE = 264, STRIP = 34, GAP = 30;

export default function ({ data, parentElement }) {
  const build = () => ({ root: el("div", "reliability"), drawn: "" });
  return mount(parentElement, build, (view) => {
    // A table that stands open stays open while nothing new has come.
    const content = JSON.stringify(data);
    if (content !== view.drawn) view.root.replaceChildren(...parts(data));
    view.drawn = content;
  });
}

function parts({ lead, columns, verdicts, charts, own, own_chart, source }) {
  const pair = el("div", "charts");
  pair.append(...charts.map(chart));
  const mine = own_chart ? [chart(own_chart)] : [];
  return [
    el("p", "", lead),
    verdictTable(columns, verdicts),
    el("h3", "", "Does the score come true?"),
    el("p", "", "Each dot is a tenth of the scores, larger for more sentences. On the dashed line, sentences with a score of 0.8 are supported 8 times in 10."),
    pair,
    el("h3", "", "Your own reviews"),
    ...own.map(sentence),
    ...mine,
    note(source),
  ];
}

function note(pieces) {
  const node = sentence(pieces);
  node.className = "soft";
  return node;
}

function verdictTable(columns, verdicts) {
  const table = el("table", "verdicts");
  table.append(el("caption", "", "How often each verdict is right"), head(["Verdict", ...columns]));
  const body = el("tbody");
  body.append(...verdicts.map((one) => verdictRow(one, columns.length)));
  table.append(body);
  return table;
}

function verdictRow({ label, meaning, tone, rates }, columns) {
  const row = el("tr");
  const name = el("th");
  name.scope = "row";
  name.append(el("span", `label ${tone}`, label), el("span", "meaning", meaning));
  row.append(name);
  if (!rates.length) {
    const cell = el("td", "soft", "Nothing to measure");
    cell.colSpan = columns;
    row.append(cell);
  }
  for (const { share, of, few } of rates) {
    const cell = el("td", few ? "few" : "");
    cell.append(el("span", "share", share), el("span", "soft", few ? `${of}: too few to go by` : of));
    row.append(cell);
  }
  return row;
}

function head(texts) {
  const row = el("tr");
  row.append(...texts.map((text) => Object.assign(el("th", "", text), { scope: "col" })));
  const node = el("thead");
  node.append(row);
  return node;
}

function chart({ title, note: told, told: label, series, counts, headings, rows }) {
  const node = el("figure");
  const details = el("details");
  details.append(el("summary", "", "The figures as a table"), figures(title, headings, rows));
  node.append(el("figcaption", "title", title), el("p", "soft", told), plot(label, series, counts), details);
  return node;
}

function figures(title, headings, rows) {
  const table = el("table", "figures");
  const body = el("tbody");
  for (const [first, ...cells] of rows) {
    const row = el("tr");
    row.append(Object.assign(el("th", "", first), { scope: "row" }), ...cells.map((text) => el("td", "", text)));
    body.append(row);
  }
  table.append(el("caption", "", title), head(headings), body);
  const box = el("div", "scrolled");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", `${title}: the figures`);
  box.append(table);
  return box;
}

function svg(tag, attributes, text) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  if (text !== undefined) node.textContent = text;
  return node;
}

const across = (share) => LEFT + SIDE * share;
const down = (share) => TOP + SIDE * (1 - share);

function plot(label, series, counts) {
  const below = TOP + SIDE + GAP;
  const node = svg("svg", { viewBox: `0 0 ${LEFT + SIDE + 14} ${below + STRIP + 18}`, role: "img", "aria-label": label });
  node.append(...axes(), ...strip(counts, below));
  const most = Math.max(1, ...series.flatMap(({ dots }) => dots.map(({ n }) => n)));
  for (const { kind, dots } of series) node.append(...dots.flatMap((dot) => mark(dot, kind, most)));
  return node;
}

function axes() {
  const lines = [0, 0.5, 1].flatMap((at) => [
    svg("line", { class: "grid", x1: LEFT, x2: across(1), y1: down(at), y2: down(at) }),
    svg("line", { class: "grid", x1: across(at), x2: across(at), y1: TOP, y2: down(0) }),
    svg("text", { class: "end", x: LEFT - 6, y: down(at) + 4 }, String(at)),
    svg("text", { class: "middle", x: across(at), y: down(0) + 16 }, String(at)),
  ]);
  return [
    ...lines,
    svg("line", { class: "diagonal", x1: across(0), y1: down(0), x2: across(1), y2: down(1) }),
    svg("text", { x: 0, y: 13 }, "share supported"),
    svg("text", { class: "middle", x: across(0.75), y: down(0) + 16 }, "score"),
  ];
}

function mark({ x, y, n, low, high }, kind, most) {
  const ends = kind === "after" ? [svg("line", { class: "interval", x1: across(x), x2: across(x), y1: down(low), y2: down(high) })] : [];
  return [...ends, svg("circle", { class: kind, cx: across(x), cy: down(y), r: 3 + 6 * Math.sqrt(n / most) })];
}

// How many sentences each tenth of the scores has.
function strip(counts, top) {
  const most = Math.max(1, ...counts);
  const width = SIDE / counts.length;
  return counts.flatMap((n, at) => {
    const height = n ? Math.max(1, (STRIP * n) / most) : 0;
    const x = LEFT + at * width;
    return [
      svg("rect", { class: "count", x: x + 2, y: top + STRIP - height, width: width - 4, height }),
      svg("text", { class: "middle small", x: x + width / 2, y: top + STRIP + 12 }, n.toLocaleString()),
    ];
  });
}
