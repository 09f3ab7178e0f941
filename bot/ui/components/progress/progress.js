// How far a run has come. The bar alone is told by its number; what is said is read out once it is over.

export default function ({ data, parentElement, setTriggerValue }) {
  return mount(parentElement, build, (view) => {
    view.send = setTriggerValue;
    draw(view, data);
  });
}

function build() {
  const view = { root: el("div", "progress"), wrong: "" };
  view.said = el("p", "said");
  view.end = el("div", "end");
  view.end.setAttribute("role", "status");
  view.bar = el("div", "bar");
  view.bar.setAttribute("role", "progressbar");
  view.bar.setAttribute("aria-label", "Cases done");
  view.part = el("span", "part");
  view.bar.append(view.part);
  view.left = el("p", "soft");
  view.stop = button("other", "Stop");
  view.stop.onclick = () => view.send("stop", true);
  view.foot = el("div", "foot");
  view.foot.append(view.stop, view.left);
  view.problem = el("div", "problem");
  view.problem.setAttribute("role", "alert");
  view.root.append(view.said, view.end, view.bar, view.foot, view.problem);
  return view;
}

function draw(view, { running, stopping, share, said, left, told, problem }) {
  view.said.hidden = !running;
  setTextOf(view.said, said);
  const ended = running ? [] : [said, ...told].filter(Boolean);
  if (ended.join("\n") !== view.ended) view.end.replaceChildren(...ended.map((text) => el("p", "", text)));
  view.ended = ended.join("\n");
  view.bar.hidden = view.foot.hidden = !running;
  view.bar.setAttribute("aria-valuenow", String(share));
  view.part.style.width = `${share}%`;
  setTextOf(view.left, left);
  // By its looks alone: a button that is switched off loses the focus.
  view.stop.setAttribute("aria-disabled", String(stopping));
  const wrong = JSON.stringify(problem);
  if (wrong !== view.wrong) view.problem.replaceChildren(...(problem ? [sentence(problem.message), sentence(problem.help)] : []));
  view.wrong = wrong;
  view.problem.hidden = !problem;
}

function setTextOf(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
