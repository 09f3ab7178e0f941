// Put before every component's script. Whatever comes from articles, models or readers goes in as text, never as markup.

// What holds a text of its own is set in the direction of that text: an Arabic paragraph from right to left, also on an English page.
const TEXTS = new Set(["p", "h2", "h3", "h4", "h5", "li", "td", "th", "dd", "dt", "pre", "blockquote", "textarea"]);

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function el(tag, className, text) {
  const node = document.createElement(tag);
  if (TEXTS.has(tag)) node.dir = "auto";
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

// The same for a part of a line, or a box, that holds words of an article or a reader.
/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function prose(tag, className, text) {
  const node = el(tag, className, text);
  node.dir = "auto";
  return node;
}

// Author, date and the like on one line, each set apart (shared.css): beside an Arabic name, a date would be turned round.
/**
 * @template {HTMLElement} Line
 * @param {Line} node
 * @param {string[]} parts
 * @returns {Line}
 */
function byline(node, parts) {
  node.dir = "auto";
  node.replaceChildren(...parts.flatMap((part, at) => [...(at ? [" · "] : []), el("span", "apart", part)]));
  return node;
}

/**
 * @param {string} className
 * @param {string} [text]
 */
function button(className, text) {
  const node = el("button", className, text);
  // A button in a form would send it otherwise.
  node.type = "button";
  return node;
}

// The sign on a button: one path on a square of 16 units. Where it has no words beside it, the button has a label.
/** @param {string} shape */
function drawing(shape) {
  // SVG needs its namespace, so `el` can't make it.
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", shape);
  svg.append(path);
  return svg;
}

// Our own words with what stands in their gaps. Every script begins with the WORDS of its component, from words.toml.
/**
 * @param {string} words
 * @param {Record<string, any>} gaps
 */
function fill(words, gaps) {
  return words.replace(/\{(\w+)\}/g, (_, name) => String(gaps[name]));
}

// A sentence of our own, in pieces of text and code.
/** @param {TextPiece[]} pieces */
function sentence(pieces) {
  const node = el("p");
  node.append(...pieces.map((piece) => (piece.code ? el("code", "", piece.text) : document.createTextNode(piece.text))));
  return node;
}

// A quotation, with the words in it that differ from the claim set apart.
/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {QuotePiece[]} pieces
 */
function quotation(tag, className, pieces) {
  const node = prose(tag, className);
  node.append(...pieces.map(({ text, differs }) => (differs ? el("b", "differs", text) : document.createTextNode(text))));
  return node;
}

// The source panel listens for this; `opener` is where the focus goes when the panel is closed.
function openSource(target, opener) {
  document.dispatchEvent(new CustomEvent("footnote:open", { detail: { target, opener } }));
}

function targetKey(target) {
  return [target.kind, target.exchange ?? "", target.n ?? 0, target.article ?? ""].join("/");
}

/** @param {string} key */
function targetOf(key) {
  const [kind, exchange, n] = key.split("/");
  // An article's id may hold slashes, as it may be a path: all that stands behind the third one.
  return { kind, exchange, n: Number(n), article: key.slice([kind, exchange, n, ""].join("/").length) };
}

// A component's life: `build` makes its view, with a `root`, once; `draw` fills it, at every call of the component; `end` lets go
// of what reaches beyond the root. Streamlit also ends a call that newer data has overtaken, even after the newer one: so only
// the latest call's end is the end of the view.
const views = new WeakMap();

// On a busy machine, Streamlit may take a component out of the page and put it back at once, where the run of a part of the page
// meets that of the whole. The view of a component that has a `key` waits for that so long, with all that a reader has opened.
const WAITS = 500; // ms
const waiting = new Map();

/**
 * @param {any} parent
 * @param {(parent: any) => any} build
 * @param {(view: any) => void} draw
 * @param {(view: any) => void} [end]
 * @param {string} [key]
 */
function mount(parent, build, draw, end = () => {}, key = "") {
  // By the component's own element, which stays while Streamlit calls the script again.
  let view = views.get(parent);
  if (!view) {
    view = waiting.get(key) ?? build(parent);
    waiting.delete(key);
    views.set(parent, view);
    parent.append(view.root);
  }
  const call = (view.calls ?? 0) + 1;
  view.calls = call;
  draw(view);
  return () => {
    if (view.calls !== call) return;
    views.delete(parent);
    view.root.remove();
    if (!key) return end(view);
    waiting.set(key, view);
    setTimeout(() => {
      // Taken back meanwhile, by a component that ends it in its own time.
      if (waiting.get(key) !== view) return;
      waiting.delete(key);
      end(view);
    }, WAITS);
  };
}

// A list whose rows are marked while what they open stands open; `draw(data)` gives its parts, and is called for new data only.
function listOf(parent, tag, className, data, draw) {
  const update = (list) => {
    const content = JSON.stringify(data);
    if (content !== list.drawn) list.root.replaceChildren(...draw(data));
    list.drawn = content;
    list.mark();
  };
  return mount(parent, () => followed(tag, className, ".row"), update, (list) => list.unfollow());
}

// A view in which what opens the source that stands open is marked: those that fit the selector have its key as `data-key`.
function followed(tag, className, openers) {
  /** @type {any} */
  const view = { root: el(tag, className), shown: "", drawn: "" };
  view.mark = () => {
    for (const node of view.root.querySelectorAll(openers)) {
      if (node.dataset.key === view.shown) node.setAttribute("aria-current", "true");
      else node.removeAttribute("aria-current");
    }
  };
  view.unfollow = followSource((key) => {
    view.shown = key;
    view.mark();
  });
  return view;
}

// A row of such a list, which opens the source at `target`.
function listRow(target, ...parts) {
  const node = el("li");
  const opener = button("row");
  opener.append(...parts);
  opener.dataset.key = targetKey(target);
  opener.onclick = () => openSource(target, opener);
  node.append(opener);
  return node;
}

// Calls `mark(key)` with whatever the source panel shows from now on ("" when it is closed); returns the way to end that.
function followSource(mark) {
  const listen = (event) => mark(event.detail.key);
  document.addEventListener("footnote:shown", listen);
  mark(document.documentElement.dataset.footnoteShown ?? "");
  return () => document.removeEventListener("footnote:shown", listen);
}

const KEEP = 160; // ms in which the pointer may move from what it has left onto the card

// A card in the browser's top layer, where no column or scrolling box can cut it off, for what is pointed at or has the focus.
// `parts(node)` gives what stands in it, nothing for no card; `after` so many milliseconds it is shown for what is pointed at.
function hoverCard(parts, after = 120) {
  const root = el("div", "card");
  const state = { timer: 0, pointed: null, over: null };
  const later = (ms, act) => {
    clearTimeout(state.timer);
    state.timer = setTimeout(act, ms);
  };
  const hide = () => {
    clearTimeout(state.timer);
    state.over = null;
    if (root.matches(":popover-open")) root.hidePopover();
  };
  const show = (node) => {
    clearTimeout(state.timer);
    const content = node.isConnected ? parts(node) : [];
    if (!content.length) return hide();
    root.replaceChildren(...content);
    state.over = node;
    if (!root.matches(":popover-open")) root.showPopover();
    placeCard(root, node);
  };
  const point = (node) => {
    if (state.pointed === node) return;
    state.pointed = node;
    if (node) later(after, () => show(node));
    else later(KEEP, hide);
  };
  root.id = "card";
  // "auto" would close the card when a menu opens, and a menu when the card does.
  root.popover = "manual";
  root.setAttribute("role", "tooltip");
  // Its text can be selected and copied, so the pointer may rest on it.
  root.onmouseenter = () => clearTimeout(state.timer);
  root.onmouseleave = () => later(KEEP, hide);
  const follow = () => state.over && (state.over.matches(":focus") ? placeCard(root, state.over) : hide());
  window.addEventListener("scroll", follow, true);
  const end = () => {
    hide();
    window.removeEventListener("scroll", follow, true);
  };
  return { root, show, hide, point, end, over: () => state.over };
}

const GAP = 6; // pixels between a card and what it belongs to
const EDGE = 8; // pixels between a card and the window's edge

// Below the last line of what it belongs to, or above its first where there is more room; never over it nor over its claim, which
// ends before it. Where neither side has room for all of the card, it is as high as the larger one, and scrolls.
function placeCard(box, node) {
  box.style.maxHeight = "";
  // A sentence that wraps has a rectangle for each line.
  const lines = node.getClientRects();
  if (!lines.length) return;
  const { clientWidth, clientHeight } = document.documentElement;
  const top = Math.min(lines[0].top, claimTop(node));
  const bottom = lines[lines.length - 1].bottom;
  const above = top - GAP - EDGE;
  const below = clientHeight - bottom - GAP - EDGE;
  const under = box.offsetHeight <= below || below >= above;
  // 48 pixels, so that something can be read where there is room nowhere.
  box.style.maxHeight = `min(60vh, ${Math.max(48, under ? below : above)}px)`;
  const { offsetWidth: width, offsetHeight: height } = box;
  box.style.left = `${Math.max(EDGE, Math.min(lines[0].left, clientWidth - width - EDGE))}px`;
  box.style.top = `${under ? bottom + GAP : top - GAP - height}px`;
}

// Where the words begin that a chip or a mark stands behind: the top of the line of the sentence's first word.
function claimTop(node) {
  let top = node.getClientRects()[0].top;
  for (let one = node.previousSibling; one; one = one.previousSibling) {
    const range = document.createRange();
    const text = one.textContent ?? "";
    const end = one.nodeType === Node.TEXT_NODE ? text.search(/[.!?。！？][\s"”’)]*[^.!?。！？]*$/) : -1;
    if (one.nodeType === Node.TEXT_NODE && end >= 0 && text.slice(end + 1).trim()) range.setStart(one, Math.min(end + 1, text.length));
    else range.setStartBefore(one);
    range.setEndAfter(one);
    const first = [...range.getClientRects()].find(({ height }) => height > 0);
    if (first) top = Math.min(top, first.top);
    if (end >= 0) break;
  }
  return top;
}

// The focus without the card that pointing there would show.
function focusQuietly(node) {
  node.dataset.quiet = "yes";
  node.focus({ preventScroll: true });
  delete node.dataset.quiet;
}

// What this browser remembers for all of its tabs. It may be told to keep nothing: then the page does without.
function stored(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function store(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It counts until the page is left.
  }
}

// Copies text; whether it did. Without a safe connection the browser has no clipboard of its own, only the old command.
async function copyText(text, near) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByCommand(text, near);
  }
}

function copyByCommand(text, near) {
  const field = el("textarea");
  const before = near.getRootNode().activeElement;
  field.value = text;
  // In the window, as the page would scroll to it, and hardly seen, as what is not displayed can't be selected.
  field.style.cssText = "position: fixed; top: 0; opacity: 0";
  near.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  before?.focus({ preventScroll: true });
  return copied;
}
