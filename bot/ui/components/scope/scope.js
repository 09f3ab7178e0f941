// What the search is kept to: a chip for each part, which can be dropped, and a way to drop them all.

export default function ({ data, parentElement, setTriggerValue }) {
  return mount(parentElement, build, ({ root }) => root.replaceChildren(...parts(data, (what) => setTriggerValue("drop", what))));
}

function build() {
  const root = el("div", "scope");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "What the search is kept to");
  return { root };
}

function parts(data, drop) {
  const found = data.chips.map((chip) => part(chip, drop));
  if (!found.length) found.push(el("p", "soft", "All articles"));
  if (data.count) found.push(el("p", "soft", data.count));
  if (data.chips.length > 1) found.push(clear(drop));
  if (data.problem.length) found.push(wrong(data.problem));
  return found;
}

function part(chip, drop) {
  const node = el("span", "part");
  const close = button("drop", "✕");
  close.setAttribute("aria-label", `Do not keep to: ${chip.label}`);
  close.onclick = () => drop({ field: chip.field, value: chip.value });
  node.append(prose("span", "label", chip.label), close);
  node.title = chip.label;
  return node;
}

function clear(drop) {
  const node = button("clear", "Clear");
  node.setAttribute("aria-label", "Clear the scope");
  node.onclick = () => drop("all");
  return node;
}

function wrong(problem) {
  const node = sentence(problem);
  node.className = "wrong";
  node.setAttribute("role", "alert");
  return node;
}
