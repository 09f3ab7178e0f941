// The rail beside the text: where in the article the citations stand, and which part of it is in sight. It scrolls the text.

function buildRail(view) {
  view.rail = el("div", "rail");
  view.band = el("div", "band");
  view.ticks = el("div", "ticks");
  view.rail.append(view.band, view.ticks);
  // Everything on it can be reached by keys in the text itself.
  view.rail.setAttribute("aria-hidden", "true");
  view.body.addEventListener("scroll", () => drawBand(view), { passive: true });
  view.rail.onpointerdown = (event) => {
    event.preventDefault();
    // So that the drag goes on when the pointer leaves the rail, which is one rem wide.
    view.rail.setPointerCapture(event.pointerId);
    scrollTo(view, event.clientY);
  };
  view.rail.onpointermove = (event) => view.rail.hasPointerCapture(event.pointerId) && scrollTo(view, event.clientY);
  view.sizes = new ResizeObserver(() => drawRail(view));
  view.sizes.observe(view.body);
}

function drawRail(view) {
  const { scrollHeight, scrollTop } = view.body;
  const top = view.body.getBoundingClientRect().top - scrollTop;
  const marks = new Map();
  for (const node of view.body.querySelectorAll("mark")) {
    const current = node.matches(CURRENT);
    const of = node.dataset.at ?? (current ? "current" : "");
    // A citation that spans several blocks has several marks, and one tick.
    if (of && (!marks.has(of) || (current && !marks.get(of).current))) marks.set(of, { node, current });
  }
  const ticks = [...marks].map(([at, { node, current }]) => {
    const tick = el("div", current ? "tick current" : "tick");
    tick.dataset.decision = decisionOn(view, at);
    tick.style.top = `${(100 * (node.getBoundingClientRect().top - top)) / scrollHeight}%`;
    return tick;
  });
  view.ticks.replaceChildren(...ticks);
  drawBand(view);
}

function drawBand(view) {
  const { scrollTop, scrollHeight, clientHeight } = view.body;
  view.rail.classList.toggle("all", scrollHeight <= clientHeight);
  view.band.style.top = `${(100 * scrollTop) / scrollHeight}%`;
  view.band.style.height = `${(100 * clientHeight) / scrollHeight}%`;
}

function scrollTo(view, y) {
  const { top, height } = view.rail.getBoundingClientRect();
  view.body.scrollTop = ((y - top) / height) * view.body.scrollHeight - view.body.clientHeight / 2;
}
