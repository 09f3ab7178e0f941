// The prompts with their versions. What is put in for a variable is not known here: its name stands set apart.

export default function ({ data, parentElement }) {
  return mount(parentElement, build, (view) => {
    const content = JSON.stringify(data);
    if (content === view.drawn) return;
    view.drawn = content;
    view.root.replaceChildren(...(data.prompts.length ? data.prompts.map(prompt) : [el("p", "none", "There are no prompts.")]));
  });
}

function build() {
  return { root: el("div", "prompts"), drawn: "" };
}

function prompt({ name, use, problem, versions }) {
  const node = el("section");
  node.setAttribute("aria-label", `Prompt ${name}`);
  node.append(el("h2", "", name));
  if (use) node.append(el("p", "use", use));
  if (problem.length) node.append(fault(problem));
  node.append(...versions.map(version));
  if (!versions.length) node.append(el("p", "none", "It has no version yet."));
  return node;
}

function version({ name, current, description, variables, messages, problem }) {
  const node = el("details", current ? "version current" : "version");
  node.open = current || Boolean(problem.length);
  const head = el("summary");
  head.append(el("span", "name", name));
  if (current) head.append(el("span", "sign good", "in force"));
  if (problem.length) head.append(el("span", "sign bad", "cannot be used"));
  if (description) head.append(el("span", "description", description));
  node.append(head);
  if (problem.length) node.append(fault(problem));
  if (variables.length) node.append(takes(variables));
  node.append(...messages.flatMap(message));
  return node;
}

function takes(variables) {
  const node = el("p", "takes", "Variables: ");
  node.append(...variables.map((name) => el("code", "variable", `$${name}`)));
  return node;
}

function message({ role, runs }) {
  const text = prose("div", "message");
  text.append(...runs.map(({ text, variable }) => (variable ? el("code", "variable", `$${text}`) : document.createTextNode(text))));
  return [el("h3", "role", role), text];
}

function fault(problem) {
  const node = el("div", "problem");
  node.append(...problem.map(sentence));
  return node;
}
