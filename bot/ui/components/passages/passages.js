// Passages that were found and not cited; each opens its source.

const views = new WeakMap();

export default function ({ data, parentElement }) {
  let view = views.get(parentElement);
  if (!view) {
    view = { root: el("section", "passages"), shown: "", unfollow: null };
    parentElement.append(view.root);
    view.unfollow = followSource((key) => {
      view.shown = key;
      markCurrent(view);
    });
    views.set(parentElement, view);
  }
  draw(view, data);
  return () => {
    view.unfollow();
    views.delete(parentElement);
    view.root.remove();
  };
}

function draw(view, data) {
  const parts = [];
  if (data.heading) parts.push(el("h3", "", data.heading));
  if (data.first.length) parts.push(list(data.exchange, data.first));
  if (data.rest.length) {
    const folded = el("details");
    folded.append(el("summary", "", data.label), list(data.exchange, data.rest));
    parts.push(folded);
  }
  view.root.replaceChildren(...parts);
  markCurrent(view);
}

function list(exchange, rows) {
  const node = el("ul");
  node.append(...rows.map((row) => item(exchange, row)));
  return node;
}

function item(exchange, row) {
  const node = el("li");
  const opener = button("row");
  const target = { kind: "passage", exchange, n: row.n };
  const head = el("span", "head");
  head.append(el("span", "title", row.title), el("span", "byline", row.byline));
  opener.append(head, el("span", "words", row.text));
  opener.dataset.key = targetKey(target);
  opener.setAttribute("aria-label", `Passage from ${row.title}, not cited: ${row.text}`);
  opener.onclick = () => openSource(target, opener);
  node.append(opener);
  return node;
}

function markCurrent(view) {
  for (const node of view.root.querySelectorAll(".row")) {
    if (node.dataset.key === view.shown) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
  }
}
