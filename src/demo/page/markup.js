// Slack's markup as nodes: https://docs.slack.dev/messaging/formatting-message-text

import { h } from "./dom.js";

/** The emoji that are drawn; any other name stays as it was typed. */
const EMOJI = {
  "+1": "👍", "-1": "👎", bell: "🔔", bulb: "💡", calendar: "📅", coffee: "☕", eyes: "👀", fire: "🔥", hourglass: "⏳",
  memo: "📝", moon: "🌙", mute: "🔇", no_entry: "⛔", pushpin: "📌", question: "❓", recycle: "♻️", rocket: "🚀",
  rotating_light: "🚨", sos: "🆘", tada: "🎉", thumbsup: "👍", warning: "⚠️", wave: "👋", white_check_mark: "✅",
  x: "❌", zzz: "💤", red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢",
  large_blue_circle: "🔵", black_circle: "⚫", white_circle: "⚪", arrows_counterclockwise: "🔄", bust_in_silhouette: "👤",
  heavy_check_mark: "✔️", raised_hand: "✋", pray: "🙏", sleeping: "😴", clock1: "🕐", link: "🔗", lock: "🔒",
};

export const emoji = (name) => EMOJI[name.split("::")[0]] ?? `:${name}:`;

/** What one can react with here. */
export const REACTIONS = ["eyes", "white_check_mark", "+1", "pushpin", "sos", "tada"];

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const INLINE = new RegExp(
  [
    "`([^`\\n]+)`",
    "<([^<>\\n]+)>",
    "(?<![\\p{L}\\p{N}*])\\*(\\S(?:[^*\\n]*\\S)?)\\*(?![\\p{L}\\p{N}*])",
    "(?<![\\p{L}\\p{N}_])_(\\S(?:[^_\\n]*\\S)?)_(?![\\p{L}\\p{N}_])",
    "(?<![\\p{L}\\p{N}~])~(\\S(?:[^~\\n]*\\S)?)~(?![\\p{L}\\p{N}~])",
    ":([a-z0-9_+-]+(?:::[a-z0-9-]+)?):",
  ].join("|"),
  "gu",
);

/** Text in Slack's markup. */
export function markup(text, world) {
  const fragment = document.createDocumentFragment();
  const parts = text.split(/```\n?([\s\S]*?)\n?```\n?/);
  parts.forEach((part, index) => {
    if (index % 2) fragment.append(h("pre", null, unescape(part)));
    else if (part) fragment.append(...paragraphs(part, world));
  });
  return fragment;
}

/** Lines, with those that begin with `>` as quotes. */
function paragraphs(text, world) {
  const nodes = [];
  let quote = null;
  text.split("\n").forEach((line, index) => {
    const quoted = line.match(/^(?:&gt;|>) ?(.*)$/);
    if (quoted) {
      if (quote) quote.append(h("br"));
      else nodes.push((quote = h("blockquote")));
      quote.append(...inline(quoted[1], world));
      return;
    }
    if (index && !quote) nodes.push(h("br"));
    quote = null;
    nodes.push(...inline(line, world));
  });
  return nodes;
}

function inline(text, world) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) nodes.push(unescape(text.slice(end, match.index)));
    const [all, code, reference, bold, italic, strike, name] = match;
    if (code !== undefined) nodes.push(h("code", null, unescape(code)));
    else if (reference !== undefined) nodes.push(refer(reference, world));
    else if (bold !== undefined) nodes.push(h("b", null, inline(bold, world)));
    else if (italic !== undefined) nodes.push(h("i", null, inline(italic, world)));
    else if (strike !== undefined) nodes.push(h("s", null, inline(strike, world)));
    else nodes.push(emoji(name));
    end = match.index + all.length;
  }
  if (end < text.length) nodes.push(unescape(text.slice(end)));
  return nodes;
}

/** What stands between `<` and `>`. */
function refer(tag, world) {
  const bar = tag.indexOf("|");
  const id = bar < 0 ? tag : tag.slice(0, bar);
  const label = bar < 0 ? null : unescape(tag.slice(bar + 1));
  if (id.startsWith("@")) return person(id.slice(1), world, label);
  if (id.startsWith("#")) return channel(id.slice(1), world, label);
  if (id.startsWith("!subteam^")) return group(id.slice(9), world, label);
  if (id.startsWith("!date^")) return date(id.slice(6), label, world);
  if (id.startsWith("!")) return h("span", { class: "mention me" }, `@${id.slice(1)}`);
  return link(unescape(id), world, label ?? unescape(id).replace(/^mailto:/, ""));
}

