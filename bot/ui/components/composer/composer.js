// The question's field is Streamlit's own. What it lacks is here: it has the focus when the page is there and when an answer has come,
// keeps an unsent question over a reload and a change of page, and what is asked scrolls to the top, with its answer below it.

const UNSENT = "footnote-unsent";
// A field that takes the focus by itself calls up the keyboard of a phone, which hides half of the page.
const TOUCH = window.matchMedia("(hover: none) and (pointer: coarse)");

/** @param {Component<ComposerData>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const update = (view) => {
    view.send = setTriggerValue;
    draw(view, data);
  };
  return mount(parentElement, build, update, end);
}

function build() {
  const view = { root: el("div"), conversation: "", turn: "", running: false, refusals: 0, held: "", field: null };
  view.onInput = (event) => event.target === field() && keep();
  view.onKey = (event) => typed(view, event);
  // What a hand does and no script: `scroll` events come from the aligning itself, too.
  view.onScroll = () => release(view);
  document.addEventListener("input", view.onInput, true);
  // In the capturing phase, before Streamlit's field acts on the key that sends the question.
  document.addEventListener("keydown", view.onKey, true);
  for (const kind of ["wheel", "touchmove", "pointerdown"]) document.addEventListener(kind, view.onScroll, { capture: true, passive: true });
  // Streamlit builds the field a moment later, or anew; and what stands above a question may grow or shrink.
  view.builds = new MutationObserver(() => adopt(view));
  view.builds.observe(document.body, { childList: true, subtree: true });
  view.sizes = new ResizeObserver(() => align(view));
  watchOthers(view);
  return view;
}

function end(view) {
  document.removeEventListener("input", view.onInput, true);
  document.removeEventListener("keydown", view.onKey, true);
  for (const kind of ["wheel", "touchmove", "pointerdown"]) document.removeEventListener(kind, view.onScroll, { capture: true });
  document.removeEventListener("visibilitychange", view.onSeen);
  view.others.close();
  view.builds.disconnect();
  view.sizes.disconnect();
}

// The windows of one browser tell each other what is asked. A window that comes into sight looks for itself: another browser, or
// another person, may have continued the conversation.
function watchOthers(view) {
  view.others = new BroadcastChannel("footnote");
  view.others.onmessage = ({ data }) => data.conversation === view.conversation && data.turn !== view.turn && look(view);
  view.onSeen = () => document.visibilityState === "visible" && look(view);
  document.addEventListener("visibilitychange", view.onSeen);
}

function look(view) {
  if (view.conversation) view.send("look", Date.now());
}

/**
 * @param {any} view
 * @param {ComposerData} data
 */
function draw(view, data) {
  if (data.turn !== view.turn) {
    // What was typed has been sent by now, or is still there.
    if (view.turn) keep();
    hold(view, data.turn);
    // Only a question that was asked here: an opened conversation is no news to other windows.
    if (data.running) view.others.postMessage({ conversation: data.conversation, turn: data.turn });
  }
  if (view.running && !data.running) focusField();
  const refused = data.waits && data.refusals !== view.refusals;
  Object.assign(view, data);
  adopt(view);
  if (refused) giveBack(data.waits);
}

// A question that was not asked at once stands in the field again.
function giveBack(words) {
  const now = field();
  // Never over what the reader has begun to type since.
  if (!now || now.value) return;
  write(now, words);
  now.focus({ preventScroll: true });
}

/** @returns {HTMLTextAreaElement | null} */
function field() {
  return document.querySelector("textarea[data-testid=stChatInputTextArea]");
}

// A field that is new on the page gets the question that was not sent, and the focus.
function adopt(view) {
  align(view);
  const now = field();
  if (!now || now === view.field) return;
  view.field = now;
  const unsent = kept();
  if (unsent && !now.value) write(now, unsent);
  focusField();
}

// Not away from where the reader is at work, or from an open source.
function focusField() {
  const at = document.activeElement;
  const free = !at || at === document.body || !at.isConnected || at.closest("header, [data-testid=stSidebarNav]");
  if (free && !TOUCH.matches && !document.documentElement.dataset.footnoteShown) field()?.focus({ preventScroll: true });
}

// React hears of a new value only if it comes as the browser's own input does.
function write(node, text) {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set?.call(node, text);
  node.dispatchEvent(new Event("input", { bubbles: true }));
}

// Of this tab alone: two tabs are two trains of thought.
function kept() {
  try {
    return sessionStorage.getItem(UNSENT) ?? "";
  } catch {
    return "";
  }
}

function keep() {
  const now = field();
  if (!now) return;
  try {
    sessionStorage.setItem(UNSENT, now.value);
  } catch {
    // A browser may be told to keep nothing.
  }
}

function typed(view, event) {
  const inField = event.target === field();
  if (!inField) return release(view);
  // A moment later, when Streamlit has emptied the field.
  if (event.key === "Enter") setTimeout(keep);
  // Out of an empty field, where letters are no keys of the page. An open source is closed first.
  if (event.key === "Escape" && !event.target.value && !document.documentElement.dataset.footnoteShown) event.target.blur();
}

// Keeps a question at the top while its answer comes and the page around it settles, until the reader moves.
function hold(view, turn) {
  view.held = turn;
  view.sizes.disconnect();
  const page = document.querySelector("[data-testid=stMainBlockContainer]");
  if (turn && page) view.sizes.observe(page);
}

function release(view) {
  view.held = "";
}

function align(view) {
  if (view.held) document.querySelector(`.st-key-footnote-turn-${view.held}`)?.scrollIntoView({ block: "start" });
}
