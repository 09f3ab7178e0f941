// What people said of answers; each row's question is a plain link to what it is about.

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** @param {Component<{ rows: Opinion[], label: string }>} component */
export default function ({ data, parentElement }) {
  return mount(parentElement, () => ({ root: el("ul", "opinions") }), ({ root }) => {
    root.setAttribute("aria-label", data.label);
    root.replaceChildren(...data.rows.map(row));
  });
}

/** @param {Opinion} data */
function row({ href, question, conversation, person, machine, source, quote, note, who, at }) {
  const node = el("li");
  const link = prose("a", "question", question);
  link.href = href;
  const verdicts = el("p", "verdicts");
  verdicts.append(said(person, "person"));
  if (machine) verdicts.append(said(machine, "machine"));
  node.append(verdicts, link);
  if (conversation) node.append(el("p", "soft", fill(WORDS.in_conversation, { conversation })));
  if (quote) node.append(el("blockquote", "", quote));
  if (source) node.append(el("p", "soft", source));
  if (note) node.append(noted(note));
  node.append(el("p", "soft", [who, WHEN.format(new Date(at))].filter(Boolean).join(" · ")));
  return node;
}

function noted(text) {
  const node = el("p", "note", text);
  node.prepend(el("span", "by", WORDS.note));
  return node;
}

function said({ text, tone }, who) {
  const node = el("span", `${who} ${tone}`, text);
  node.prepend(el("span", "by", who === "person" ? WORDS.person : WORDS.machine));
  return node;
}
