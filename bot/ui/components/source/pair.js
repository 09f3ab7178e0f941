// What speaks for a sentence of a draft beside what speaks against it: two cards above the text that they stand in.

function buildPair(view) {
  view.pair = el("section", "pair");
  view.pair.setAttribute("aria-label", WORDS.for_and_against);
  view.pair.hidden = true;
}

function drawPair(view, pair) {
  view.pair.hidden = !pair.length;
  view.pair.replaceChildren(...pair.map((one) => cardOfSide(view, one)));
}

function cardOfSide(view, one) {
  const node = button(`half ${one.side.toLowerCase()}`);
  node.setAttribute("aria-pressed", String(one.current));
  const words = one.quote.length ? one.quote : [{ text: WORDS.no_words_support_it, differs: false }];
  node.append(el("span", "side", one.side), quotation("span", "words", words));
  if (one.reason) node.append(prose("span", "why", one.reason));
  node.append(prose("span", "where-from", one.title));
  node.onclick = () => chooseSide(view, one, node);
  return node;
}

// In the same article it is a scroll away; another article is fetched.
function chooseSide(view, one, node) {
  if (!one.here) return open(view, { ...view.target, kind: one.kind }, view.opener);
  for (const half of view.pair.children) half.setAttribute("aria-pressed", String(half === node));
  centre(view, view.body.querySelector(`mark.${one.mark}`));
}

// The words of the card that was asked for, which need not be the first that are marked.
function chosenMark(view) {
  const chosen = view.data?.pair?.find((one) => one.current && one.here);
  return chosen ? view.body.querySelector(`mark.${chosen.mark}`) : null;
}
