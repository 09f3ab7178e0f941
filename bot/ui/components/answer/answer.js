// A question and its answer. Called again with new data while the answer streams in: only what is new is built.

const OUTLINED = 2500; // ms in which the turn that an address named is outlined
const ARRIVING = [0, 150, 300, 600, 1000]; // ms after which a page that is being built may have scrolled to its end

/** @param {Component<AnswerData>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  return mount(parentElement, (parent) => build(parent, data), (view) => draw(view, data, setTriggerValue), end);
}

function draw(view, data, setTriggerValue) {
  view.data = data;
  view.send = setTriggerValue;
  update(view, data);
}

function end(view) {
  view.card.end();
  view.more.end();
  view.unfollow();
}

function build(parent, data) {
  const view = { root: el("article", "turn"), data, shown: "" };
  // By this the keys of the page find the footnotes.
  if (parent.host) parent.host.dataset.footnoteAnswer = data.id;
  buildQuestion(view);
  buildSearch(view);
  view.kept = el("p", "kept");
  view.notices = el("div", "notices");
  view.body = el("div", "body");
  view.everywhere = button("go everywhere", WORDS.search_all_articles);
  view.everywhere.onclick = () => view.send("everywhere", true);
  buildFoot(view);
  buildProblem(view);
  view.sum = el("p", "sum");
  view.cost = el("p", "cost");
  view.card = hoverCard((node) => cardOf(view, node));
  buildActions(view);
  // In the order of the page, which is also that of the Tab key.
  const asked = [view.head, view.rewriting, view.search, view.editor, view.kept];
  const said = [view.notices, view.body, view.everywhere, view.problem, view.sum, view.cost];
  view.root.append(...asked, ...said, view.row, view.noting, view.offered, view.card.root);
  view.unfollow = followSource((key) => {
    view.shown = key;
    markCurrent(view);
  });
  comeIntoSight(view, data);
  return view;
}

// A question that was just asked comes into sight, wherever the reader had scrolled to, and so does one that an address names.
function comeIntoSight({ root }, { status, target }) {
  if (status === "running") requestAnimationFrame(() => root.scrollIntoView({ block: "start" }));
  if (!target) return;
  for (const ms of ARRIVING) setTimeout(() => root.scrollIntoView({ block: "start" }), ms);
  root.classList.add("target");
  setTimeout(() => root.classList.remove("target"), OUTLINED);
}

/**
 * @param {any} view
 * @param {AnswerData} data
 */
function update(view, data) {
  const running = data.status === "running";
  setText(view.question, data.question);
  drawBranch(view, data.branch);
  drawSearch(view, data);
  setText(view.kept, data.kept ? fill(WORDS.kept_to, { scope: data.kept }) : "");
  view.notices.replaceChildren(...data.notices.map(sentence));
  view.notices.hidden = !data.notices.length;
  view.root.classList.toggle("abstained", data.abstained);
  view.root.classList.toggle("running", running);
  view.root.classList.toggle("preview", data.preview);
  drawLines(view.body, data.paragraphs, running, {
    pressed: (run) => pressed(view, run),
    dress: (node, run) => dress(view, node, run),
  });
  view.everywhere.hidden = !data.narrow;
  drawProblem(view, data.problem);
  drawSum(view, data.sum, running);
  setText(view.cost, data.cost.join(" "));
  setText(view.stage, running ? `${data.stage}…` : data.status === "stopped" ? WORDS.stopped_this_answer_is_incomplete : "");
  view.stopButton.hidden = !running;
  drawActions(view, data);
  markCurrent(view);
}

function buildFoot(view) {
  view.foot = el("div", "foot");
  view.stage = el("p", "stage");
  view.stage.setAttribute("role", "status");
  view.stopButton = button("stop", WORDS.stop);
  view.stopButton.onclick = () => view.send("stop", view.data.id);
  view.foot.append(view.stage, view.stopButton);
}

function buildProblem(view) {
  view.problem = el("div", "problem");
  view.wrong = el("div");
  view.wrong.setAttribute("role", "alert");
  view.again = button("go", WORDS.try_again);
  view.again.onclick = () => view.send("again", "");
  view.quotations = button("other", WORDS.answer_with_quotations_instead);
  view.quotations.onclick = () => view.send("again", "quotes");
  view.ways = el("div", "ways");
  view.ways.append(view.again, view.quotations);
  view.problem.append(view.wrong, view.ways);
}

function drawProblem(view, problem) {
  view.problem.hidden = !problem;
  tellProblem(view.wrong, problem);
  view.again.hidden = !problem?.again;
  view.quotations.hidden = !problem?.quotes;
  view.ways.hidden = !problem?.again && !problem?.quotes;
}

// How many claims hold and how many do not: each part in words, with the sign of its tone before it.
function drawSum(view, parts, running) {
  view.sum.hidden = !parts.length;
  view.sum.replaceChildren(
    ...parts.map(({ text, tone }, at) => el("span", `part ${tone}`, at === 0 && running ? fill(WORDS.so_far, { text }) : text)),
  );
}

