// The box one types into: Enter sends, Shift+Enter makes a line. It knows the slash commands with their hints, people and
// channels. What could not be sent stays in it.

import { h, say } from "./dom.js";

/** A box. `send(text)` answers `{ok, said}`. `thread` boxes take no slash commands, as in Slack. */
export function composer(world, { label, thread, send }) {
  const id = thread ? "thread" : "main";
  const list = h("ul", { class: "completions", role: "listbox", id: `${id}-completions`, hidden: true });
  const hint = h("div", { class: "usage", "aria-live": "polite" });
  const box = h("textarea", {
    rows: 1,
    placeholder: label,
    "aria-label": label,
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "data-key": `composer-${id}`,
  });
  let offered = [];
  let at = 0;

  const fit = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 200)}px`;
  };

  const offer = () => {
    offered = candidates(box.value, box.selectionStart, world, thread);
    at = 0;
    draw();
    const command = !thread && world.commands.find((it) => box.value.startsWith(`${it.command} `));
    hint.textContent = command ? `${command.command} ${command.usage_hint}` : "";
  };
  const draw = () => {
    list.hidden = !offered.length;
    list.replaceChildren(
      ...offered.map((it, index) =>
        h("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": String(index === at), onpointerdown: (event) => (event.preventDefault(), take(it)) }, h("b", null, it.text.trim()), " ", h("span", null, it.more)),
      ),
    );
    box.setAttribute("aria-activedescendant", offered.length ? `${list.id}-${at}` : "");
  };
  const take = (it) => {
    box.setRangeText(it.text, it.from, box.selectionStart, "end");
    box.focus();
    fit();
    offer();
  };
  const submit = async () => {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    fit();
    offer();
    const answer = await send(text);
    if (answer.ok) return;
    say(answer.said);
    if (!box.value) box.value = text;
    fit();
  };

  box.oninput = () => (fit(), offer());
  box.onblur = () => ((offered = []), draw());
  box.onkeydown = (event) => {
    if (event.isComposing) return;
    if (offered.length && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + offered.length) % offered.length;
      return draw();
    }
    if (offered.length && event.key === "Escape") return (offered = []), draw();
    // A command that is typed out is sent; Tab completes.
    const whole = offered.length && offered[at].text.trim() === box.value.trim();
    if (offered.length && (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !whole))) {
      event.preventDefault();
      return take(offered[at]);
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  };
  const button = h("button", { type: "button", class: "button primary send", onclick: submit }, "Send");
  return h("div", { class: "composer" }, list, h("div", { class: "box" }, box, button), hint);
}

/** What the word before the cursor may become. */
function candidates(text, cursor, world, thread) {
  const before = text.slice(0, cursor);
  const word = before.match(/(?:^|\s)([/@#][\p{L}\p{N}_.-]*)$/u)?.[1];
  if (!word) return [];
  const from = cursor - word.length;
  const fits = (name) => name.toLowerCase().startsWith(word.slice(1).toLowerCase());
  if (word[0] === "/") {
    if (from > 0 || thread) return [];
    return world.commands.filter((it) => it.command.startsWith(word)).map((it) => ({ from, text: `${it.command} `, more: it.description }));
  }
  if (word[0] === "#") {
    const places = [...world.places.values()].filter((it) => it.name && fits(it.name));
    return places.slice(0, 8).map((it) => ({ from, text: `#${it.name} `, more: it.archived ? "archived" : "" }));
  }
  const people = [...world.people.values()].filter((it) => !it.deleted && (fits(it.name) || it.real_name.toLowerCase().startsWith(word.slice(1).toLowerCase())));
  const groups = world.groups.filter((it) => fits(it.handle));
  return [...people.map((it) => ({ from, text: `@${it.name} `, more: it.real_name })), ...groups.map((it) => ({ from, text: `@${it.handle} `, more: "group" }))].slice(0, 8);
}
