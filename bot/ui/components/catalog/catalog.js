// The list of articles; each opens beside it.

const views = new WeakMap();

export default function ({ data, parentElement }) {
  let view = views.get(parentElement);
  if (!view) {
    view = { root: el("ul", "catalog"), shown: "", unfollow: null };
    parentElement.append(view.root);
    view.unfollow = followSource((key) => {
      view.shown = key;
      markCurrent(view);
    });
    views.set(parentElement, view);
  }
  view.root.replaceChildren(...data.entries.map(item));
  markCurrent(view);
  return () => {
    view.unfollow();
    views.delete(parentElement);
    view.root.remove();
  };
}

function item(entry) {
  const node = el("li");
  const opener = button("row");
  const target = { kind: "article", article: entry.id };
  const size = el("span", "size", entry.size);
  opener.append(el("span", "title", entry.title));
  if (entry.byline) opener.append(el("span", "byline", entry.byline));
  if (entry.cut_off) size.append(el("span", "cut", "breaks off in the source"));
  opener.append(size);
  opener.dataset.key = targetKey(target);
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
