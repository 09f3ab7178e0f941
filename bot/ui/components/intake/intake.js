// What is on its way into the library. The list is drawn anew only where something has changed, and a button keeps its focus.

const SIGNS = { waiting: "·", reading: "…", added: "✓", changed: "✓", unchanged: "=", failed: "✕", cancelled: "–" };

/** @param {Component<IntakeData>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const draw = (view) => {
    view.send = (act, at = -1) => setTriggerValue("act", { act, at });
    drawIntake(view, data);
  };
  return mount(parentElement, buildIntake, draw);
}

function buildIntake() {
  const view = { root: el("section", "intake"), rows: [] };
  view.root.setAttribute("aria-label", WORDS.coming_in);
  view.sum = el("p", "sum");
  view.sum.setAttribute("role", "status");
  view.stop = button("stop");
  view.stop.onclick = () => view.send(view.running ? "cancel" : "dismiss");
  view.bar = el("progress", "bar");
  view.bar.max = 1;
  view.bar.setAttribute("aria-label", WORDS.coming_in);
  view.list = el("ul", "items");
  view.list.tabIndex = 0;
  view.list.setAttribute("aria-label", WORDS.items);
  const head = el("div", "head");
  head.append(view.sum, view.stop);
  view.root.append(head, view.bar, view.list);
  return view;
}

function drawIntake(view, { sum, part, running, cancelling, entries }) {
  view.running = running;
  if (view.sum.textContent !== sum) view.sum.textContent = sum;
  view.stop.textContent = running ? WORDS.cancel : WORDS.hide;
  view.stop.disabled = cancelling;
  view.bar.value = part;
  view.bar.hidden = !running;
  // Items keep their places while they come in, so each row is that of its place.
  entries.forEach((entry, at) => drawEntry(view, entry, at));
  while (view.rows.length > entries.length) view.rows.pop().node.remove();
}

function drawEntry(view, entry, at) {
  const content = JSON.stringify(entry);
  const row = view.rows[at] ?? { node: el("li") };
  if (!view.rows[at]) {
    view.rows.push(row);
    view.list.append(row.node);
  }
  if (row.content === content) return;
  row.content = content;
  row.node.className = entry.status;
  row.node.replaceChildren(...partsOf(view, entry, at));
}

/** @param {IntakeEntry} entry */
function partsOf(view, entry, at) {
  const sign = el("span", "sign", SIGNS[entry.status]);
  sign.setAttribute("aria-hidden", "true");
  const name = entry.article ? button("name", entry.name) : prose("span", "name", entry.name);
  name.dir = "auto";
  if (entry.article) name.onclick = () => view.send("open", at);
  const parts = [sign, name, el("span", "label", entry.label)];
  if (entry.again) {
    const again = button("again", WORDS.try_again);
    again.setAttribute("aria-label", fill(WORDS.try_again_with, entry));
    again.onclick = () => view.send("retry", at);
    parts.push(again);
  }
  if (entry.said) parts.push(prose("p", "said", entry.said));
  return parts;
}
