// The frame: who one is, where one is, the clock and the faults; and the world that everything else is drawn from.
//
// The address says who and where: `#<person>/<place>/<thread>`. Two windows as two people are two addresses.

import { blocks } from "./blocks.js";
import { composer } from "./composer.js";
import { h, menu, say } from "./dom.js";
import { draw as drawInspector } from "./inspector.js";
import { ago, day, when } from "./markup.js";
import { profile, row } from "./message.js";
import { confirmed, showForm } from "./modal.js";
import { act, listen, stage } from "./server.js";

const $ = (id) => document.getElementById(id);

/** Everything one of the people sees. */
const world = {
  me: null,
  zone: "UTC",
  now: 0,
  people: new Map(),
  places: new Map(),
  groups: [],
  commands: [],
  shortcuts: [],
  /** By place, in order. */
  messages: new Map(),
  profile: (anchor, member) => profile(anchor, member, world),
  go: (place, thread) => (location.hash = [world.me, place, thread].filter(Boolean).join("/")),
  become: (id) => (location.hash = id),
  inspect: (message) => inspect(message),
};

/** Where one is: a place or `home`, and the thread that is open beside it. */
let at = { place: null, thread: null };
let hangUp = null;
let about = null;

// ---- what is read, and what is not ----

const kept = () => `nightbell-demo:${location.pathname}:${world.me}`;
let read = {};

function recall() {
  try {
    read = JSON.parse(localStorage.getItem(kept())) ?? {};
  } catch {
    read = {};
  }
}

function isSeen(place) {
  if (document.hidden) return;
  const last = world.messages.get(place)?.at(-1);
  if (!last || read[place] === last.ts) return;
  read[place] = last.ts;
  localStorage.setItem(kept(), JSON.stringify(read));
}

function unread(place) {
  const counts = (it) => it.user !== world.me && it.ts > (read[place.id] ?? "") && (!isReply(it) || place.kind === "direct");
  return (world.messages.get(place.id) ?? []).filter(counts).length;
}

// ---- messages ----

const isReply = (message) => message.thread && message.thread !== message.ts;
const repliesTo = (place, ts) => (world.messages.get(place) ?? []).filter((it) => isReply(it) && it.thread === ts);

/** A list of messages that keeps its rows: only what has changed is drawn again. */
class List {
  constructor(node, inThread) {
    Object.assign(this, { node, inThread, rows: new Map(), last: null });
  }

  show(messages) {
    this.rows.clear();
    this.last = null;
    this.node.replaceChildren(...messages.flatMap((message) => this.added(message)));
    this.toEnd();
  }

  /** A row, with the day before it where a day begins. */
  added(message) {
    const before = this.last;
    const sameDay = before && day(Number(before.ts), world.zone) === day(Number(message.ts), world.zone);
    const close = sameDay && before.user === message.user && before.only_to === message.only_to && message.ts - before.ts < 300;
    const node = this.draw(message, close && !message.blocks);
    this.last = message;
    if (sameDay) return [node];
    const named = when(Number(message.ts), world.zone, { weekday: "long", day: "numeric", month: "long" });
    return [h("li", { class: "day" }, h("span", null, named)), node];
  }

  draw(message, follows) {
    const replies = this.inThread ? [] : repliesTo(message.channel, message.ts);
    const node = row(message, world, { follows, replies, inThread: this.inThread });
    this.rows.set(message.ts, node);
    return node;
  }

  put(message) {
    const old = this.rows.get(message.ts);
    const wasAtEnd = this.isAtEnd();
    if (!old) this.node.append(...this.added(message));
    else this.replace(message, old);
    if (wasAtEnd || message.user === world.me) this.toEnd();
  }

  /** Whoever has the focus on a button of the row keeps it on that button. */
  replace(message, old) {
    const focused = old.contains(document.activeElement) ? (document.activeElement.dataset.key ?? "") : null;
    const node = this.draw(message, old.classList.contains("follows"));
    old.replaceWith(node);
    if (focused === null) return;
    (node.querySelector(`[data-key="${CSS.escape(focused)}"]`) ?? node).focus();
  }

  isAtEnd() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < 80;
  }

  /** Twice, because rows that were out of sight get their height when they are drawn. */
  toEnd() {
    const scroll = () => this.node.lastElementChild?.scrollIntoView({ block: "end" });
    scroll();
    requestAnimationFrame(() => requestAnimationFrame(scroll));
  }
}

const list = new List($("messages"), false);
let thread = null;

