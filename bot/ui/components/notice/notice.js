// A problem, told on a page of its own.

export default function ({ data, parentElement }) {
  let root = parentElement.querySelector(".notice");
  if (!root) {
    root = el("section", "notice");
    root.setAttribute("role", "alert");
    parentElement.append(root);
  }
  root.replaceChildren(el("h2", "", data.title), sentence(data.message), sentence(data.help));
  return () => root.remove();
}
