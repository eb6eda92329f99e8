// What can be pressed, chosen or filled in: https://docs.slack.dev/reference/block-kit/block-elements
//
// A surface is where it stands: `surface.press(block, element, chosen, node)` tells the bot; `surface.hold(block, element,
// held)` keeps what an input holds until its form is submitted.

import { h, menu } from "./dom.js";
import { markup, when } from "./markup.js";

const words = (text, world) => (text?.type === "mrkdwn" ? markup(text.text, world) : (text?.text ?? ""));
const key = (block, element) => `${block.block_id}/${element.action_id}`;
const options = (element) => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];

/** Any element of an actions block, an accessory, or an input. */
export function element(it, block, surface) {
  return (DRAWN[it.type] ?? unknown)(it, block, surface);
}

const unknown = (it) => h("span", { class: "unknown" }, `(${it.type} is not drawn here)`);

const DRAWN = {
  button(it, block, surface) {
    const press = async (event) => {
      const node = event.currentTarget;
      if (it.url) open(it.url, "_blank", "noreferrer,noopener");
      await surface.press(block, it, {}, node);
    };
    const attributes = { type: "button", class: `button ${it.style ?? ""}`, "data-key": key(block, it) + (it.value ?? ""), "aria-label": it.accessibility_label };
    return h("button", { ...attributes, onclick: press }, words(it.text, surface.world));
  },

  overflow(it, block, surface) {
    const open = (event) => {
      const anchor = event.currentTarget;
      const choose = (option) => () => surface.press(block, it, { selected_option: option }, anchor);
      menu(anchor, it.options.map((option) => [words(option.text, surface.world), choose(option)]));
    };
    const attributes = { type: "button", class: "button overflow", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": "More actions", "data-key": key(block, it) };
    return h("button", { ...attributes, onclick: open }, "⋯");
  },

  static_select: (it, block, surface) =>
    one(it, block, surface, "selected_option", it.initial_option, choices(it, surface), (value) => options(it).find((option) => option.value === value)),
  users_select: (it, block, surface) => one(it, block, surface, "selected_user", it.initial_user, people(surface)),
  channels_select: (it, block, surface) => one(it, block, surface, "selected_channel", it.initial_channel, channels(surface)),
  conversations_select: (it, block, surface) => one(it, block, surface, "selected_conversation", it.initial_conversation, channels(surface)),

  multi_static_select: (it, block, surface) =>
    several(it, block, surface, "selected_options", it.initial_options, choices(it, surface), (value) => options(it).find((option) => option.value === value)),
  multi_users_select: (it, block, surface) => several(it, block, surface, "selected_users", it.initial_users, people(surface)),

  checkboxes: (it, block, surface) => ticks(it, block, surface, "checkbox"),
  radio_buttons: (it, block, surface) => ticks(it, block, surface, "radio"),

  datepicker: (it, block, surface) => typed(it, block, surface, { type: "date", value: it.initial_date }, "selected_date"),
  timepicker: (it, block, surface) => typed(it, block, surface, { type: "time", value: it.initial_time }, "selected_time"),
  datetimepicker: (it, block, surface) => {
    const local = it.initial_date_time && when(it.initial_date_time, surface.world.zone, { dateStyle: "short", timeStyle: "short" });
    const [d, m, y, time] = local?.split(/[/,] ?/) ?? [];
    return typed(it, block, surface, { type: "datetime-local", value: local && `${y}-${m}-${d}T${time}` }, "selected_date_time", (value) => instant(value, surface.world.zone));
  },

  plain_text_input(it, block, surface) {
    const limits = { minlength: it.min_length, maxlength: it.max_length ?? 3000 };
    if (!it.multiline) return typed(it, block, surface, { type: "text", value: it.initial_value, ...limits }, "value");
    return typed(it, block, surface, { value: it.initial_value, rows: 4, ...limits }, "value", undefined, "textarea");
  },
  number_input: (it, block, surface) => typed(it, block, surface, { type: "text", inputmode: "decimal", value: it.initial_value }, "value"),
  email_text_input: (it, block, surface) => typed(it, block, surface, { type: "email", value: it.initial_value }, "value"),
  url_text_input: (it, block, surface) => typed(it, block, surface, { type: "url", value: it.initial_value }, "value"),
};

/** Seconds of a wall clock's reading in a zone. */
function instant(local, zone) {
  const guess = Date.parse(`${local}Z`) / 1000;
  const [d, m, y, time] = when(guess, zone, { dateStyle: "short", timeStyle: "short" }).split(/[/,] ?/);
  return guess - (Date.parse(`${y}-${m}-${d}T${time}Z`) / 1000 - guess);
}

const people = (surface) =>
  [...surface.world.people.values()].filter((it) => !it.deleted && !it.is_bot).map((it) => h("option", { value: it.id }, it.real_name));
const channels = (surface) =>
  [...surface.world.places.values()].filter((it) => it.name).map((it) => h("option", { value: it.id }, `#${it.name}`));

function choices(it, surface) {
  const list = (all) => all.map((option) => h("option", { value: option.value, title: option.description?.text }, option.text.text));
  if (it.options) return list(it.options);
  return (it.option_groups ?? []).map((group) => h("optgroup", { label: words(group.label, surface.world) }, list(group.options)));
}

/** Tells the bot where an element acts by itself, and keeps it where its form is still to be submitted. */
function changed(it, block, surface, held, node) {
  surface.hold?.(block, it, { type: it.type, ...held });
  if (block.type !== "input" || block.dispatch_action) surface.press(block, it, held, node);
}

function one(it, block, surface, field, initial, all, find = (value) => value) {
  const start = typeof initial === "object" ? initial?.value : initial;
  const node = h("select", { "aria-label": label(block, it), "data-key": key(block, it), class: "select" }, h("option", { value: "" }, it.placeholder?.text ?? "Choose…"), all);
  node.value = start ?? "";
  surface.hold?.(block, it, { type: it.type, [field]: initial ?? null });
  node.onchange = () => changed(it, block, surface, { [field]: node.value ? find(node.value) : null }, node);
  return node;
}

function several(it, block, surface, field, initial, all, find = (value) => value) {
  const start = (initial ?? []).map((it) => it.value ?? it);
  const node = h("select", { multiple: true, "aria-label": label(block, it), "data-key": key(block, it), class: "select" }, all);
  for (const option of node.options) option.selected = start.includes(option.value);
  surface.hold?.(block, it, { type: it.type, [field]: initial ?? [] });
  node.onchange = () => changed(it, block, surface, { [field]: [...node.selectedOptions].map((option) => find(option.value)) }, node);
  return node;
}

function ticks(it, block, surface, type) {
  const many = type === "checkbox";
  const start = many ? (it.initial_options ?? []) : [it.initial_option].filter(Boolean);
  const field = many ? "selected_options" : "selected_option";
  const name = `${key(block, it)}-${Math.random()}`;
  const boxes = it.options.map((option) =>
    h("label", { class: "tick" }, h("input", { type, name, value: option.value, checked: start.some((it) => it.value === option.value), "data-key": key(block, it) + option.value }),
      h("span", null, words(option.text, surface.world), option.description && h("small", null, words(option.description, surface.world)))),
  );
  const group = h("div", { role: many ? "group" : "radiogroup", "aria-label": label(block, it), class: "ticks" }, boxes);
  surface.hold?.(block, it, { type: it.type, [field]: many ? start : (start[0] ?? null) });
  group.onchange = () => {
    const chosen = [...group.querySelectorAll("input:checked")].map((box) => it.options.find((option) => option.value === box.value));
    changed(it, block, surface, { [field]: many ? chosen : (chosen[0] ?? null) }, group);
  };
  return group;
}

function typed(it, block, surface, attributes, field, find = (value) => value, name = "input") {
  const node = h(name, { ...attributes, class: "input", placeholder: it.placeholder?.text, "aria-label": label(block, it), "data-key": key(block, it) });
  if (it.focus_on_load) node.setAttribute("autofocus", "");
  const hold = () => ({ [field]: node.value ? find(node.value) : null });
  surface.hold?.(block, it, { type: it.type, ...hold() });
  node.oninput = () => surface.hold?.(block, it, { type: it.type, ...hold() });
  node.onchange = () => {
    if (block.type !== "input" || block.dispatch_action) changed(it, block, surface, hold(), node);
  };
  return node;
}

/** What a screen reader calls an element that has no label of its own. */
const label = (block, it) => block.label?.text ?? it.placeholder?.text ?? block.text?.text ?? it.action_id;
