// Making nodes. Text is always text: nothing here reads markup, so foreign words cannot become elements.

/** An element with attributes, listeners (`onclick: …`) and children (nodes, strings, nothing). */
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value") element.value = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** A small panel below a button: its items, or any content; closed by Escape, by a click elsewhere, by `close()`. */
export function popover(anchor, ...content) {
  const panel = h("div", { class: "popover", popover: "auto" }, ...content);
  // Outside of an open dialog nothing can be used.
  (anchor.closest("dialog") ?? document.body).append(panel);
  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    panel.remove();
    anchor.setAttribute("aria-expanded", "false");
  });
  anchor.setAttribute("aria-expanded", "true");
  panel.showPopover();
  const from = anchor.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const left = Math.max(8, Math.min(from.left, innerWidth - size.width - 8));
  const below = from.bottom + 4 + size.height < innerHeight;
  panel.style.left = `${left}px`;
  panel.style.top = `${below ? from.bottom + 4 : Math.max(8, from.top - size.height - 4)}px`;
  return { panel, close: () => panel.hidePopover() };
}

/** A menu below a button; the arrow keys walk it. `items` are `[label, act]`. */
export function menu(anchor, items) {
  const buttons = items.map(([label, act]) =>
    h("button", { type: "button", role: "menuitem", class: "menu-item", onclick: () => (opened.close(), act()) }, label),
  );
  const walk = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = buttons.indexOf(document.activeElement);
    buttons[(at + step + buttons.length) % buttons.length].focus();
  };
  const opened = popover(anchor, h("div", { role: "menu", onkeydown: walk }, buttons));
  buttons[0]?.focus();
}

let said;

/** A line at the bottom of the page that goes away by itself; screen readers say it. */
export function say(words) {
  clearTimeout(said);
  const place = document.getElementById("said");
  place.textContent = words;
  place.hidden = false;
  said = setTimeout(() => (place.hidden = true), 8000);
}
