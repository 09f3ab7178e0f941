// The list of conversations, or of drafts; `data.wording` names them. What the reader does is numbered and told until the server says that it is done: so nothing is lost
// where two clicks come so close that they travel together.

// As in `__init__.py`.
const STEP = 30;
const PAUSE = 250; // ms without a key before the words are looked for
const UNDO = 10000; // ms for which a deleted conversation can be restored here
const MONTH = new Intl.DateTimeFormat("en", { month: "long", year: "numeric" });
// The time of day in the reader's own form; dates in the page's language, English.
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });

// What was deleted and can still be restored, by the name of its list. It outlives the list, which Streamlit may build anew at
// any moment, as it does where the page changes with the deletion.
const undoable = new Map();

/** @param {Component<ListData>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const draw = (view) => {
    view.send = setTriggerValue;
    receive(view, data);
  };
  return mount(parentElement, build, draw, end);
}

function end(view) {
  clearTimeout(view.typing);
  for (const line of view.undo.children) clearTimeout(line.timer);
  window.removeEventListener("scroll", view.follow, true);
  view.card.end();
}

function build() {
  const view = { root: el("section", "conversations"), acts: [], serial: 0, limit: STEP, shown: "", data: null, rename: null, back: "" };
  view.fresh = button("fresh");
  view.fresh.onclick = () => {
    tell(view, "new");
    makeWay();
  };
  view.list = el("div", "groups");
  view.status = el("p", "unseen");
  view.status.setAttribute("role", "status");
  view.undo = el("div", "undo");
  view.undo.setAttribute("role", "status");
  view.card = hoverCard(whole, 350);
  followTitles(view);
  view.root.append(view.fresh, searchField(view), view.status, view.list, view.undo, menuOf(view), view.card.root);
  // Keys that are meant for this list are not the page's shortcuts.
  view.root.addEventListener("keydown", (/** @type {any} */ event) => {
    if (event.target.matches("input, .menu *") || (event.key === "Escape" && menuOpen(view))) event.stopPropagation();
  });
  // A menu in the top layer does not scroll with its row, so it closes.
  view.follow = () => menuOpen(view) && view.menu.top !== top(view.menu.opener) && closeMenu(view, false);
  window.addEventListener("scroll", view.follow, true);
  return view;
}

// The whole title beside the row that cuts it short.
/** @param {any} view */
function followTitles({ list, card }) {
  const opener = (event) => event.target.closest?.(".open") ?? null;
  list.onpointerover = (event) => card.point(opener(event));
  list.onpointerleave = () => card.point(null);
  list.addEventListener("focusin", (event) => opener(event)?.matches(":focus-visible") && card.show(opener(event)));
  list.addEventListener("focusout", () => card.hide());
}

function whole(node) {
  const title = node.querySelector(".title");
  return title.scrollWidth > title.clientWidth ? [el("p", "", title.textContent)] : [];
}

function searchField(view) {
  view.field = el("input", "find");
  view.field.type = "search";
  view.field.autocomplete = "off";
  view.field.maxLength = 500;
  // Half of a Chinese or Japanese word is not looked for.
  view.field.oninput = (event) => event.isComposing || later(view);
  view.field.addEventListener("compositionend", () => later(view));
  view.field.onkeydown = (event) => {
    if (event.key === "Enter" && !event.isComposing) look(view);
  };
  return view.field;
}

function later(view) {
  clearTimeout(view.typing);
  view.typing = setTimeout(() => look(view), PAUSE);
}

function look(view) {
  clearTimeout(view.typing);
  if (view.data && view.field.value === view.data.words) return busy(view);
  view.limit = STEP;
  say(view);
}

// Act `kind` on a conversation, told together with whatever was not yet done.
function tell(view, kind, id = "", text = "") {
  // The time first: a list that was built anew must not begin again below the numbers that are done.
  view.serial = Math.max(view.serial + 1, Date.now());
  view.acts.push({ serial: view.serial, kind, id, text });
  say(view);
}

