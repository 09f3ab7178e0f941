// What came of the cases of a run.

export default function ({ data, parentElement }) {
  return mount(parentElement, () => ({ root: el("ul", "results"), drawn: "" }), (view) => {
    const content = JSON.stringify(data);
    if (content === view.drawn) return;
    view.drawn = content;
    view.root.setAttribute("aria-label", data.label);
    view.root.replaceChildren(...data.rows.map(row));
  });
}

function row(one) {
  const node = el("li", "result");
  const head = el("p", "head");
  head.append(verdictOf(one.answer), el("span", "soft", [one.id, ...one.tags.map((tag) => `#${tag}`)].join(" · ")));
  node.append(head, ...caseParts(one), ...answerParts(one.answer));
  return node;
}