/** Puts new and changed messages in their places. */
function receive(messages, fresh) {
  if (fresh) world.messages.clear();
  for (const message of messages) {
    const all = world.messages.get(message.channel) ?? [];
    world.messages.set(message.channel, all);
    const index = all.findLastIndex((it) => it.ts === message.ts);
    if (index < 0) all.push(message);
    else all[index] = message;
    if (fresh || message.channel !== at.place) continue;
    if (thread && (message.thread === at.thread || message.ts === at.thread)) thread.put(message);
    if (!isReply(message)) list.put(message);
    else {
      const parent = all.find((it) => it.ts === message.thread);
      if (parent) list.put(parent);
    }
  }
  if (fresh) show();
  else isSeen(at.place);
  drawPlaces();
  refreshInspector();
}

// ---- places ----

const named = (place) => (place.kind === "direct" ? "Nightbell" : `#${place.name}`);

function drawPlaces() {
  const places = [...world.places.values()];
  const item = (place) => {
    const count = unread(place);
    const here = place.id === at.place;
    const button = h(
      "button",
      { type: "button", class: count ? "place unread" : "place", "aria-current": here ? "page" : null, "data-place": place.name, onclick: () => world.go(place.id) },
      h("span", null, place.kind === "direct" ? "🔔 Nightbell" : `${place.kind === "private" ? "🔒" : "#"} ${place.name}`),
      place.archived && h("span", { class: "hint" }, "archived"),
      count > 0 && h("span", { class: "count", "aria-label": `${count} unread` }, count),
    );
    return h("li", null, button);
  };
  const home = h("li", null, h("button", { type: "button", class: "place", "aria-current": at.place === "home" ? "page" : null, onclick: () => world.go("home") }, "🏠 Home"));
  const channels = places.filter((place) => place.kind !== "direct").sort((one, other) => one.name.localeCompare(other.name));
  $("places").replaceChildren(
    h("h2", null, "Apps"),
    h("ul", null, home, places.filter((place) => place.kind === "direct").map(item)),
    h("h2", null, "Channels"),
    h("ul", null, channels.map(item)),
  );
  const direct = places.find((place) => place.kind === "direct");
  const count = direct ? unread(direct) : 0;
  document.title = `${count ? `(${count}) ` : ""}Nightbell demo`;
}

/** Shows where one is. */
function show() {
  if (!world.me) return;
  const isHome = at.place === "home";
  const place = world.places.get(at.place);
  $("messages").hidden = isHome;
  $("home").hidden = !isHome;
  document.body.dataset.pane = at.thread ? "thread" : "main";
  if (isHome || !place) {
    $("place").replaceChildren(h("h1", null, "🏠 Home"), h("span", { class: "hint" }, "the Home tab of Nightbell"));
    $("composer").replaceChildren();
    drawHome();
    if (isHome) act(world.me, "open_home").then((answer) => answer.ok || say(answer.said));
  } else {
    const count = `${place.members.length} members`;
    const more = place.kind === "direct" ? "your conversation with the bot" : count;
    $("place").replaceChildren(h("h1", null, named(place)), h("span", { class: "hint" }, more));
    const send = (text) => act(world.me, "type", { channel: place.id, text });
    const box = place.archived ? h("p", { class: "hint" }, "This channel is archived.") : composer(world, { label: `Message ${named(place)}`, send });
    $("composer").replaceChildren(box);
    list.show((world.messages.get(place.id) ?? []).filter((it) => !isReply(it)));
    isSeen(place.id);
  }
  showThread(place);
  drawPlaces();
}

function showThread(place) {
  const parent = place && world.messages.get(place.id)?.find((it) => it.ts === at.thread);
  $("thread").hidden = !parent;
  thread = null;
  if (!parent) return $("thread").replaceChildren();
  const node = h("ol", { class: "messages", tabindex: "0", "aria-label": "Replies" });
  const send = (text) => act(world.me, "type", { channel: place.id, thread: parent.ts, text });
  const close = h("button", { type: "button", class: "tool", "aria-label": "Close the thread", onclick: () => world.go(place.id) }, "✕");
  $("thread").replaceChildren(h("header", null, h("h2", null, "Thread"), h("span", { class: "hint" }, named(place)), close), node, composer(world, { label: "Reply…", thread: true, send }));
  thread = new List(node, true);
  thread.show([parent, ...repliesTo(place.id, parent.ts)]);
}

function drawHome() {
  if (at.place !== "home") return;
  const values = {};
  const surface = {
    world,
    async press(block, it, chosen) {
      if (it.confirm && !(await confirmed(it.confirm, world))) return;
      const answer = await act(world.me, "choose", { block_id: block.block_id, action_id: it.action_id, chosen, values });
      if (!answer.ok) say(answer.said);
    },
  };
  const drawn = world.home ? blocks(world.home.view.blocks, surface) : [h("p", { class: "hint" }, "Nothing is drawn here yet.")];
  $("home").replaceChildren(...drawn);
}

// ---- the bar ----

