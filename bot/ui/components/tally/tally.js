// Figures with their words, and a bar of how the claims stand.

export default function ({ data, parentElement }) {
  return mount(parentElement, () => ({ root: el("div", "tally") }), ({ root }) => root.replaceChildren(...data.groups.map(group)));
}

function group({ title, note, figures, none }) {
  const node = el("section");
  node.setAttribute("aria-label", title);
  node.append(el("h2", "", title));
  if (!figures.length) node.append(el("p", "soft", none));
  if (figures.some((one) => one.share)) node.append(bar(figures));
  const list = el("ul");
  list.append(...figures.map(figure));
  node.append(list);
  if (note) node.append(el("p", "soft", note));
  return node;
}

// The same counts stand below it in words.
function bar(figures) {
  const node = el("div", "bar");
  node.setAttribute("aria-hidden", "true");
  for (const { tone, share } of figures) {
    const part = el("span", tone);
    part.style.flexGrow = String(share);
    node.append(part);
  }
  return node;
}

function figure({ count, words, tone }) {
  const node = el("li", tone);
  node.append(el("span", "count", count), " ", el("span", "words", words));
  return node;
}
