// A sentence of the draft, rewritten where it stands and checked alone.

function buildEdit(view) {
  const node = button("quiet", WORDS.edit_sentence);
  node.setAttribute("aria-keyshortcuts", "e");
  node.onclick = () => beginEdit(view);
  return node;
}

// Offered for the sentence that the reader has gone to, once nothing is being checked any more.
function drawEdit(view) {
  const running = view.root.classList.contains("running");
  view.edit.disabled = running || !view.walked || Boolean(view.editor);
  view.edit.title = running || view.walked ? WORDS.rewrite_the_sentence_and_check : WORDS.choose_a_sentence_first;
}

function beginEdit(view) {
  if (view.edit.disabled) return;
  const node = view.nodes[view.current];
  view.card.hide();
  view.editor = { at: view.current, node, box: editorOf(view, node.textContent) };
  node.hidden = true;
  // In the place of the sentence, which is hidden and not taken out: its number counts.
  node.after(view.editor.box);
  const field = view.editor.box.firstChild;
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  drawEdit(view);
}

function editorOf(view, text) {
  const box = el("span", "editor");
  const field = el("textarea");
  field.value = text;
  field.rows = 2;
  field.setAttribute("aria-label", fill(WORDS.to_be_rewritten, { n: view.current + 1 }));
  field.oninput = () => fit(field);
  field.onkeydown = (event) => editorKey(view, event);
  const check = button("quiet check", WORDS.check_sentence);
  check.onclick = () => sendEdit(view);
  const cancel = button("quiet", WORDS.cancel);
  cancel.onclick = () => endEdit(view);
  const row = el("span", "row");
  row.append(check, cancel, el("span", "hint", WORDS.enter_checks_shift_and_enter));
  box.append(field, row);
  requestAnimationFrame(() => fit(field));
  return box;
}

// As high as its text.
function fit(field) {
  // First, as `scrollHeight` never falls below the height that is set.
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

// A key that ends a word of Chinese or Japanese which is being composed ends nothing else.
function editorKey(view, event) {
  event.stopPropagation();
  if (event.isComposing || (event.key === "Enter" && event.shiftKey) || !["Enter", "Escape"].includes(event.key)) return;
  event.preventDefault();
  if (event.key === "Enter") sendEdit(view);
  else endEdit(view);
}

// The field stays until the text comes back with the new words: if they are refused, they are not lost.
function sendEdit(view) {
  const { at, box } = view.editor;
  view.send("edit", { key: view.id, at, text: box.firstChild.value });
}

function endEdit(view) {
  const { node, box } = view.editor;
  view.editor = null;
  box.remove();
  node.hidden = false;
  drawEdit(view);
  focusQuietly(node);
}
