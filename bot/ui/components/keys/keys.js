// Keys for the whole page. What they reach is found when they are pressed, so nothing has to be told of turns that come and go.

/** @type {[string[], string][]} */
const KEYS = [
  [["/"], WORDS.write_a_question],
  [["j", "n"], WORDS.next_footnote_of_the_answers],
  [["k", "p"], WORDS.previous_footnote_of_the_answers],
  [["Enter"], WORDS.open_its_source],
  [["n", "p"], WORDS.next_and_previous_in],
  [["Esc"], WORDS.close_the_source],
  [["?"], WORDS.show_this_list],
];
const FIELDS = "input, textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox], [role=combobox]";

export default function ({ parentElement }) {
  return mount(parentElement, build, () => {}, end);
}

function build() {
  const view = { root: el("div"), last: null, opener: null };
  view.dialog = helpCard(view);
  const opener = button("opener", WORDS.keys);
  opener.append(el("kbd", "", "?"));
  opener.setAttribute("aria-haspopup", "dialog");
  opener.onclick = () => help(view);
  view.root.append(opener, view.dialog);
  view.onKey = (event) => pressedKey(view, event);
  document.addEventListener("keydown", view.onKey);
  return view;
}

function end(view) {
  document.removeEventListener("keydown", view.onKey);
}

function helpCard(view) {
  const dialog = el("dialog", "help");
  const title = el("h2", "", WORDS.keys);
  const list = el("dl");
  for (const [names, does] of KEYS) {
    const term = el("dt");
    term.append(...names.map((name) => el("kbd", "", name)));
    list.append(term, el("dd", "", does));
  }
  const close = button("close", WORDS.close);
  close.onclick = () => dialog.close();
  title.id = "keys";
  dialog.setAttribute("aria-labelledby", "keys");
  // The page must not take the Escape that closes this for one that closes the source.
  dialog.onkeydown = (event) => event.stopPropagation();
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  dialog.onclose = () => view.opener?.isConnected && view.opener.focus({ preventScroll: true });
  dialog.append(title, list, close);
  return dialog;
}

function pressedKey(view, event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  // The first of the path is the node itself, in whatever component it stands.
  if (event.composedPath()[0].matches?.(FIELDS) || busy(view)) return;
  const act = actOf(view, event.key);
  if (act && act() !== false) event.preventDefault();
}

// Whether something lies over the page that has the keys to itself.
function busy(view) {
  return view.dialog.open || Boolean(document.querySelector("[role=dialog], dialog[open]"));
}

function actOf(view, key) {
  if (key === "/") return writeQuestion;
  if (key === "?") return () => help(view);
  if (key === "j") return () => walk(view, 1);
  if (key === "k") return () => walk(view, -1);
  // An open source walks its own footnotes with these.
  if (shownKey()) return undefined;
  return { n: () => walk(view, 1), p: () => walk(view, -1) }[key];
}

function shownKey() {
  return document.documentElement.dataset.footnoteShown ?? "";
}

function writeQuestion() {
  /** @type {HTMLTextAreaElement | null} */
  const field = document.querySelector("textarea[data-testid=stChatInputTextArea]");
  field?.focus();
  return Boolean(field);
}

function help(view) {
  view.opener = focusedNode();
  // The browser keeps the focus inside of a modal dialog, and gives Escape to it.
  view.dialog.showModal();
}

// What has the focus, inside whatever component it is.
function focusedNode() {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node;
}

// The footnotes of all answers in the order of the page, and what stands behind claims.
/** @returns {HTMLElement[]} */
function citations() {
  const answers = [...document.querySelectorAll("[data-footnote-answer]")];
  return answers.flatMap((host) => /** @type {HTMLElement[]} */ ([...(host.shadowRoot?.querySelectorAll("button[data-card]") ?? [])]));
}

function walk(view, step) {
  const all = citations();
  if (!all.length) return false;
  const node = all[nextOf(view, all, step)];
  view.last = node;
  node.scrollIntoView({ block: "nearest" });
  node.focus({ preventScroll: true });
  // Where a source is open, it becomes that of the footnote.
  if (shownKey()) node.click();
}

// From where the reader is: the footnote with the focus, the one that is open, the last one that was walked to. Else the first
// that is in sight.
function nextOf(view, all, step) {
  const from = [focusedNode(), all.find((node) => node.getAttribute("aria-current")), view.last].find((node) => all.includes(node));
  if (from) return (all.indexOf(from) + step + all.length) % all.length;
  const seen = all.findIndex((node) => node.getBoundingClientRect().top >= 0);
  return seen < 0 ? all.length - 1 : seen;
}