function say(view) {
  clearTimeout(view.typing);
  view.send("told", { words: view.field.value, limit: view.limit, acts: view.acts });
  busy(view);
}

function busy(view) {
  view.list.classList.toggle("waiting", Boolean(view.data) && view.field.value !== view.data.words);
}

/**
 * @param {any} view
 * @param {ListData} data
 */
function receive(view, data) {
  if (!view.data) {
    name(view, data.wording);
    view.field.value = data.words;
    view.limit = Math.max(STEP, data.limit);
    for (const [row, until] of offersOf(data.wording)) if (until > Date.now()) view.undo.append(undoLine(view, row, data.wording));
  }
  view.acts = view.acts.filter((act) => act.serial > data.done);
  view.data = data;
  // Without a history there is nothing to begin, or to search.
  view.fresh.hidden = view.field.hidden = !data.limit;
  busy(view);
  draw(view);
}

function name(view, { many, fresh }) {
  view.root.setAttribute("aria-label", `${many[0].toUpperCase()}${many.slice(1)}`);
  view.fresh.textContent = fresh;
  view.field.placeholder = fill(WORDS.search_in, { many });
  view.field.setAttribute("aria-label", view.field.placeholder);
}

// New data only, as a drawing takes the focus off the row that has it; what stands in a group depends on the day, too.
function draw(view) {
  const gone = new Set(view.acts.filter((act) => act.kind === "delete").map((act) => act.id));
  const rows = view.data.rows.filter((row) => !gone.has(row.id));
  const content = JSON.stringify([rows, view.data, view.rename?.id, new Date().toDateString()]);
  if (content === view.shown) return;
  const searched = view.shown && view.data.words !== view.words;
  view.shown = content;
  view.words = view.data.words;
  const focus = focused(view);
  view.redrawing = true;
  view.list.replaceChildren(...(view.data.problem ? [problem(view)] : []), ...parts(view, rows));
  view.redrawing = false;
  restore(view, focus);
  if (view.back && part(view, view.back, ".open")) {
    part(view, view.back, ".open").focus();
    view.back = "";
  }
  if (searched) view.status.textContent = counted(rows.length, view.data);
}

function counted(count, { words, more, wording }) {
  if (!words) return fill(WORDS.all_listed, { many: wording.many });
  return fill(count ? (more ? WORDS.more_found : WORDS.found) : WORDS.none_found, { count, one: wording.one });
}

function parts(view, rows) {
  const { words, more, problem, wording } = view.data;
  if (!rows.length && problem) return [];
  if (!rows.length) return [el("p", "none", words ? fill(WORDS.none_holds, { one: wording.one, words }) : wording.none)];
  return [...[...grouped(rows)].flatMap(([name, held]) => group(view, name, held)), ...(more ? [moreOf(view)] : [])];
}

function grouped(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(groupOf(row), [...(groups.get(groupOf(row)) ?? []), row]);
  return groups;
}

// By the reader's own calendar, whatever the server's clock shows.
function groupOf(row) {
  const then = new Date(row.changed);
  // Rounded, as a day on which the clocks change has 23 or 25 hours.
  const days = Math.round((midnight(new Date()) - midnight(then)) / 86400000);
  if (days < 1) return WORDS.today;
  if (days === 1) return WORDS.yesterday;
  return days <= 7 ? WORDS.previous_7_days : MONTH.format(then);
}

function time(row) {
  const then = new Date(row.changed);
  return [WORDS.today, WORDS.yesterday].includes(groupOf(row)) ? TIME.format(then) : DAY.format(then);
}

function midnight(time) {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
}

function group(view, name, rows) {
  const list = el("ul");
  list.setAttribute("aria-label", name);
  list.append(...rows.map((row) => item(view, row)));
  return [el("h3", "day", name), list];
}

function item(view, row) {
  const node = el("li", "item");
  node.dataset.id = row.id;
  if (view.rename?.id === row.id) {
    node.append(view.rename.field);
    return node;
  }
  node.append(opener(view, row), actions(view, row));
  return node;
}

