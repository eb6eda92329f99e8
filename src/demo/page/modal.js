// Forms, one on top of the other, and the question "are you sure?". Both are <dialog>s: they take the focus, keep it, and
// give it back.

import { blocks } from "./blocks.js";
import { h, say } from "./dom.js";
import { markup } from "./markup.js";
import { act } from "./server.js";

/** Asks; true when it is confirmed. */
export function confirmed(question, world) {
  const text = question.text.type === "mrkdwn" ? markup(question.text.text, world) : question.text.text;
  const dialog = h(
    "dialog",
    { class: "modal small", "aria-label": question.title.text },
    h("h2", null, question.title.text),
    h("p", null, text),
    h(
      "form",
      { method: "dialog", class: "ends" },
      h("button", { class: "button", value: "no" }, question.deny.text),
      h("button", { class: `button ${question.style ?? "primary"}`, value: "yes", autofocus: true }, question.confirm.text),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    };
  });
}

/** What is drawn: the id of the form and how it was, so that a form is only drawn again when it has changed. */
let shown = null;

/** Shows the form on top of the pile, if there is one. */
export function showForm(views, world) {
  const top = views.at(-1);
  const now = top ? JSON.stringify([top.id, top.view]) : null;
  if (now === shown?.now) return;
  shown?.dialog.remove();
  // As in Slack, a form that is drawn again keeps what stands in fields of the same name.
  const before = shown?.id === top?.id ? shown?.values : null;
  shown = null;
  if (!top) return;
  const { dialog, values } = form({ ...top, view: kept(top.view, before ?? {}) }, views.length, world);
  shown = { now, id: top.id, dialog, values };
  document.body.append(dialog);
  dialog.showModal();
}

function form({ id, view }, height, world) {
  const values = {};
  const surface = {
    world,
    hold(block, it, held) {
      if (block.type === "input") (values[block.block_id] ??= {})[it.action_id] = held;
    },
    async press(block, it, chosen) {
      if (it.confirm && !(await confirmed(it.confirm, world))) return;
      const answer = await act(world.me, "choose", { view: id, block_id: block.block_id, action_id: it.action_id, chosen, values });
      if (!answer.ok) say(answer.said);
    },
  };
  const body = h("div", { class: "blocks" }, blocks(view.blocks, surface));
  body.querySelector("input, select, textarea")?.setAttribute("autofocus", "");
  const close = () => act(world.me, "close", { view: id });
  const submit = h("button", { class: "button primary", type: "submit" }, view.submit?.text ?? "Submit");
  const whole = h("div", { class: "error", role: "alert" });

  const complain = (errors) => {
    for (const place of body.querySelectorAll("[data-error]")) place.textContent = errors[place.dataset.error] ?? "";
    const first = body.querySelector("[data-error]:not(:empty)")?.closest(".field");
    first?.querySelector("input, select, textarea")?.focus();
    first?.scrollIntoView({ block: "nearest" });
  };
  const send = async (event) => {
    event.preventDefault();
    const missing = view.blocks.filter((block) => block.type === "input" && !block.optional && isEmpty(values[block.block_id]?.[block.element.action_id]));
    if (missing.length) return complain(Object.fromEntries(missing.map((block) => [block.block_id, "Please complete this required field."])));
    submit.disabled = true;
    whole.textContent = "";
    const answer = await act(world.me, "submit", { view: id, values });
    submit.disabled = false;
    complain(answer.errors ?? {});
    if (answer.said) whole.textContent = answer.said;
  };
  const dialog = h(
    "dialog",
    { class: "modal", "aria-label": view.title.text, oncancel: (event) => (event.preventDefault(), close()) },
    h(
      "form",
      { onsubmit: send, novalidate: true },
      h("header", null, h("h2", null, view.title.text), height > 1 && h("span", { class: "hint" }, `form ${height} of a pile`), h("button", { type: "button", class: "tool", "aria-label": "Close", onclick: close }, "✕")),
      body,
      h("footer", null, whole, h("div", { class: "ends" }, h("button", { type: "button", class: "button", onclick: close }, view.close?.text ?? "Cancel"), view.submit && submit)),
    ),
  );
  return { dialog, values };
}

/** A view whose fields begin with what stood in them. */
function kept(view, values) {
  const block = (it) => {
    const held = it.type === "input" ? values[it.block_id]?.[it.element.action_id] : null;
    if (!held) return it;
    const element = { ...it.element };
    for (const [field, value] of Object.entries(held)) {
      const initial = field === "value" ? "initial_value" : field.replace(/^selected_/, "initial_");
      if (initial === field) continue;
      if (isEmpty({ value })) delete element[initial];
      else element[initial] = value;
    }
    return { ...it, element };
  };
  return { ...view, blocks: view.blocks.map(block) };
}

function isEmpty(held) {
  const { type, ...rest } = held ?? {};
  const value = Object.values(rest)[0];
  return value === null || value === undefined || value.length === 0;
}
