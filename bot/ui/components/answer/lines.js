// An answer's text: paragraphs of runs. Drawn again and again while it streams in, so only what is new is built.

// `pressed(run)` builds what can be pressed, `dress(node, run)` says how it stands now; without them nothing can be.
/**
 * @param {HTMLElement} body
 * @param {Paragraph[]} paragraphs
 * @param {boolean} running
 * @param {{ pressed?: (run: Inline) => HTMLElement, dress?: (node: HTMLElement, run: Inline) => void }} [making]
 */
function drawLines(body, paragraphs, running, { pressed, dress } = {}) {
  const waiting = running && !paragraphs.length;
  body.classList.toggle("waiting", waiting);
  body.setAttribute("aria-busy", String(running));
  if (waiting) {
    if (!body.querySelector(".bone")) body.replaceChildren(el("div", "bone"), el("div", "bone"), el("div", "bone short"));
    return;
  }
  body.querySelectorAll(".bone").forEach((bone) => bone.remove());
  paragraphs.forEach((paragraph, at) => drawParagraph(body, body.children[at], paragraph, { pressed, dress }));
  while (body.children.length > paragraphs.length) body.lastElementChild.remove();
}

function drawParagraph(body, node, paragraph, making) {
  if (!node) {
    node = el("p");
    body.append(node);
  }
  node.className = paragraph.kind;
  node.dataset.depth = paragraph.depth;
  paragraph.runs.forEach((run, at) => drawRun(node, node.childNodes[at], run, making));
  while (node.childNodes.length > paragraph.runs.length) node.lastChild.remove();
}

// A node that is already what the run asks for stays: what the reader points at must not vanish as more text comes in.
function drawRun(paragraph, node, run, { pressed, dress }) {
  const look = [run.kind, run.style, run.card, run.card && run.text].join("/");
  if (look === "text///") {
    if (node?.nodeType !== Node.TEXT_NODE) replaceOrAppend(paragraph, node, document.createTextNode(run.text));
    else if (node.nodeValue !== run.text) node.nodeValue = run.text;
    return;
  }
  if (node?.dataset?.look !== look) {
    const fresh = run.card ? pressed(run) : styled(run);
    fresh.dataset.look = look;
    replaceOrAppend(paragraph, node, fresh);
    node = fresh;
  }
  if (run.card) dress(node, run);
  else if (node.textContent !== run.text) node.textContent = run.text;
}

function styled(run) {
  const styles = run.style.split(" ");
  const tag = styles.includes("strong") ? "strong" : styles.includes("em") ? "em" : "span";
  return el(tag, `${run.kind} ${run.style}`);
}

function replaceOrAppend(parent, old, node) {
  if (old) old.replaceWith(node);
  else parent.append(node);
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !text;
}

// What is wrong and what to do about it.
function drawTrouble(box, problem) {
  const told = JSON.stringify(problem);
  if (box.dataset.told === told) return;
  box.dataset.told = told;
  box.replaceChildren(...(problem ? [sentence(problem.message), sentence(problem.help)] : []));
}
