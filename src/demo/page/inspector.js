// What goes over the wire: the raw JSON of a message, the newest envelopes and calls, and what a strict Slack disliked.

import { h } from "./dom.js";
import { read } from "./server.js";

const json = (value) => h("pre", { class: "json", tabindex: "0" }, JSON.stringify(value, null, 2));
const fold = (title, value, bad) => h("details", null, h("summary", { class: bad ? "bad" : "" }, title), json(value));

/** The drawer; `about` is the message whose JSON is shown, or nothing. */
export async function draw(place, about) {
  const [wire, message] = await Promise.all([read("wire"), about && read(`raw?channel=${about.channel}&ts=${about.ts}`)]);
  if (!wire) return;
  const open = [...place.querySelectorAll("details[open] > summary")].map((it) => it.textContent);
  place.replaceChildren(
    message ? h("section", null, h("h3", null, "This message"), json(message)) : h("p", { class: "hint" }, "Choose “Show the raw message” in the menu of a message to see it here."),
    wire.complaints.length > 0 && h("section", null, h("h3", { class: "bad" }, "What Slack would have disliked"), h("ul", null, wire.complaints.map((it) => h("li", null, it)))) || "",
    h("section", null, h("h3", null, "Envelopes, the newest first"), wire.envelopes.map((it) => fold(envelope(it), it.frame))),
    h("section", null, h("h3", null, "Calls of the Web API, the newest first"), wire.calls.map((it) => fold(`${it.method}${it.error ? ` → ${it.error}` : ""}`, it.arguments, it.error))),
  );
  for (const details of place.querySelectorAll("details")) details.open = open.includes(details.firstChild.textContent);
}

function envelope({ frame, stands }) {
  const it = frame.payload;
  const what = it.command ? `${it.command} ${it.text}` : (it.event?.type ?? it.type);
  return `${frame.envelope_id} ${frame.type}: ${what} (${stands.toLowerCase()})`;
}
