// The runs, newest first. The name of one opens its results below the list, and puts them away again.

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export default function ({ data, parentElement, setTriggerValue }) {
  return mount(parentElement, build, (view) => {
    view.send = setTriggerValue;
    draw(view, data);
  });
}

function build() {
  const view = { root: el("ul", "runs"), drawn: "" };
  view.root.setAttribute("aria-label", "Runs");
  return view;
}

function draw(view, { rows }) {
  const content = JSON.stringify(rows);
  if (content === view.drawn) return;
  view.drawn = content;
  const focused = view.root.getRootNode().activeElement?.dataset?.run;
  view.root.replaceChildren(...rows.map((one) => row(view, one)));
  // Rows are built anew when one is opened: the focus stays where it was.
  if (focused) [...view.root.querySelectorAll(".open")].find((node) => node.dataset.run === focused)?.focus();
}

function row(view, run) {
  const node = el("li", run.open ? "run shown" : "run");
  const head = el("p", "head");
  const open = button("open");
  open.append(el("span", "", run.name));
  open.dataset.run = run.id;
  open.setAttribute("aria-expanded", String(run.open));
  open.onclick = () => view.send("open", run.id);
  head.append(open);
  if (run.goes_on) {
    const again = button("other", "Go on");
    again.setAttribute("aria-label", `Go on with the run ${run.id}`);
    again.onclick = () => view.send("resume", run.id);
    head.append(again);
  }
  const told = [WHEN.format(new Date(run.at)), run.cases, run.state, ...run.details, run.id].filter(Boolean);
  node.append(head, el("p", "soft", told.join(" · ")));
  if (run.message) node.append(el("p", "message", run.message));
  if (run.figures.length) node.append(figures(run.figures));
  return node;
}

function figures(all) {
  const list = el("dl");
  for (const { name, value } of all) {
    const one = el("div");
    one.append(el("dt", "", name), el("dd", "", value));
    list.append(one);
  }
  return list;
}
