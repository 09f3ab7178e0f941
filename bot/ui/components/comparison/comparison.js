// What changed between two runs: metrics with their plots, the cases that flipped, and where the time and the money went.

const SVG = "http://www.w3.org/2000/svg";

export default function ({ data, parentElement }) {
  return mount(parentElement, () => ({ root: el("div", "comparison"), drawn: "" }), (view) => {
    const content = JSON.stringify(data);
    if (content === view.drawn) return;
    view.drawn = content;
    view.root.replaceChildren(...parts(data));
  });
}

function parts(data) {
  const said = el("p", `overall ${data.tone}`, data.said);
  said.setAttribute("role", "status");
  return [
    said,
    ...data.robust.map((text) => el("p", "", text)),
    sides(data.sides),
    ...(data.differs.length ? [section("What differs besides the answers", bullets(data.differs))] : []),
    ...data.groups.map(group),
    ...data.abstention.map((text) => el("p", "soft", text)),
    ...(data.reading ? [el("p", "soft", data.reading)] : []),
    ...(data.flipped ? [section("Cases that flipped", el("p", "soft", data.flipped), ...data.flips.map(flip))] : []),
    ...data.tops.map(top),
    ...(data.failed.length ? [section("Went wrong", bullets(data.failed))] : []),
    ...(data.left_out.length ? [section("Not compared", bullets(data.left_out))] : []),
    definitions(data.definitions),
  ];
}

function section(title, ...content) {
  const node = el("section", "part");
  node.append(el("h4", "", title), ...content);
  return node;
}

function bullets(texts) {
  const list = el("ul", "bullets");
  list.append(...texts.map((text) => el("li", "", text)));
  return list;
}

function sides(both) {
  const node = el("div", "sides");
  for (const { side, name, told } of both) {
    const one = el("div");
    one.append(el("p", "soft", side), el("p", "name", name), el("p", "soft", told));
    node.append(one);
  }
  return node;
}

// A table of its own kind: on a narrow page a row becomes a card, and roles say that it is a table still.
function group({ title, reading, metrics, without }) {
  const table = role(el("div", "metrics"), "table");
  table.setAttribute("aria-label", title);
  const head = role(el("div", "row heads"), "row");
  head.append(...["Metric", "Before", "After", "Difference", "Plot", "Verdict"].map((name) => role(el("span", "", name), "columnheader")));
  table.append(head, ...metrics.map(metric));
  const left = without ? [el("p", "soft", without)] : [];
  return metrics.length ? section(title, el("p", "soft", reading), table, ...left) : section(title, ...left);
}

function role(node, name) {
  node.setAttribute("role", name);
  return node;
}

function metric({ name, before, after, change, moved, sign, said, tone, plot }) {
  const node = role(el("div", "row"), "row");
  const by = role(el("span", "change"), "cell");
  by.append(el("span", "", change), el("span", "soft moved", moved));
  const figure = role(el("span", "figure"), "cell");
  if (plot) figure.append(drawn(plot, tone));
  const verdict = role(el("span", `said ${tone}`), "cell");
  const mark = el("span", "sign", sign);
  mark.setAttribute("aria-hidden", "true");
  verdict.append(mark, el("span", "", said));
  node.append(
    role(el("span", "metric", name), "rowheader"),
    role(el("span", "before", before), "cell"),
    role(el("span", "after", after), "cell"),
    by,
    figure,
    verdict,
  );
  return node;
}

// The plots of `bot.evals.plots`, of numbers alone.
function drawn({ label, ticks, bar, dot, open }, tone) {
  const svg = shape("svg", { class: `plot ${tone}`, role: "img", "aria-label": label });
  svg.append(line("axis", 4, 96, 14, 14), line("zero", 50, 50, 2, 30));
  for (const { x, strength } of ticks) {
    const tick = line("case", x, x, 22, 30);
    tick.setAttribute("opacity", strength);
    svg.append(tick);
  }
  if (bar.length === 2) svg.append(line("bar", bar[0], bar[1], 14, 14));
  svg.append(shape("circle", { class: open ? "dot open" : "dot", cx: `${dot}%`, cy: 14, r: 5 }));
  return svg;
}

function line(name, x1, x2, y1, y2) {
  return shape("line", { class: name, x1: `${x1}%`, x2: `${x2}%`, y1, y2 });
}

function shape(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function flip(one) {
  const node = el("article", "flip");
  const head = el("p", "head");
  head.append(el("span", `won ${one.won ? "good" : "bad"}`, one.won ? "▲ Won" : "▼ Lost"), el("span", "soft", one.id));
  const both = el("div", "sides");
  both.append(answered("Before", one.before), answered("After", one.after));
  node.append(head, ...caseParts(one), both);
  if (one.moved.length) {
    const list = el("ul", "moved-list");
    list.setAttribute("aria-label", "What became of the citations");
    list.append(...one.moved.map(({ what, citation: told }) => citation(told, what)));
    node.append(list);
  }
  return node;
}

function answered(side, answer) {
  const node = el("section", "answered");
  const head = el("p", "head");
  head.append(el("b", "", side), verdictOf(answer));
  node.append(head, ...answerParts(answer));
  return node;
}

function top({ title, rows }) {
  const table = el("table");
  const head = el("tr");
  for (const name of ["Case", "Before", "After"]) head.append(scoped(el("th", "", name), "col"));
  const body = el("tbody");
  for (const [name, ...values] of rows) {
    const row = el("tr");
    row.append(scoped(el("th", "", name), "row"), ...values.map((value) => el("td", "", value)));
    body.append(row);
  }
  const first = el("thead");
  first.append(head);
  table.append(first, body);
  table.setAttribute("aria-label", title);
  return section(title, table);
}

function scoped(node, scope) {
  node.scope = scope;
  return node;
}

function definitions(all) {
  const node = el("details");
  const list = el("dl");
  for (const [name, meaning] of all) list.append(el("dt", "", name), el("dd", "", meaning));
  node.append(el("summary", "", "What the metrics are"), list);
  return node;
}
