// A layer over a text area of the page: each line's number beside it, and its variables in colour. The field itself stays as it
// is: what is typed, undone or read aloud goes on in it, and the layer is neither pressed nor read.

// As `string.Template` reads them: "$$" is a dollar, `$name` and `${name}` are variables.
const VARIABLE = /\$\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g;
const RETRY = 100; // milliseconds

/** @param {Component<PromptLinesData>} component */
export default function ({ data, parentElement }) {
  return mount(parentElement, build, (view) => draw(view, data), end);
}

function build() {
  const view = { root: el("span"), field: null, layer: el("div", "footnote-lines"), known: new Set(), text: null, data: null, later: 0 };
  view.layer.setAttribute("aria-hidden", "true");
  view.redraw = () => redraw(view);
  view.follow = () => follow(view);
  // A line wraps elsewhere in a field of another width.
  view.sizes = new ResizeObserver(view.redraw);
  return view;
}

function draw(view, data) {
  view.known = new Set(data.known);
  view.text = null;
  view.data = data;
  attach(view);
  // Streamlit puts the text of another version into the field once all of the page is drawn.
  requestAnimationFrame(view.redraw);
}

// Streamlit loads what draws a text area when the first one is needed, so the field may come after this layer.
function attach(view) {
  clearTimeout(view.later);
  const field = document.querySelector(`.st-key-${CSS.escape(view.data.field)} textarea`);
  if (!field) {
    release(view);
    view.later = setTimeout(() => attach(view), RETRY);
    return;
  }
  if (field !== view.field) {
    release(view);
    view.field = field;
    field.classList.add("footnote-lined");
    field.parentElement.append(view.layer);
    field.addEventListener("input", view.redraw);
    field.addEventListener("scroll", view.follow);
    view.sizes.observe(field);
  }
  redraw(view);
}

function end(view) {
  clearTimeout(view.later);
  release(view);
  view.sizes.disconnect();
}

function release(view) {
  view.layer.remove();
  if (!view.field) return;
  view.sizes.unobserve(view.field);
  view.field.classList.remove("footnote-lined");
  view.field.removeEventListener("input", view.redraw);
  view.field.removeEventListener("scroll", view.follow);
  view.field = null;
}

function redraw(view) {
  if (!view.field) return;
  if (view.text !== view.field.value) {
    view.text = view.field.value;
    view.layer.replaceChildren(...view.text.split("\n").map((line) => lineOf(view, line)));
  }
  // Its width is the field's without the scroll bar, so that both break their lines alike.
  view.layer.style.width = `${view.field.clientWidth}px`;
  follow(view);
}

function follow(view) {
  view.layer.style.transform = `translateY(${-view.field.scrollTop}px)`;
}

function lineOf(view, text) {
  const line = el("div", "line");
  let at = 0;
  for (const found of text.matchAll(VARIABLE)) {
    const name = found[1] ?? found[2];
    // "$$".
    if (name === undefined) continue;
    line.append(text.slice(at, found.index), el("span", view.known.has(name) ? "variable" : "variable unknown", found[0]));
    at = found.index + found[0].length;
  }
  // An empty line keeps its height.
  line.append(text.slice(at) || (at ? "" : "\u200b"));
  return line;
}