function drawBar() {
  const people = [...world.people.values()].filter((it) => !it.is_bot && !it.deleted);
  $("me").replaceChildren(...people.map((it) => h("option", { value: it.id }, it.real_name)));
  $("me").value = world.me;
  const weather = { rate_limited: "Slack limits every message", down: "Slack is down" }[world.weather];
  const bot = !world.bot ? "bot is starting" : world.connections ? "bot connected" : "bot not connected";
  $("bot").textContent = [weather, bot].filter(Boolean).join(" · ");
  $("bot").className = weather || !world.bot || !world.connections ? "ill" : "well";
}

function drawClock(clock) {
  const first = !world.now;
  world.now = clock.now;
  $("now").textContent = when(clock.now, world.zone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  $("now").title = `The time of ${world.zone}`;
  $("run").textContent = clock.runs ? "Hold" : "Run";
  $("run").dataset.runs = clock.runs;
  $("next").disabled = clock.next === null;
  const next = clock.next > clock.now ? ago(clock.now - clock.next) : "now";
  $("next").replaceChildren(...(clock.next === null ? ["No deadline"] : [h("span", { class: "wide" }, "Next deadline "), next]));
  return first;
}

/** Something done to the stage, by a button that waits for it. */
async function change(button, what, details) {
  button.setAttribute("aria-busy", "true");
  const answer = await stage(what, details);
  button.removeAttribute("aria-busy");
  if (!answer.ok) say(answer.said);
}

function furnish() {
  $("me").onchange = () => world.become($("me").value);
  for (const button of document.querySelectorAll("[data-pass]")) button.onclick = () => change(button, "pass", { minutes: Number(button.dataset.pass) });
  $("next").onclick = () => change($("next"), "next");
  $("run").onclick = () => change($("run"), "clock", { runs: $("run").dataset.runs !== "true" });
  $("wire").onclick = () => inspect(about, $("inspector").hidden);
  $("channels").onclick = () => (document.body.dataset.pane = document.body.dataset.pane === "side" ? "main" : "side");
  $("faults").onclick = () => {
    const weather = (name) => () => change($("faults"), "weather", { weather: name });
    const mark = (name) => (world.weather === name ? "● " : "○ ");
    menu($("faults"), [
      [`${mark("fair")}Slack is well`, weather("fair")],
      [`${mark("rate_limited")}Slack limits every message`, weather("rate_limited")],
      [`${mark("down")}Slack is down`, weather("down")],
      ["Cut the bot's connections", () => change($("faults"), "cut")],
      ["Restart the bot", () => change($("faults"), "restart")],
    ]);
  };
  document.addEventListener("visibilitychange", () => (isSeen(at.place), drawPlaces()));
  addEventListener("hashchange", arrive);
}

// ---- the inspector ----

let refreshing = null;

function inspect(message, open = true) {
  about = message;
  $("inspector").hidden = !open;
  $("wire").setAttribute("aria-pressed", String(open));
  if (open) drawInspector($("inspector"), about);
}

function refreshInspector() {
  if ($("inspector").hidden || refreshing) return;
  refreshing = setTimeout(() => ((refreshing = null), drawInspector($("inspector"), about)), 300);
}

// ---- who and where ----

/** Goes where the address says. */
function arrive() {
  const [me, place, ts] = location.hash.slice(1).split("/").map(decodeURIComponent);
  if (!me || me !== world.me) {
    at = { place: place || null, thread: ts || null };
    return connect(me);
  }
  at = { place: place || somewhere(), thread: ts || null };
  show();
}

/** Where one begins: where people write to the bot first. */
const somewhere = () => {
  const places = [...world.places.values()];
  return (places.find((it) => it.name === "ops") ?? places.find((it) => it.kind === "direct") ?? places[0])?.id;
};

function connect(me) {
  hangUp?.();
  hangUp = listen(me, {
    clock: (clock) => drawClock(clock) && show(),
    stage(it) {
      const came = world.me !== it.me;
      Object.assign(world, it, {
        people: new Map(it.people.map((member) => [member.id, member])),
        places: new Map(it.places.map((place) => [place.id, place])),
      });
      world.zone = world.people.get(it.me)?.zone || "UTC";
      if (came) recall();
      if (at.place !== "home" && !world.places.has(at.place)) at = { place: somewhere(), thread: null };
      $("lost").hidden = true;
      drawBar();
      drawPlaces();
      drawHome();
      showForm(world.views, world);
      refreshInspector();
    },
    fresh(messages) {
      receive(messages, true);
      const hash = `#${[world.me, at.place, at.thread].filter(Boolean).join("/")}`;
      if (location.hash !== hash) history.replaceState(null, "", hash);
    },
    messages: (messages) => receive(messages, false),
    lost: () => ($("lost").hidden = false),
  });
}

furnish();
arrive();
