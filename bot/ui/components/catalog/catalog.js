// The list of articles; each opens beside it, and several can be chosen to do something with them.

// Outside of the component, as Streamlit builds it anew where the page around it changes; the ticks stay.
const chosen = new Set();
let begun = 0;
let send = (_name, _value) => {};

/** @param {Component<CatalogData>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  send = setTriggerValue;
  // Another number says that something was done with the chosen ones, and none is chosen any more.
  if (begun !== data.cleared) {
    begun = data.cleared;
    chosen.clear();
    for (const box of parentElement.querySelectorAll("input")) box.checked = false;
  }
  // What is not listed any more cannot be meant.
  const there = new Set(data.entries.map(({ id }) => id));
  for (const id of [...chosen]) if (!there.has(id)) chosen.delete(id);
  // The ticks are no part of the data, so a list that has not changed is not drawn again for them.
  return listOf(parentElement, "ul", "catalog", data.entries, (entries) => entries.map(item));
}

/** @param {CatalogEntry} entry */
function item(entry) {
  const size = el("span", "size", entry.size);
  if (entry.cut_off) size.append(el("span", "cut", WORDS.breaks_off_in_the_source));
  const parts = [prose("span", "title", entry.title), size];
  if (entry.byline.length) parts.splice(1, 0, byline(el("span", "byline"), entry.byline));
  if (entry.notes.length) parts.push(labels(entry.notes));
  const node = listRow({ kind: "article", article: entry.id }, ...parts);
  node.querySelector(".row").addEventListener("click", () => send("open", entry.id));
  node.prepend(choice(entry));
  return node;
}

function labels(notes) {
  const node = el("span", "notes");
  node.append(...notes.map((note) => prose("span", "note", note)));
  return node;
}

function choice(entry) {
  const label = el("label", "choice");
  const box = el("input");
  box.type = "checkbox";
  box.checked = chosen.has(entry.id);
  box.setAttribute("aria-label", fill(WORDS.choose, entry));
  box.onchange = () => {
    if (box.checked) chosen.add(entry.id);
    else chosen.delete(entry.id);
    send("choose", [...chosen]);
  };
  label.append(box);
  return label;
}