function opener(view, row) {
  const node = button("open");
  const title = prose("span", "title");
  title.append(...row.shown.map(piece));
  node.append(title);
  if (row.excerpt.length) {
    const excerpt = prose("span", "excerpt");
    excerpt.append(...row.excerpt.map(piece));
    node.append(excerpt);
  }
  node.append(el("span", "size", `${row.size} · ${time(row)}`));
  if (row.id === view.data.current) node.setAttribute("aria-current", "page");
  node.onclick = () => {
    // At once, and not when the server answers.
    for (const one of view.list.querySelectorAll("[aria-current]")) one.removeAttribute("aria-current");
    node.setAttribute("aria-current", "page");
    tell(view, "open", row.id, row.turn);
    makeWay();
  };
  return node;
}

// On a narrow screen the list lies over the page that was asked for.
function makeWay() {
  const fold = document.querySelector("[data-testid=stSidebarCollapseButton] button");
  if (window.matchMedia("(max-width: 800px)").matches && fold instanceof HTMLElement) fold.click();
}

function piece({ text, mark }) {
  return mark ? el("mark", "", text) : document.createTextNode(text);
}

function actions(view, row) {
  const node = button("actions", "⋯");
  node.setAttribute("aria-label", fill(WORDS.actions_for, row));
  node.setAttribute("aria-haspopup", "menu");
  node.setAttribute("aria-expanded", "false");
  node.onclick = () => (view.menu.row === row && menuOpen(view) ? closeMenu(view) : openMenu(view, row, node));
  node.onkeydown = (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    openMenu(view, row, node);
  };
  return node;
}

// One menu for all rows, in the browser's top layer, where no scrolling box cuts it off.
function menuOf(view) {
  view.menu = { root: el("div", "menu"), row: null, opener: null, top: 0 };
  const { root } = view.menu;
  // The browser closes it at a click elsewhere and at Escape.
  root.popover = "auto";
  root.setAttribute("role", "menu");
  root.append(choice(WORDS.rename, () => beginRename(view, view.menu.row)), choice(WORDS.delete, () => remove(view, view.menu.row)));
  root.onkeydown = (event) => walkMenu(view, event);
  root.addEventListener("toggle", ({ newState }) => {
    for (const node of view.list.querySelectorAll(".actions")) {
      node.setAttribute("aria-expanded", String(newState === "open" && node === view.menu.opener));
    }
  });
  // In the capturing phase, so before the choice acts: hiding the menu gives the focus back, and renaming takes it.
  for (const one of root.children) one.addEventListener("click", () => closeMenu(view, false), true);
  return root;
}

function choice(text, act) {
  const node = button("choice", text);
  node.setAttribute("role", "menuitem");
  node.tabIndex = -1;
  node.onclick = act;
  return node;
}

function openMenu(view, row, opener) {
  closeMenu(view, false);
  Object.assign(view.menu, { row, opener, top: top(opener) });
  const { root } = view.menu;
  root.setAttribute("aria-label", fill(WORDS.actions_for, row));
  root.showPopover();
  const box = opener.getBoundingClientRect();
  const below = box.bottom + root.offsetHeight + 8 < document.documentElement.clientHeight;
  const left = Math.min(box.right - root.offsetWidth, document.documentElement.clientWidth - root.offsetWidth - 8);
  // 8 pixels from the edge of the window at least.
  root.style.left = `${Math.max(8, left)}px`;
  root.style.top = `${below ? box.bottom + 2 : box.top - root.offsetHeight - 2}px`;
  root.firstChild.focus();
}

// A scroll that was under way before the menu opened is told of after it: only one that moves the row counts.
function top(node) {
  return Math.round(node.getBoundingClientRect().top);
}

function menuOpen(view) {
  return view.menu.root.matches(":popover-open");
}

function closeMenu(view, back = true) {
  if (!menuOpen(view)) return;
  view.menu.root.hidePopover();
  if (back && view.menu.opener.isConnected) view.menu.opener.focus();
}

