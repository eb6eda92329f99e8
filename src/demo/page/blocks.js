// Block Kit: https://docs.slack.dev/reference/block-kit/blocks

import { h } from "./dom.js";
import { element } from "./elements.js";
import { channel, emoji, group, link, markup, moment, person } from "./markup.js";

/** Blocks, one below the other, on a surface (see elements.js). */
export function blocks(list, surface) {
  return (list ?? []).map((block) => (DRAWN[block.type] ?? unknown)(block, surface));
}

const unknown = (block) => h("p", { class: "unknown" }, `(a ${block.type} block is not drawn here)`);
const text = (it, surface) => (it.type === "mrkdwn" ? markup(it.text, surface.world) : it.text);

/** Images from elsewhere are not loaded: this page asks nothing of any other address. */
function image(it, small) {
  if (it.image_url.startsWith("data:image/")) return h("img", { src: it.image_url, alt: it.alt_text, class: small ? "small" : "" });
  return h("span", { class: small ? "picture small" : "picture", title: it.image_url, role: "img", "aria-label": it.alt_text }, small ? "🖼" : `🖼 ${it.alt_text}`);
}

const DRAWN = {
  header: (it) => h("h3", { class: "block header" }, it.text.text),
  divider: () => h("hr", { class: "block" }),
  context: (it, surface) =>
    h("div", { class: "block context" }, it.elements.map((part) => (part.type === "image" ? image(part, true) : h("span", null, text(part, surface))))),
  actions: (it, surface) => h("div", { class: "block actions" }, it.elements.map((part) => element(part, it, surface))),
  image: (it) => h("figure", { class: "block" }, it.title && h("figcaption", null, it.title.text), image(it)),

  section(it, surface) {
    const accessory = it.accessory && (it.accessory.type === "image" ? image(it.accessory) : element(it.accessory, it, surface));
    const fields = it.fields && h("div", { class: "fields" }, it.fields.map((field) => h("div", null, text(field, surface))));
    return h("div", { class: "block section" }, h("div", { class: "said" }, it.text && h("div", { class: it.text.type }, text(it.text, surface)), fields), accessory && h("div", { class: "accessory" }, accessory));
  },

  input(it, surface) {
    const field = element(it.element, it, surface);
    const id = `field-${it.block_id}`;
    field.setAttribute("aria-describedby", `${id}-more`);
    const optional = it.optional && h("span", { class: "optional" }, " (optional)");
    const more = h("div", { id: `${id}-more` }, it.hint && h("div", { class: "hint" }, it.hint.text), h("div", { class: "error", role: "alert", "data-error": it.block_id }));
    return h("div", { class: "block field" }, h("div", { class: "label", "aria-hidden": "true" }, it.label.text, optional), field, more);
  },

  rich_text: (it, surface) => h("div", { class: "block rich" }, it.elements.map((part) => (RICH[part.type] ?? unknown)(part, surface))),
};

const RICH = {
  rich_text_section: (it, surface) => h("div", null, it.elements.map((leaf) => styled(leaf, surface))),
  rich_text_quote: (it, surface) => h("blockquote", null, it.elements.map((leaf) => styled(leaf, surface))),
  rich_text_preformatted: (it, surface) => h("pre", null, it.elements.map((leaf) => styled(leaf, surface))),
  rich_text_list: (it, surface) =>
    h(it.style === "ordered" ? "ol" : "ul", { class: `indent-${Math.min(it.indent ?? 0, 6)}` }, it.elements.map((item) => h("li", null, RICH.rich_text_section(item, surface)))),
};

function styled(leaf, surface) {
  let node = (LEAVES[leaf.type] ?? LEAVES.text)(leaf, surface.world);
  for (const [style, tag] of [["code", "code"], ["bold", "b"], ["italic", "i"], ["strike", "s"], ["underline", "u"]])
    if (leaf.style?.[style]) node = h(tag, null, node);
  return node;
}

const LEAVES = {
  text: (it) => it.text ?? "",
  link: (it, world) => link(it.url, world, it.text ?? it.url),
  emoji: (it) => emoji(it.name),
  user: (it, world) => person(it.user_id, world),
  channel: (it, world) => channel(it.channel_id, world),
  usergroup: (it, world) => group(it.usergroup_id, world),
  broadcast: (it) => h("span", { class: "mention me" }, `@${it.range}`),
  date: (it, world) => moment(it.timestamp, it.format, world),
};
