// A menu behind a button, in the browser's top layer: the arrow keys walk it, Escape closes it and gives the focus back.

function menu(label) {
  const root = el("div", "menu-place");
  const opener = iconAction("more", label);
  const list = el("div", "menu");
  list.popover = "auto";
  list.id = "menu";
  list.setAttribute("role", "menu");
  list.setAttribute("aria-label", label);
  opener.setAttribute("aria-haspopup", "menu");
  opener.setAttribute("aria-expanded", "false");
  // The browser opens and closes it, and knows that a click on the button is none elsewhere.
  opener.popoverTargetElement = list;
  list.ontoggle = (event) => {
    const open = event.newState === "open";
    opener.setAttribute("aria-expanded", String(open));
    if (!open) return;
    placeMenu(list, opener);
    entriesOf(list)[0]?.focus({ preventScroll: true });
  };
  list.onkeydown = (event) => walkMenu(event, list, opener);
  const scrolled = () => list.matches(":popover-open") && placeMenu(list, opener);
  window.addEventListener("scroll", scrolled, true);
  root.append(opener, list);
  return { root, opener, list, end: () => window.removeEventListener("scroll", scrolled, true) };
}

// An entry that does something and closes the menu.
function entry(of, icon, label, act) {
  const node = button("entry");
  node.append(drawing(SIGNS[icon]), el("span", "", label));
  dressEntry(of, node);
  node.addEventListener("click", act);
  return node;
}

function linkEntry(of, icon, label) {
  const node = el("a", "entry");
  node.append(drawing(SIGNS[icon]), el("span", "", label));
  dressEntry(of, node);
  return node;
}

function dressEntry({ list, opener }, node) {
  node.setAttribute("role", "menuitem");
  node.tabIndex = -1;
  node.addEventListener("click", () => {
    list.hidePopover();
    focusQuietly(opener);
  });
  list.append(node);
}

function entriesOf(list) {
  return [...list.children].filter((node) => !node.hidden);
}

// The page's own keys rest while a menu is open.
function walkMenu(event, list, opener) {
  event.stopPropagation();
  const all = entriesOf(list);
  const at = all.indexOf(list.getRootNode().activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key] ?? letterOf(event, all, at);
  if (event.key === "Tab" || event.key === "Escape") {
    list.hidePopover();
    focusQuietly(opener);
  }
  if (to === undefined && event.key !== "Escape") return;
  event.preventDefault();
  // `at` takes -1 for the last, so ArrowUp at the first goes round.
  if (to !== undefined) all.at(to % all.length)?.focus();
}

// The next entry that begins with a letter.
function letterOf({ key, ctrlKey, metaKey, altKey }, all, at) {
  if (key.length !== 1 || key === " " || ctrlKey || metaKey || altKey) return undefined;
  const order = [...all.keys()].map((n) => (n + at + 1) % all.length);
  return order.find((n) => all[n].textContent?.toLowerCase().startsWith(key.toLowerCase()));
}

// Above the button, or below it where there is no room; within the window in either case.
function placeMenu(list, opener) {
  const box = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = list;
  const above = box.top - height - 4;
  const room = document.documentElement.clientHeight - height - 8;
  list.style.left = `${Math.max(8, Math.min(box.left, document.documentElement.clientWidth - width - 8))}px`;
  list.style.top = `${Math.max(8, above >= 8 ? above : Math.min(box.bottom + 4, room))}px`;
}
