//! A bot's post, and what a rule sees of it.

use std::collections::BTreeMap;

use crate::domain::ids::ChannelId;

/// As much of a text as is looked at, in characters.
const LOOKED_AT: usize = 8000;
/// How many fields are kept as labels, and how much of each.
const LABELS: usize = 10;
const LABEL_NAME: usize = 40;
const LABEL_VALUE: usize = 200;

/// What a program posted; all texts are plain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Where.
    pub channel: ChannelId,
    /// What the program is called, where Slack says so.
    pub author: String,
    /// The text.
    pub text: String,
    /// What is attached.
    pub attachments: Vec<Attachment>,
}

/// An attachment: the part of a post in which monitors say most of what they have to say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
    /// The colour at its side: `good`, `warning`, `danger`, or like `#d00000`.
    pub colour: String,
    /// Its fields: name and value.
    pub fields: Vec<(String, String)>,
}

/// What a rule looks at: one attachment and the post around it.
pub(super) struct Seen {
    pub(super) author: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) colour: String,
    fields: Vec<(String, String)>,
}

impl Post {
    /// Each attachment with the post around it; the post itself where nothing is attached.
    pub(super) fn seen(&self) -> impl Iterator<Item = Seen> {
        let bare = self.attachments.is_empty().then(Attachment::default);
        let attachments: Vec<Attachment> = self.attachments.iter().cloned().chain(bare).collect();
        attachments.into_iter().map(|attachment| {
            let texts = [self.text.as_str(), attachment.text.as_str()];
            let text = texts.into_iter().filter(|text| !text.trim().is_empty());
            let text: String = text.collect::<Vec<_>>().join("\n").chars().take(LOOKED_AT).collect();
            let title = if attachment.title.trim().is_empty() {
                text.lines().next().unwrap_or_default().to_owned()
            } else {
                attachment.title.chars().take(LOOKED_AT).collect()
            };
            Seen {
                author: self.author.clone(),
                title,
                text,
                colour: attachment.colour,
                fields: attachment.fields,
            }
        })
    }
}

impl Seen {
    /// The title, or the first line of the text.
    pub(super) fn headline(&self) -> &str {
        self.title.trim()
    }

    /// The value of a field, by its name in lower case.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let found = self
            .fields
            .iter()
            .find(|(known, _)| known.trim().to_lowercase() == name);
        found.map(|(_, value)| value.as_str())
    }

    /// All of it, a line each: what `cleared` is looked for in.
    pub(super) fn everything(&self) -> String {
        let fields = self.fields.iter().map(|(name, value)| format!("{name}: {value}"));
        let lines = [self.title.clone(), self.text.clone(), self.colour.clone()];
        lines.into_iter().chain(fields).collect::<Vec<_>>().join("\n")
    }

    /// Its fields, as the alert keeps them.
    pub(super) fn labels(&self) -> BTreeMap<String, String> {
        let short = |text: &str, limit| text.trim().chars().take(limit).collect::<String>();
        let labels = self.fields.iter().take(LABELS);
        labels
            .map(|(name, value)| (short(name, LABEL_NAME), short(value, LABEL_VALUE)))
            .filter(|(name, value)| !name.is_empty() && !value.is_empty())
            .collect()
    }

    /// Who says so, and where.
    pub(super) fn source(&self, place: &str) -> String {
        if self.author.trim().is_empty() {
            format!("a program in {place}")
        } else {
            let author: String = self.author.trim().chars().take(80).collect();
            format!("{author} in {place}")
        }
    }
}
