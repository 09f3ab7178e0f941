// A saved web page. The frame is a sandbox of its own origin without scripts, forms or links that lead out of it; what it may fetch is
// said at the head of the page that comes from Python.

/** @param {Component<OriginalData>} component */
export default function ({ data, parentElement }) {
  return mount(parentElement, buildOriginal, (view) => {
    if (view.html === data.html) return;
    view.html = data.html;
    view.root.title = data.title;
    view.root.srcdoc = data.html;
  });
}

function buildOriginal() {
  const root = el("iframe", "original");
  root.setAttribute("sandbox", "");
  root.setAttribute("referrerpolicy", "no-referrer");
  return { root, html: null };
}