export function person(id, world, label) {
  const known = world.people.get(id);
  const name = `@${known?.name ?? label ?? id}`;
  if (!known) return h("span", { class: "mention" }, name);
  const mine = id === world.me ? " me" : "";
  return h("button", { type: "button", class: `mention${mine}`, onclick: (event) => world.profile(event.currentTarget, known) }, name);
}

export function channel(id, world, label) {
  const known = world.places.get(id);
  const name = `#${known?.name ?? label ?? id}`;
  if (!known) return h("span", { class: "mention" }, name);
  return h("button", { type: "button", class: "mention", onclick: () => world.go(id) }, name);
}

export function group(id, world, label) {
  const known = world.groups.find((it) => it.id === id);
  const mine = known?.users.includes(world.me) ? " me" : "";
  return h("span", { class: `mention${mine}` }, `@${(known?.handle ?? label ?? id).replace(/^@/, "")}`);
}

/** A message of the simulated workspace, as its address names it. */
const HERE = /^https:\/\/sim\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})$/;

export function link(address, world, label) {
  const [, place, seconds, rest] = HERE.exec(address) ?? [];
  if (place) return h("button", { type: "button", class: "mention", onclick: () => world.go(place, `${seconds}.${rest}`) }, label);
  if (!/^(https?|mailto):/.test(address)) return h("span", null, label);
  return h("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, label);
}

function date(code, fallback, world) {
  const [seconds, format, address] = code.split("^");
  const at = Number(seconds);
  if (!Number.isFinite(at) || !format) return fallback ?? "";
  const text = moment(at, format, world);
  const whole = when(at, world.zone, { dateStyle: "full", timeStyle: "long" });
  const node = h("time", { datetime: new Date(at * 1000).toISOString(), title: whole }, text);
  return address ? h("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, node) : node;
}

/** A time as `zone` says it. */
export function when(seconds, zone, options) {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(new Date(seconds * 1000));
  } catch {
    return new Date(seconds * 1000).toISOString();
  }
}

/** The day of an instant in a zone, to be compared. */
export const day = (seconds, zone) => when(seconds, zone, { dateStyle: "short" });

/** Slack's date formats: https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
export function moment(at, format, world) {
  const { zone, now } = world;
  const say = (options) => when(at, zone, options);
  const american = (options) => {
    const [d, m, y] = [say({ day: "numeric" }), say({ month: options }), say({ year: "numeric" })];
    const same = when(now, zone, { year: "numeric" }) === y;
    return { long: `${m} ${d}, ${y}`, brief: same ? `${m} ${d}` : `${m} ${d}, ${y}` };
  };
  const near = [[-86400, "yesterday"], [0, "today"], [86400, "tomorrow"]];
  const pretty = (otherwise) => near.find(([shift]) => day(now + shift, zone) === day(at, zone))?.[1] ?? otherwise;
  const forms = {
    "{date_num}": () => when(at, zone, { year: "numeric", month: "2-digit", day: "2-digit" }).split("/").reverse().join("-"),
    "{date}": () => american("long").long,
    "{date_short}": () => american("short").long,
    "{date_long}": () => `${say({ weekday: "long" })}, ${american("long").long}`,
    "{date_pretty}": () => pretty(american("long").long),
    "{date_short_pretty}": () => pretty(american("short").brief),
    "{date_long_pretty}": () => pretty(`${say({ weekday: "long" })}, ${american("long").long}`),
    "{time}": () => say({ hour: "2-digit", minute: "2-digit" }),
    "{time_secs}": () => say({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    "{ago}": () => ago(now - at),
  };
  return format.replace(/\{[a-z_]+\}/g, (word) => forms[word]?.() ?? word);
}

/** A length of time, roughly. */
export function ago(seconds) {
  const size = Math.abs(seconds);
  const words = size < 60 ? `${Math.round(size)} s` : size < 5400 ? `${Math.round(size / 60)} min` : size < 129600 ? `${Math.round(size / 3600)} h` : `${Math.round(size / 86400)} days`;
  return seconds < 0 ? `in ${words}` : `${words} ago`;
}