function walkMenu(view, event) {
  const stops = [...view.menu.root.children];
  const at = stops.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key];
  if (to !== undefined) stops[(to + stops.length) % stops.length].focus();
  if (event.key === "Escape" || event.key === "Tab") closeMenu(view);
  if (to !== undefined || event.key === "Escape") event.preventDefault();
}

// Renaming takes place in the row itself.
function beginRename(view, row) {
  const field = el("input", "name");
  field.value = row.title;
  field.maxLength = 200;
  field.setAttribute("aria-label", fill(WORDS.new_title_for, row));
  field.onkeydown = (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") endRename(view, row, field.value);
    if (event.key === "Escape") endRename(view, row, row.title);
    if (event.key === "Enter" || event.key === "Escape") event.preventDefault();
  };
  // A drawing of the list takes the field out for a moment, which is no leaving of it.
  field.onblur = () => view.redrawing || (view.rename?.field === field && endRename(view, row, field.value, false));
  view.rename = { id: row.id, field };
  draw(view);
  field.focus();
  field.select();
}

function endRename(view, row, title, back = true) {
  const wanted = title.trim().replace(/\s+/g, " ");
  view.rename = null;
  if (wanted && wanted !== row.title) {
    const shown = view.data.rows.find((one) => one.id === row.id);
    // The new title stands there until the server sends the list again.
    if (shown) Object.assign(shown, { title: wanted, shown: [{ text: wanted, mark: false }] });
    tell(view, "rename", row.id, wanted);
  }
  draw(view);
  if (back) part(view, row.id, ".open")?.focus();
}

function remove(view, row) {
  tell(view, "delete", row.id);
  offersOf(view.data.wording).set(row, Date.now() + UNDO);
  const line = undoLine(view, row, view.data.wording);
  // Three offers at most, the oldest goes.
  while (view.undo.children.length > 2) drop(view.undo.firstChild);
  view.undo.append(line);
  draw(view);
  line.querySelector("button").focus();
}

function offersOf({ many }) {
  if (!undoable.has(many)) undoable.set(many, new Map());
  return undoable.get(many);
}

// Nobody is hurried: while the line is pointed at or has the focus, it stays.
function undoLine(view, row, wording) {
  /** @type {any} */
  const line = el("p", "line");
  line.forget = () => offersOf(wording).delete(row);
  const again = button("again", WORDS.undo);
  again.setAttribute("aria-label", fill(WORDS.bring_back, row));
  again.onclick = () => {
    drop(line);
    tell(view, "restore", row.id);
    view.back = row.id;
  };
  line.append(el("span", "said", fill(WORDS.deleted, row)), again);
  const wait = () => {
    clearTimeout(line.timer);
    line.timer = setTimeout(() => line.matches(":hover, :has(:focus-visible)") || drop(line), UNDO);
  };
  line.onmouseleave = wait;
  line.addEventListener("focusout", wait);
  wait();
  return line;
}

function drop(line) {
  line.forget();
  clearTimeout(line.timer);
  line.remove();
}

function moreOf(view) {
  const node = button("more", WORDS.more);
  node.setAttribute("aria-label", fill(WORDS.more_of, view.data.wording));
  node.onclick = () => {
    view.limit = view.data.limit + STEP;
    say(view);
  };
  return node;
}

function problem(view) {
  const node = el("div", "problem");
  node.setAttribute("role", "alert");
  const again = button("again", WORDS.look_again);
  again.onclick = () => say(view);
  node.append(sentence(view.data.problem.message), sentence(view.data.problem.help), again);
  return node;
}

function focused(view) {
  const node = view.root.getRootNode().activeElement;
  if (!node || !view.list.contains(node)) return null;
  return { id: node.closest(".item")?.dataset.id ?? "", kind: `.${node.classList[0]}` };
}

function restore(view, focus) {
  if (focus) part(view, focus.id, focus.kind)?.focus({ preventScroll: true });
}

function part(view, id, kind) {
  const row = [...view.list.querySelectorAll(".item")].find((node) => node.dataset.id === id);
  return (id ? row : view.list)?.querySelector(kind);
}
