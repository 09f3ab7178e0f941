// A field in the place of words that the reader wants otherwise.

const SETTLING = [150, 300, 450, 600]; // ms after which the page may have scrolled to its end, of its own accord

// `stands` is what the field stands in for, `opener` what opened it; `words()` gives what it begins with. What the reader makes
// of them is sent, unless it is nothing new.
function editor({ id, label, go, stands, opener, words, send }) {
  const root = el("form", "editor");
  const named = el("label", "", label);
  const field = el("textarea");
  const submit = button("go", go);
  const cancel = button("cancel", WORDS.cancel);
  const close = () => {
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
  field.onkeydown = (event) => typed(event, close, sent);
  submit.type = "submit";
  cancel.onclick = close;
  root.append(named, field, submit, cancel);
  root.hidden = true;
  root.onsubmit = sent;
  opener.onclick = () => openEditor({ root, field, stands, words });
  return root;
}

function openEditor({ root, field, stands, words }) {
  field.value = words();
  stands.hidden = true;
  root.hidden = false;
  field.focus({ preventScroll: true });
  field.select();
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

// Enter and Escape also end the choice of a Chinese or Japanese word, which is no wish to send or to leave.
function composing(event) {
  return event.isComposing || event.keyCode === 229;
}
