// A saved web page. The frame is a sandbox of its own origin without scripts, forms or links that lead out of it, and the policy at
// its head lets it fetch nothing: no picture tells anybody that the page is read.

const POLICY =
  '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'; img-src data:; font-src data:">';

/** @param {Component<OriginalData>} component */
export default function ({ data, parentElement }) {
  return mount(parentElement, buildOriginal, (view) => {
    if (view.html === data.html) return;
    view.html = data.html;
    view.root.title = data.title;
    view.root.srcdoc = POLICY + data.html;
  });
}

function buildOriginal() {
  const root = el("iframe", "original");
  root.setAttribute("sandbox", "");
  root.setAttribute("referrerpolicy", "no-referrer");
  return { root, html: null };
}
