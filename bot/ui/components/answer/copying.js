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

// A word about what was just done, for a moment.
function teller() {
  /** @type {any} */
  const root = el("p", "told");
  let timer = 0;
  root.setAttribute("role", "status");
  root.hidden = true;
  root.tell = (text) => {
    clearTimeout(timer);
    root.hidden = false;
    root.textContent = "";
    // What is there before its text comes is read out.
    requestAnimationFrame(() => (root.textContent = text));
    timer = setTimeout(() => (root.hidden = true), 2500);
  };
  return root;
}
