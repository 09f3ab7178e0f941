// The panel's left edge. Dragged with the pointer, or moved with the arrow keys, it gives the panel another width, which this browser
// remembers for all pages. How wide the panel may be at all, and what becomes of the page beside it, is the style sheet's (page.css).

const REMEMBERED = "footnote-panel-width";
const STRIDE = 32; // pixels that an arrow key moves the edge

function buildWidth(view) {
  const edge = (view.edge = el("div", "edge"));
  edge.tabIndex = 0;
  edge.title = WORDS.drag_for_another_width;
  for (const [name, value] of [["role", "separator"], ["aria-orientation", "vertical"], ["aria-label", WORDS.width_of_the_source]]) {
    edge.setAttribute(name, value);
  }
  edge.onpointerdown = (event) => {
    if (event.button) return;
    event.preventDefault();
    edge.setPointerCapture(event.pointerId);
    edge.focus({ preventScroll: true });
  };
  edge.onpointermove = (event) => edge.hasPointerCapture(event.pointerId) && widen(view, window.innerWidth - event.clientX);
  edge.onpointerup = () => rememberWidth(view);
  edge.ondblclick = () => forgetWidth();
  edge.onkeydown = (event) => widthKey(view, event);
  view.root.append(edge);
  view.widths = new ResizeObserver(() => tellWidth(view));
  view.widths.observe(view.root);
  const known = Number(stored(REMEMBERED));
  if (known) wish(known);
}

function widthKey(view, event) {
  const { width } = view.root.getBoundingClientRect();
  const to = { ArrowLeft: width + STRIDE, ArrowRight: width - STRIDE, Home: 0, End: window.innerWidth }[event.key];
  if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  widen(view, to);
  rememberWidth(view);
}

// The style sheet has the last word: what counts from now on is the width that it made of the wish.
function widen(view, width) {
  wish(Math.max(1, width));
  wish(view.root.getBoundingClientRect().width);
}

function wish(width) {
  document.documentElement.style.setProperty("--footnote-panel-wish", `${Math.round(width)}px`);
  document.documentElement.dataset.footnoteWidth = "wished";
}

function rememberWidth(view) {
  store(REMEMBERED, String(Math.round(view.root.getBoundingClientRect().width)));
}

function forgetWidth() {
  store(REMEMBERED, "");
  document.documentElement.style.removeProperty("--footnote-panel-wish");
  delete document.documentElement.dataset.footnoteWidth;
}

// In hundredths of the window, which is how a screen reader tells of a separator.
function tellWidth(view) {
  const share = Math.round((100 * view.root.getBoundingClientRect().width) / window.innerWidth);
  view.edge.setAttribute("aria-valuenow", String(share));
}

// A browser may be told to keep nothing: then the page does without.
function stored(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function store(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It counts until the page is left.
  }
}
