// A saved web page. The frame is a sandbox of its own origin without scripts, forms or links that lead out of it; what it may fetch is
// said at the head of the page that comes from Python.

/** @param {Component<OriginalData>} component */
export default function ({ data, parentElement }) {
  return mount(parentElement, buildOriginal, (view) => {
    // Setting `srcdoc` loads the page anew, and scrolls it to its top.
    if (view.html === data.html) return;
    view.html = data.html;
    view.root.title = data.title;
    view.root.srcdoc = data.html;
  });
}

function buildOriginal() {
  const root = el("iframe", "original");
  // An empty list of permissions: no script, no form, an origin of its own.
  root.setAttribute("sandbox", "");
  root.setAttribute("referrerpolicy", "no-referrer");
  return { root, html: null };
}
