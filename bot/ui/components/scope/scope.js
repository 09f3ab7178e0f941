// What the search is kept to: a chip for each part, which can be dropped, and a way to drop them all. The tab remembers it over a
// reload, as the server knows a page that is loaded again for a new one.

const KEPT = "footnote-scope";

/** @param {Component<ScopeData>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  return mount(parentElement, build, ({ root }) => {
    root.replaceChildren(...parts(data, (what) => setTriggerValue("drop", what)));
    const before = keptScope();
    keepScope(data);
    if (before && before.session !== data.session && before.scope !== data.scope) setTriggerValue("keep", before.scope);
  });
}

/** @returns {{ session: string, scope: string } | null} */
function keptScope() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
}

function keepScope({ session, scope }) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ session, scope }));
  } catch {
    // A browser may be told to keep nothing.
  }
}

function build() {
  const root = el("div", "scope");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", WORDS.what_the_search_is_kept);
  return { root };
}

function parts(data, drop) {
  const found = data.chips.map((chip) => part(chip, drop));
  if (!found.length) found.push(el("p", "soft", WORDS.all_articles));
  if (data.count) found.push(el("p", "soft", data.count));
  if (data.chips.length > 1) found.push(clear(drop));
  if (data.problem.length) found.push(wrong(data.problem));
  return found;
}

function part(chip, drop) {
  const node = el("span", "part");
  const close = button("drop", "✕");
  close.setAttribute("aria-label", fill(WORDS.do_not_keep_to, chip));
  close.onclick = () => drop({ field: chip.field, value: chip.value });
  node.append(prose("span", "label", chip.label), close);
  node.title = chip.label;
  return node;
}

function clear(drop) {
  const node = button("clear", WORDS.clear);
  node.setAttribute("aria-label", WORDS.clear_the_scope);
  node.onclick = () => drop("all");
  return node;
}

function wrong(problem) {
  const node = sentence(problem);
  node.className = "wrong";
  node.setAttribute("role", "alert");
  return node;
}
