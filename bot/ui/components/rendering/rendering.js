// What a model would be sent. Passages and questions stand in it, so all of it is text.

export default function ({ data, parentElement }) {
  return mount(parentElement, build, (view) => {
    const content = JSON.stringify(data);
    if (content === view.drawn) return;
    view.drawn = content;
    setText(view.sum, data.sum);
    view.messages.replaceChildren(...data.messages.flatMap(({ role, text }) => [el("h3", "role", role), prose("div", "message", text)]));
  });
}

function build() {
  const view = { root: el("section", "rendering"), sum: el("p", "sum"), messages: el("div", "messages"), drawn: "" };
  view.root.setAttribute("aria-label", "What a model would be sent");
  view.sum.setAttribute("role", "status");
  // It is scrolled, so the keyboard has to reach it.
  view.messages.tabIndex = 0;
  view.messages.setAttribute("role", "region");
  view.messages.setAttribute("aria-label", "The messages");
  view.root.append(view.sum, view.messages);
  return view;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
