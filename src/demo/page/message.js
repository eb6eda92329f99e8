// One message, as a row.

import { blocks } from "./blocks.js";
import { h, menu, popover, say } from "./dom.js";
import { emoji, markup, REACTIONS, when } from "./markup.js";
import { confirmed } from "./modal.js";
import { act } from "./server.js";

/** Where the buttons of a message act. */
function surface(message, world) {
  const values = {};
  return {
    world,
    hold(block, it, held) {
      (values[block.block_id] ??= {})[it.action_id] = held;
    },
    async press(block, it, chosen, node) {
      if (it.confirm && !(await confirmed(it.confirm, world))) return;
      node.setAttribute("aria-busy", "true");
      const { channel, ts } = message;
      const answer = await act(world.me, "choose", { channel, ts, block_id: block.block_id, action_id: it.action_id, chosen, values });
      node.removeAttribute("aria-busy");
      if (!answer.ok) say(answer.said);
    },
  };
}

/** The face of somebody: their initials on a colour of their own. */
export function face(author) {
  if (author.is_bot) return h("span", { class: "face bot", "aria-hidden": "true" }, "🔔");
  const hue = [...author.id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const initials = (author.real_name || author.name).split(/\s+/).map((word) => word[0]).slice(0, 2).join("");
  const node = h("span", { class: "face", "aria-hidden": "true" }, initials.toUpperCase());
  node.style.setProperty("--hue", hue);
  return node;
}

/** Who wrote it; a program is nobody in the workspace. */
const author = (message, world) => world.people.get(message.user) ?? { id: message.user, name: message.user, real_name: message.user, is_app: true };

/**
 * A row. `follows`: the message before it is by the same author, so their name is not repeated. `inThread`: it stands in
 * its thread, so nothing leads there.
 */
export function row(message, world, { follows, replies, inThread }) {
  const by = author(message, world);
  const at = Number(message.ts);
  const time = h("time", { datetime: new Date(at * 1000).toISOString(), title: when(at, world.zone, { dateStyle: "full", timeStyle: "long" }) }, when(at, world.zone, { hour: "2-digit", minute: "2-digit" }));
  const head = h("div", { class: "head" }, h("b", null, by.real_name || by.name), (by.is_bot || by.is_app) && h("span", { class: "badge" }, "APP"), time);
  const body = message.blocks?.length ? blocks(message.blocks, surface(message, world)) : h("div", { class: "block text" }, markup(message.text, world));
  const node = h(
    "li",
    { class: ["message", follows && "follows", message.only_to && "private"].filter(Boolean).join(" "), "data-ts": message.ts, tabindex: "-1" },
    h("div", { class: "side" }, follows ? time.cloneNode(true) : face(by)),
    h(
      "div",
      { class: "body" },
      message.only_to && h("div", { class: "only" }, "👁 Only visible to you"),
      !follows && head,
      body,
      message.attachments?.map((attachment) => attached(attachment, world)),
      message.edited && h("span", { class: "edited" }, "(edited)"),
      reactions(message, world),
      !inThread && replies.length > 0 && thread(message, world, replies),
    ),
    !message.only_to && tools(message, world, inThread),
  );
  if (message.only_to) node.append(h("div", { class: "tools" }, tool("{ }", "Show the raw message", () => world.inspect(message))));
  return node;
}

function thread(message, world, replies) {
  const last = Number(replies.at(-1).ts);
  const faces = [...new Set(replies.map((reply) => reply.user))].slice(0, 3).map((id) => face(author({ user: id }, world)));
  const count = `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
  return h("button", { type: "button", class: "replies", onclick: () => world.go(message.channel, message.ts) }, faces, h("b", null, count), h("span", null, `last at ${when(last, world.zone, { hour: "2-digit", minute: "2-digit" })}`));
}

/** Slack's old attachments, as monitors send them. */
function attached(it, world) {
  const fields = it.fields?.map((field) => h("div", null, h("b", null, field.title), h("br"), markup(field.value ?? "", world)));
  return h("div", { class: "attachment" }, it.pretext && h("div", null, markup(it.pretext, world)), it.title && h("b", null, it.title), it.text && h("div", null, markup(it.text, world)), fields && h("div", { class: "fields" }, fields));
}

function reactions(message, world) {
  const toggle = (name) => async () => {
    const answer = await act(world.me, "react", { channel: message.channel, ts: message.ts, emoji: name });
    if (!answer.ok) say(answer.said);
  };
  const drawn = message.reactions.map((it) => {
    const who = it.users.map((id) => world.people.get(id)?.name ?? id).join(", ");
    const mine = it.users.includes(world.me);
    return h("button", { type: "button", class: `reaction${mine ? " mine" : ""}`, title: `${who} reacted with :${it.emoji}:`, "aria-pressed": String(mine), onclick: toggle(it.emoji) }, emoji(it.emoji), ` ${it.users.length}`);
  });
  return drawn.length > 0 && h("div", { class: "reactions" }, drawn);
}

const tool = (sign, label, act) => h("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick: act }, sign);

/** What can be done with a message: shown when it is pointed at or has the focus. */
function tools(message, world, inThread) {
  const { channel, ts } = message;
  const react = (event) => {
    const put = (name) => async () => {
      opened.close();
      const answer = await act(world.me, "react", { channel, ts, emoji: name });
      if (!answer.ok) say(answer.said);
    };
    const opened = popover(event.currentTarget, h("div", { class: "row" }, REACTIONS.map((name) => h("button", { type: "button", class: "tool", "aria-label": name, title: `:${name}:`, onclick: put(name) }, emoji(name)))));
  };
  const more = (event) => {
    const use = (shortcut) => async () => {
      const answer = await act(world.me, "shortcut", { channel, ts, callback: shortcut.callback_id });
      if (!answer.ok) say(answer.said);
    };
    menu(event.currentTarget, [
      ...world.shortcuts.map((shortcut) => [`${shortcut.name} (Nightbell)`, use(shortcut)]),
      ["Show the raw message", () => world.inspect(message)],
    ]);
  };
  return h(
    "div",
    { class: "tools" },
    tool("🙂", "Add a reaction", react),
    !inThread && tool("💬", "Reply in thread", () => world.go(channel, message.thread ?? ts)),
    tool("⋮", "More actions", more),
  );
}

/** Who somebody is, and a way to be them. */
export function profile(anchor, member, world) {
  const local = when(world.now, member.zone, { weekday: "short", hour: "2-digit", minute: "2-digit" });
  const be = h("button", { type: "button", class: "button primary", onclick: () => (opened.close(), world.become(member.id)) }, `Act as ${member.real_name}`);
  const me = member.id === world.me || member.is_bot;
  const opened = popover(anchor, h("div", { class: "profile" }, face(member), h("div", null, h("b", null, member.real_name), h("div", null, `@${member.name}`), !member.is_bot && h("div", { class: "hint" }, `${local} in ${member.zone}`), !me && be)));
}
