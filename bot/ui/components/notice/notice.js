// A problem, told on a page of its own, or (without a title) beside a field.

export default function ({ data, parentElement }) {
  return mount(parentElement, build, ({ root }) => {
    root.classList.toggle("fault", !data.title);
    root.replaceChildren(...(data.title ? [el("h2", "", data.title)] : []), sentence(data.message), sentence(data.help));
  });
}

function build() {
  const root = el("section", "notice");
  root.setAttribute("role", "alert");
  return { root };
}