// The question, the way to put it otherwise, and the way to the other questions that were asked in its place.
function buildQuestion(view) {
  view.head = el("div", "head");
  view.question = el("h2", "question");
  view.rewrite = button("pencil");
  view.rewrite.setAttribute("aria-label", WORDS.edit_the_question);
  view.rewrite.title = WORDS.edit_the_question;
  view.rewrite.append(el("span"));
  buildBranch(view);
  view.head.append(view.question, view.rewrite, view.branch);
  view.rewriting = editor({
    id: "question",
    turn: view.data.id,
    label: WORDS.ask_instead,
    go: WORDS.ask,
    stands: view.head,
    opener: view.rewrite,
    words: () => view.data.question,
    send: (words) => view.send("edit", words),
  });
}

function buildBranch(view) {
  view.branch = el("div", "branch");
  view.branch.setAttribute("role", "group");
  view.branch.setAttribute("aria-label", WORDS.versions_of_this_question);
  view.earlier = turner(view, "‹", WORDS.earlier_version, "earlier");
  view.later = turner(view, "›", WORDS.later_version, "later");
  view.which = el("span", "which");
  view.branch.append(view.earlier, view.which, view.later);
}

function turner(view, sign, name, which) {
  const node = button("turner", sign);
  node.setAttribute("aria-label", name);
  node.onclick = () => view.send("branch", view.data.branch[which]);
  return node;
}

function drawBranch(view, { at, of, earlier, later }) {
  view.branch.hidden = !of;
  setText(view.which, of ? fill(WORDS.at_of, { at, of }) : "");
  view.earlier.disabled = !earlier;
  view.later.disabled = !later;
}

// What was searched, and the field in its place once the reader wants other words.
function buildSearch(view) {
  view.search = el("div", "search");
  view.searched = el("p", "searched");
  view.edit = button("edit", WORDS.edit);
  view.edit.setAttribute("aria-label", WORDS.edit_the_search);
  view.search.append(view.searched, view.edit);
  view.editor = editor({
    id: "search",
    turn: view.data.id,
    label: WORDS.search_for,
    go: WORDS.search,
    stands: view.search,
    opener: view.edit,
    words: () => view.data.searched,
    send: (words) => view.send("search", words),
  });
}

/**
 * @param {any} view
 * @param {AnswerData} data
 */
function drawSearch(view, data) {
  const told = fill(data.own ? WORDS.searched_for_own : WORDS.searched_for, { words: data.searched });
  setText(view.searched, data.searched && !data.as_typed ? told : "");
  view.edit.textContent = data.as_typed ? WORDS.edit_the_search : WORDS.edit;
  view.edit.hidden = !data.searched;
}

// A chip, or the mark behind a claim.
function pressed(view, run) {
  const node = button(run.kind, run.text);
  node.dataset.card = run.card;
  // Not on entering: a chip that comes to lie under a resting pointer, as a source opens or closes, was not pointed at.
  node.onmousemove = () => view.card.point(node);
  node.onmouseleave = () => view.card.point(null);
  node.onfocus = () => node.matches(":focus-visible") && !node.dataset.quiet && view.card.show(node);
  node.onblur = () => view.card.hide();
  node.onkeydown = (event) => {
    if (event.key !== "Escape" || view.card.over() !== node) return;
    event.preventDefault();
    view.card.hide();
  };
  node.onclick = () => {
    view.card.hide();
    const { opens } = view.data.cards[run.card];
    if (opens) openSource({ ...opens, exchange: view.data.id }, node);
    else view.card.show(node);
  };
  return node;
}

function dress(view, node, run) {
  const told = view.data.cards[run.card];
  const name = [run.kind, run.style, told.tone].filter(Boolean).join(" ");
  const changed = node.className !== name;
  node.className = name;
  node.setAttribute("aria-label", told.label);
  // The verdict has come while the card is open.
  if (changed && view.card.over() === node) view.card.show(node);
}

function markCurrent(view) {
  for (const node of view.body.querySelectorAll("[data-card]")) {
    const opens = view.data.cards[node.dataset.card]?.opens;
    if (opens && targetKey({ ...opens, exchange: view.data.id }) === view.shown) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
  }
}

// What stands in the card of a chip or a mark, which is described by it from then on.
function cardOf(view, node) {
  const told = view.data.cards[node.dataset.card];
  if (!told) return [];
  view.described?.removeAttribute("aria-describedby");
  view.described = node;
  // Ids count within a component, and each has one card.
  node.setAttribute("aria-describedby", "card");
  const parts = [];
  if (told.said) parts.push(el("p", `said ${told.tone}`, told.said));
  if (told.reason) parts.push(el("p", "reason", told.reason));
  if (told.meaning) parts.push(el("p", "meaning", told.meaning));
  if (told.better) parts.push(el("p", "better", told.better));
  if (told.quote.length) parts.push(quotation("p", "words", told.quote));
  if (told.title) parts.push(el("p", "title", told.title));
  if (told.byline) parts.push(el("p", "byline", told.byline));
  return parts;
}
