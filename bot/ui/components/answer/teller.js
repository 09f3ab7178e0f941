// A word about what was just done, for a moment.
function teller() {
  /** @type {any} */
  const root = el("p", "told");
  let timer = 0;
  root.setAttribute("role", "status");
  root.hidden = true;
  root.tell = (text) => {
    clearTimeout(timer);
    root.hidden = false;
    root.textContent = "";
    // What is there before its text comes is read out.
    requestAnimationFrame(() => (root.textContent = text));
    timer = setTimeout(() => (root.hidden = true), 2500);
  };
  return root;
}
