// Answers side by side, each of which may still be streaming in. What models and articles say goes in as text.

export default function ({ data, parentElement }) {
  return mount(parentElement, build, (view) => draw(view, data));
}

function build() {
  const view = { root: el("section", "trial"), state: el("p", "state"), asked: el("p", "asked"), answers: el("div", "answers") };
  view.root.setAttribute("aria-label", WORDS.the_answers_side_by_side);
  view.state.setAttribute("role", "status");
  view.passages = el("details", "passages");
  view.summary = el("summary");
  view.list = el("div");
  view.passages.append(view.summary, view.list);
  view.sides = [];
  view.root.append(view.state, view.asked, view.answers, view.passages);
  return view;
}

function draw(view, data) {
  setText(view.state, data.state);
  setText(view.asked, data.asked);
  while (view.sides.length < data.answers.length) view.sides.push(side(view.answers));
  // A column was taken away since the last trial.
  for (const gone of view.sides.splice(data.answers.length)) gone.root.remove();
  data.answers.forEach((answer, at) => drawSide(view.sides[at], answer));
  view.passages.hidden = !data.passages.length;
  setText(view.summary, data.given);
  anew(view.list, data.passages, () => data.passages.map(passage));
}

function side(parent) {
  const view = { root: el("section", "answer"), title: el("h3"), made: el("p", "made"), body: el("div", "body"), stage: el("p", "stage") };
  view.problem = el("div", "problem");
  view.sum = el("p", "sum");
  view.faults = el("ul", "faults");
  view.facts = el("p", "facts");
  view.notices = el("div", "notices");
  view.root.append(view.title, view.made, view.body, view.problem, view.stage, view.sum, view.faults, view.notices, view.facts);
  parent.append(view.root);
  return view;
}

function drawSide(view, { title, made, stage, running, paragraphs, sum, faults, facts, notices, problem }) {
  view.root.setAttribute("aria-label", title);
  view.root.classList.toggle("running", running);
  setText(view.title, title);
  setText(view.made, made);
  drawLines(view.body, paragraphs, running);
  tellProblem(view.problem, problem);
  view.problem.hidden = !problem;
  view.body.hidden = Boolean(problem) && !paragraphs.length;
  setText(view.stage, stage);
  anew(view.sum, sum, () => sum.map(({ text, tone }) => el("span", `part ${tone}`, text)));
  anew(view.faults, faults, () => faults.map((text) => el("li", "", text)));
  anew(view.notices, notices, () => notices.map(sentence));
  setText(view.facts, facts.join(" "));
}

// Built again for new data only: what the reader marks or has unfolded stays.
function anew(node, data, build) {
  const content = JSON.stringify(data);
  if (node.dataset.drawn !== content) node.replaceChildren(...build());
  node.dataset.drawn = content;
  node.hidden = !data.length;
}

function passage({ n, title, text }) {
  const node = el("section", "passage");
  node.append(el("h3", "", `${n}. ${title}`), el("p", "text", text));
  return node;
}
