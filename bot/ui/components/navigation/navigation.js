// What the way between the pages lacks: the browser's Back goes back (visits.js), and the links of the side column are told rightly.

export default function ({ parentElement }) {
  return mount(parentElement, build, () => {}, end);
}

function build() {
  // Streamlit may build the links anew, which then lack what `mendLinks` has given them.
  const view = { root: el("div"), builds: new MutationObserver(mendLinks) };
  view.builds.observe(document.body, { childList: true, subtree: true });
  watchVisits(view);
  mendLinks();
  return view;
}

function end(view) {
  view.builds.disconnect();
  unwatchVisits(view);
}

// Streamlit puts the links that stand under a heading, and the heading, into a box inside the list, where only items may be. A
// screen reader does better with the links alone.
function mendLinks() {
  for (const list of document.querySelectorAll("[data-testid=stSidebarNavItems]:has(> :not(li)):not([role])")) {
    for (const node of [list, ...list.querySelectorAll("li")]) node.setAttribute("role", "none");
  }
}
