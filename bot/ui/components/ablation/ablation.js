// Two answers side by side, the second of which may still be streaming in.

/** @param {Component<AblationData>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const update = (view) => {
    // Streamlit gives another `setTriggerValue` with each call.
    view.close.onclick = () => setTriggerValue("close", true);
    draw(view, data);
  };
  return mount(parentElement, () => build(data), update);
}

function build(data) {
  const view = { root: el("section", "compare") };
  view.root.setAttribute("aria-label", WORDS.the_answer_with_a_passage);
  view.verdict = el("p", "verdict");
  view.verdict.setAttribute("role", "status");
  view.close = button("close", WORDS.close);
  view.close.setAttribute("aria-label", WORDS.close_the_comparison);
  const head = el("div", "head");
  head.append(view.verdict, view.close);
  view.before = side();
  view.after = side();
  const sides = el("div", "sides");
  sides.append(view.before.root, view.after.root);
  view.root.append(head, sides);
  // What was just asked for comes into sight.
  if (data.running) requestAnimationFrame(() => view.root.scrollIntoView({ block: "nearest" }));
  return view;
}

function side() {
  const view = { root: el("section", "side"), title: el("h3"), body: el("div", "body"), problem: el("div", "problem") };
  view.stage = el("p", "stage");
  view.root.append(view.title, view.body, view.problem, view.stage);
  return view;
}

/**
 * @param {any} view
 * @param {AblationData} data
 */
function draw(view, data) {
  const waits = WORDS.answering_again_without_the_passage;
  const said = data.verdict || (data.running ? waits : WORDS.the_answer_without_the_passage);
  // A status is read aloud whenever it is written.
  if (view.verdict.textContent !== said) view.verdict.textContent = said;
  view.verdict.classList.toggle("waiting", !data.verdict);
  drawSide(view.before, data.before, false);
  drawSide(view.after, data.after, data.running);
}

function drawSide(view, { title, stage, paragraphs, problem }, running) {
  setText(view.title, title);
  drawLines(view.body, paragraphs, running);
  tellProblem(view.problem, problem);
  view.problem.hidden = !problem;
  setText(view.stage, stage);
}
