// The articles in the side column. A tick keeps the questions to an article; with no tick all of them are asked.

const FOLDED = "footnote-sources-folded";
const FEW = 8; // of so many, none needs to be looked for

/** @param {Component<SourcesData>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const update = (view) => {
    view.send = (kind, more = {}) => setTriggerValue("act", { kind, ...more });
    draw(view, data);
  };
  return mount(parentElement, build, update);
}

function build() {
  const view = { root: el("details", "sources"), data: null };
  view.summary = el("summary");
  view.asked = el("span", "asked");
  view.summary.append(el("span", "name", WORDS.sources), view.asked);
  view.add = button("add", WORDS.add_sources);
  view.add.onclick = () => view.send("add");
  view.find = el("input", "find");
  view.find.type = "search";
  view.find.placeholder = WORDS.find_a_source;
  view.find.setAttribute("aria-label", WORDS.find_a_source);
  view.find.oninput = () => narrow(view);
  view.list = el("ul");
  view.more = el("p", "more");
  view.told = el("div", "undo");
  view.told.setAttribute("role", "status");
  view.root.append(view.summary, view.add, view.find, view.list, view.more, view.told);
  view.root.open = !folded();
  view.root.ontoggle = () => store(FOLDED, String(!view.root.open));
  return view;
}

// A low window has room for the conversations or for the articles.
function folded() {
  try {
    return (localStorage.getItem(FOLDED) ?? String(window.innerHeight < 700)) === "true";
  } catch {
    return false;
  }
}

/**
 * @param {any} view
 * @param {SourcesData} data
 */
function draw(view, data) {
  const content = JSON.stringify(data);
  if (content === view.drawn) return;
  view.drawn = content;
  view.asked.textContent = data.asked;
  view.add.hidden = !data.editable;
  view.editable = data.editable;
  view.find.hidden = data.articles.length <= FEW;
  const all = row(view, { id: "", title: data.all_label, ticked: data.everything }, "all");
  const rows = [...data.collections.map((one) => row(view, one, "collection")), ...data.articles.map((one) => row(view, one, "article"))];
  keepFocus(view, () => view.list.replaceChildren(...(rows.length ? [all, ...rows] : [])));
  view.more.textContent = data.more;
  view.more.hidden = !data.more;
  undo(view, data.undo);
  narrow(view);
}

function row(view, { id, title, ticked }, kind) {
  const node = el("li", kind);
  const label = el("label");
  const box = el("input");
  box.type = "checkbox";
  box.checked = ticked;
  // By this the box is found again when the rows are built anew.
  box.dataset.of = `${kind}/${id}`;
  box.onchange = () => view.send(kind, { id, on: box.checked });
  label.append(box, prose("span", "title", title));
  label.title = title;
  node.append(label);
  if (kind === "article" && view.editable) node.append(remover(view, id, title));
  return node;
}

function remover(view, id, title) {
  const node = button("remove", "✕");
  node.setAttribute("aria-label", fill(WORDS.remove_source, { title }));
  node.title = WORDS.remove;
  node.onclick = () => view.send("remove", { id });
  return node;
}

// The rows are built anew: the box that was ticked keeps the focus.
function keepFocus(view, act) {
  const of = view.root.getRootNode().activeElement?.dataset.of;
  const at = view.list.scrollTop;
  act();
  view.list.scrollTop = at;
  if (of) [...view.list.querySelectorAll("input")].find((box) => box.dataset.of === of)?.focus({ preventScroll: true });
}

function undo(view, words) {
  view.told.replaceChildren();
  view.told.hidden = !words;
  if (!words) return;
  const back = button("back", WORDS.undo);
  back.onclick = () => view.send("restore");
  view.told.append(prose("span", "", words), back);
}

function narrow(view) {
  const words = view.find.value.toLowerCase();
  for (const node of view.list.querySelectorAll("li:not(.all)")) node.hidden = !node.textContent.toLowerCase().includes(words);
}
