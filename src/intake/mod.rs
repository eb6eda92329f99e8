//! What programs post in channels, and what it means: a rule turns a bot's post into a [`Report`].
//!
//! Monitoring that can post in Slack needs no endpoint of ours. A [`Rule`] belongs to a channel and says which posts it is
//! about (patterns on text, title, colour and fields), for whom, how urgent, what counts as the same thing (`key`), and
//! how the post looks that says it is over (`cleared`). The first rule of a channel that fits a post decides. What fits
//! no rule is left alone.
//!
//! Everything here is pure and bounded: patterns run in linear time (the `regex` crate has no backtracking), and texts
//! are cut before they are looked at.

mod post;
mod template;

use std::collections::BTreeMap;

use regex::Regex;

pub use post::{Attachment, Post};
pub use template::{Template, TemplateError};

use crate::domain::alert::{AfterClearing, Firing, Observation, Report};
use crate::domain::ids::{ChannelId, TeamId};
use crate::domain::priority::Priority;
use post::Seen;
use template::Values;

/// The most reports that come from one post.
const REPORTS: usize = 20;
/// The longest summary, in characters.
const LONGEST_SUMMARY: usize = 3000;
/// The longest key, in characters.
const LONGEST_KEY: usize = 300;

/// A rule in its channel.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Whose posts.
    pub channel: ChannelId,
    /// The channel as the configuration names it.
    pub place: String,
    /// What it says.
    pub criteria: Criteria,
}

/// Which posts a rule is about, and what they mean.
#[derive(Debug, Clone)]
pub struct Criteria {
    /// What the author is called.
    pub from: Option<Regex>,
    /// What is in the text.
    pub text: Option<Regex>,
    /// What is in the title.
    pub title: Option<Regex>,
    /// What the colour is.
    pub colour: Option<Regex>,
    /// What is in fields, by their names in lower case.
    pub fields: BTreeMap<String, Regex>,
    /// The team that answers for it.
    pub team: TeamId,
    /// How urgent it is.
    pub priority: Priority,
    /// What it is about.
    pub service: Option<Template>,
    /// What is wrong, in words; the title where nothing is said.
    pub summary: Option<Template>,
    /// What counts as the same thing; the summary where nothing is said.
    pub key: Option<Template>,
    /// What a post has in it that says that it is over.
    pub cleared: Option<Regex>,
    /// What becomes of the alert then.
    pub then: AfterClearing,
}

/// What a bot's post reports: one report an attachment, one for a post without any.
pub fn reports(rules: &[Rule], post: &Post) -> Vec<Report> {
    let rules: Vec<&Rule> = rules.iter().filter(|rule| rule.channel == post.channel).collect();
    if rules.is_empty() {
        return Vec::new();
    }
    post.seen()
        .take(REPORTS)
        .filter_map(|seen| rules.iter().find_map(|rule| rule.report(&seen)))
        .collect()
}

impl Rule {
    fn report(&self, seen: &Seen) -> Option<Report> {
        let criteria = &self.criteria;
        let mut values = Values::of(seen);
        if !values.take(criteria.from.as_ref(), &seen.author) {
            return None;
        }
        let fits = criteria.fits(seen, &mut values);
        let (what, summary) = if values.takes_given(criteria.cleared.as_ref(), &seen.everything()) {
            (Observation::Cleared { then: criteria.then }, None)
        } else if fits {
            let summary = criteria.summary(seen, &values)?;
            let firing = Firing {
                summary: summary.clone(),
                priority: criteria.priority,
                service: criteria.service.as_ref().and_then(|service| service.fill(&values)),
                labels: seen.labels(),
            };
            (Observation::Firing(firing), Some(summary))
        } else {
            return None;
        };
        let key = match &criteria.key {
            Some(key) => Some(key.fill(&values)?),
            None => summary,
        };
        Some(Report {
            source: seen.source(&self.place),
            team: criteria.team.clone(),
            key: key.map(|key| cut(&key, LONGEST_KEY)),
            what,
        })
    }
}

impl Criteria {
    /// Whether every pattern that is given is found; what they capture goes to `values`.
    fn fits(&self, seen: &Seen, values: &mut Values) -> bool {
        let mut fits = values.take(self.text.as_ref(), &seen.text);
        fits &= values.take(self.title.as_ref(), &seen.title);
        fits &= values.take(self.colour.as_ref(), &seen.colour);
        for (name, pattern) in &self.fields {
            fits &= seen.field(name).is_some_and(|value| values.take(Some(pattern), value));
        }
        fits
    }

    fn summary(&self, seen: &Seen, values: &Values) -> Option<String> {
        let summary = match &self.summary {
            Some(summary) => summary.fill(values)?,
            None => seen.headline().to_owned(),
        };
        Some(cut(summary.trim(), LONGEST_SUMMARY)).filter(|summary| !summary.is_empty())
    }

    /// The names that its patterns capture.
    pub fn captured(&self) -> impl Iterator<Item = &str> {
        let patterns = [&self.from, &self.text, &self.title, &self.colour, &self.cleared];
        let patterns = patterns.into_iter().flatten().chain(self.fields.values());
        patterns.flat_map(|pattern| pattern.capture_names().flatten())
    }
}

fn cut(text: &str, limit: usize) -> String {
    text.chars().take(limit).collect()
}

#[cfg(test)]
mod tests;
