// A field in the place of words that the reader wants otherwise.

const SETTLING = [150, 300, 450, 600]; // ms after which the page may have scrolled to its end, of its own accord

// What stands in the fields that are open, by turn and field, and whether one has the focus: Streamlit may build a turn anew while
// its reader types, and the new field goes on where the old one was taken away. The scripts of all turns share it.
/** @type {Map<string, { text: string, focused: boolean }>} */
const editing = (/** @type {any} */ (window).footnoteEditing ??= new Map());

// `stands` is what the field stands in for, `opener` what opened it, `turn` the id of its turn; `words()` gives what it begins
// with. What the reader makes of them is sent, unless it is nothing new.
function editor({ id, turn, label, go, stands, opener, words, send }) {
  const key = `${turn}/${id}`;
  const root = el("form", "editor");
  const named = el("label", "", label);
  const field = el("textarea");
  const submit = button("go", go);
  const cancel = button("cancel", WORDS.cancel);
  const close = () => {
    editing.delete(key);
    root.hidden = true;
    stands.hidden = false;
    opener.focus({ preventScroll: true });
  };
  const sent = (event) => {
    event.preventDefault();
    const now = field.value.trim();
    if (!now) return;
    close();
    if (now !== words().trim()) send(now);
  };
  named.htmlFor = field.id = id;
  field.rows = 1;
  const keep = () => root.hidden || editing.set(key, { text: field.value, focused: field.matches(":focus") });
  for (const change of ["input", "focus", "blur"]) field.addEventListener(change, keep);
  field.onkeydown = (event) => typed(event, close, sent);
  submit.type = "submit";
  cancel.onclick = close;
  root.append(named, field, submit, cancel);
  root.hidden = true;
  root.onsubmit = sent;
  opener.onclick = () => openEditor({ root, field, stands, text: words() });
  const kept = editing.get(key);
  // Once the turn is in its page, where alone a field can have the focus.
  if (kept) requestAnimationFrame(() => openEditor({ root, field, stands, ...kept }));
  return root;
}

function openEditor({ root, field, stands, text, focused = undefined }) {
  field.value = text;
  stands.hidden = true;
  root.hidden = false;
  if (focused === false) return;
  field.focus({ preventScroll: true });
  // What the reader has typed already is continued, and what was searched is replaced by the first key.
  if (focused) field.setSelectionRange(text.length, text.length);
  else field.select();
  // A taller turn moves the end of the page, which then follows it, and would leave the field out of sight.
  for (const ms of SETTLING) setTimeout(() => root.scrollIntoView({ block: "nearest" }), ms);
}

// No key reaches the page: its shortcuts don't see that a field inside a component has the focus.
function typed(event, close, sent) {
  event.stopPropagation();
  if (composing(event)) return;
  if (event.key === "Escape") close();
  if (event.key === "Enter" && !event.shiftKey) sent(event);
}

// Enter and Escape also end the choice of a Chinese or Japanese word, which must neither send nor leave.
function composing(event) {
  return event.isComposing || event.keyCode === 229;
}
