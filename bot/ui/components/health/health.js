// How the index stands. While a look is under way, what is known stays in sight; before the first one there are bones.

const WHEN = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

export default function ({ data, parentElement, setTriggerValue }) {
  return mount(parentElement, build, (view) => {
    view.wish = (what) => setTriggerValue("wish", what);
    draw(view, data);
  });
}

function build() {
  const view = { root: el("div", "health"), drawn: "" };
  view.summary = el("h2", "summary");
  view.result = el("p", "result");
  view.bar = el("div", "bar");
  view.tools = el("div", "tools");
  view.mend = button("mend", "Mend it");
  view.mend.onclick = () => view.wish("mend");
  view.again = button("quiet", "Check again");
  view.again.onclick = () => view.wish("look");
  view.when = el("span", "when");
  view.tools.append(view.mend, view.again, view.when);
  view.body = el("div");
  const told = el("div", "told");
  told.setAttribute("role", "status");
  told.append(view.summary, view.result);
  view.root.append(told, view.bar, view.tools, view.body);
  return view;
}

function draw(view, data) {
  view.summary.textContent = data.summary || "Looking at the index";
  view.summary.className = `summary ${data.tone}`;
  view.result.textContent = data.result;
  view.result.hidden = !data.result;
  view.bar.classList.toggle("moving", Boolean(data.doing));
  const left = !data.mend && view.root.getRootNode().activeElement === view.mend;
  view.mend.hidden = !data.mend;
  if (left) view.again.focus();
  // Disabled by its looks alone: a button that is switched off loses the focus.
  for (const node of [view.mend, view.again]) node.setAttribute("aria-disabled", String(Boolean(data.doing)));
  view.when.textContent = data.at ? `Checked at ${WHEN.format(new Date(data.at))}` : "";
  const { findings, facts, settings, problem } = data;
  const content = JSON.stringify([findings, facts, settings, problem, data.at]);
  if (content === view.drawn) return;
  view.drawn = content;
  view.body.replaceChildren(...(data.at ? report(data) : bones()));
}

function report({ findings, facts, settings, problem }) {
  const parts = [];
  if (problem) parts.push(fault(problem));
  if (findings.length) parts.push(list(findings));
  if (facts.length) parts.push(el("h2", "heading", "This installation"), table(facts));
  if (settings.length) {
    const folded = el("details");
    folded.append(el("summary", "", "Settings in force"), table(settings));
    parts.push(folded);
  }
  return parts;
}

function list(findings) {
  const node = el("ul", "findings");
  node.append(...findings.map(finding));
  return node;
}

function finding({ name, ok, said, detail, help }) {
  const node = el("li", ok ? "finding" : "finding wrong");
  const sign = el("span", "sign", ok ? "✓" : "!");
  sign.setAttribute("aria-hidden", "true");
  const words = el("div", "words");
  const head = el("p", "head");
  head.append(el("strong", "", name), el("span", "said", said));
  words.append(head, sentence(detail));
  if (help.length) {
    const hint = sentence(help);
    hint.className = "help";
    words.append(hint);
  }
  node.append(sign, words);
  return node;
}

function table(facts) {
  const node = el("dl");
  for (const { name, value } of facts) {
    const row = el("div", "fact");
    row.append(el("dt", "", name), el("dd", "", value));
    node.append(row);
  }
  return node;
}

function fault(problem) {
  const node = el("div", "problem");
  node.setAttribute("role", "alert");
  node.append(sentence(problem.message), sentence(problem.help));
  return node;
}

function bones() {
  return Array.from({ length: 7 }, (_, at) => el("div", at % 3 === 2 ? "bone short" : "bone"));
}
