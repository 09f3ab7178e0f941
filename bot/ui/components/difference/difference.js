// Two texts line by line, as text. Each changed line has its sign, its word and its colour.

const SIGNS = { added: "+", removed: "−", same: "", "left out": "…" };

export default function ({ data, parentElement }) {
  return mount(parentElement, build, (view) => {
    const content = JSON.stringify(data);
    if (content === view.drawn) return;
    view.drawn = content;
    view.sum.textContent = data.sum;
    view.lines.replaceChildren(...data.lines.map(line));
  });
}

function build() {
  const view = { root: el("section", "difference"), sum: el("p", "sum"), lines: el("ol"), drawn: "" };
  view.root.setAttribute("aria-label", "What is different");
  view.sum.setAttribute("role", "status");
  view.root.append(view.sum, view.lines);
  return view;
}

function line({ kind, text }) {
  const node = el("li", kind.replace(" ", "-"));
  const sign = el("span", "sign", SIGNS[kind]);
  if (kind === "added" || kind === "removed") sign.append(" ", el("span", "word", kind));
  node.append(sign, el({ added: "ins", removed: "del" }[kind] ?? "span", "text", text));
  return node;
}
