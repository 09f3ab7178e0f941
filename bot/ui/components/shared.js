// Put before every component's script. Whatever comes from articles, models or readers goes in as text, never as markup.

function el(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function button(className, text) {
  const node = el("button", className, text);
  node.type = "button";
  return node;
}

// A sentence of our own, in pieces of text and code.
function sentence(pieces) {
  const node = el("p");
  node.append(...pieces.map((piece) => (piece.code ? el("code", "", piece.text) : document.createTextNode(piece.text))));
  return node;
}

// The source panel listens for this; `opener` is where the focus goes when the panel is closed.
function openSource(target, opener) {
  document.dispatchEvent(new CustomEvent("footnote:open", { detail: { target, opener } }));
}

function targetKey(target) {
  return [target.kind, target.exchange ?? "", target.n ?? 0, target.article ?? ""].join("/");
}

// Calls `mark(key)` with whatever the source panel shows from now on ("" when it is closed); returns the way to end that.
function followSource(mark) {
  const listen = (event) => mark(event.detail.key);
  document.addEventListener("footnote:shown", listen);
  mark(document.documentElement.dataset.footnoteShown ?? "");
  return () => document.removeEventListener("footnote:shown", listen);
}
