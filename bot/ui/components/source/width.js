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
    // Only the main button of the pointer.
    if (event.button) return;
    event.preventDefault();
    edge.setPointerCapture(event.pointerId);
    edge.focus({ preventScroll: true });
  };
  // The panel ends at the window's right edge, so its width is what lies to the right of the pointer.
  edge.onpointermove = (event) => edge.hasPointerCapture(event.pointerId) && widen(view, window.innerWidth - event.clientX);
  edge.onpointerup = () => rememberWidth(view);
  edge.ondblclick = () => forgetWidth();
  edge.onkeydown = (event) => widthKey(view, event);
  view.root.append(edge);
  view.widths = new ResizeObserver(() => tellWidth(view));
  view.widths.observe(view.root);
  const known = Number(stored(REMEMBERED));
  if (known) setWidth(known);
}

function widthKey(view, event) {
  const { width } = view.root.getBoundingClientRect();
  const to = { ArrowLeft: width + STRIDE, ArrowRight: width - STRIDE, Home: 0, End: window.innerWidth }[event.key];
  if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  widen(view, to);
  rememberWidth(view);
}

// The style sheet has the last word: what counts from now on is the width that it made of the one that is wanted.
function widen(view, width) {
  setWidth(Math.max(1, width));
  setWidth(view.root.getBoundingClientRect().width);
}

function setWidth(width) {
  document.documentElement.style.setProperty("--footnote-panel-wanted", `${Math.round(width)}px`);
  document.documentElement.dataset.footnoteWidth = "wanted";
}

function rememberWidth(view) {
  store(REMEMBERED, String(Math.round(view.root.getBoundingClientRect().width)));
}

function forgetWidth() {
  store(REMEMBERED, "");
  document.documentElement.style.removeProperty("--footnote-panel-wanted");
  delete document.documentElement.dataset.footnoteWidth;
}

// In hundredths of the window, which is how a screen reader tells of a separator.
function tellWidth(view) {
  const share = Math.round((100 * view.root.getBoundingClientRect().width) / window.innerWidth);
  view.edge.setAttribute("aria-valuenow", String(share));
}
