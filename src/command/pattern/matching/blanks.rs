//! The kinds of blanks that take some looking: whom, what and when.

use super::{Attempt, Fault, LONGEST_DURATION, MOST_ALERTS, Rest};
use crate::command::names::{LONGEST_NAME, Named, named};
use crate::command::pattern::identifier::{Identifier, identifier};
use crate::command::pattern::matched::Piece;
use crate::command::reading::OtherKind;
use crate::command::time::{self, Moment};
use crate::domain::duration::{self, NotADuration};
use crate::domain::ids::{AlertId, IncidentId};
use crate::domain::incident::Topic;
use crate::domain::roster::fold;

impl Attempt<'_> {
    /// As many ids as there are, and fewer where something else has to follow.
    pub(super) fn alerts(&mut self, behind: &Rest<'_>, at: usize) -> bool {
        let id = |attempt: &Self, at: usize| attempt.words.command_key(at).and_then(|key| identifier(&key));
        let mut ids = Vec::new();
        while ids.len() < MOST_ALERTS
            && let Some(Identifier::Alert(alert)) = id(self, at + ids.len())
        {
            ids.push(alert);
        }
        match id(self, at + ids.len()) {
            Some(Identifier::Incident(_)) => self.wrong(at + ids.len(), Fault::OtherKind(OtherKind::Incident)),
            Some(Identifier::Other(kind)) => self.wrong(at + ids.len(), Fault::OtherKind(kind)),
            None if ids.is_empty() => self.wrong(at, Fault::NotAnAlert),
            Some(Identifier::Alert(_)) | None => false,
        };
        for count in (1..=ids.len()).rev() {
            let before = self.pieces.len();
            self.pieces.extend(ids[..count].iter().map(|id| Piece::Alert(*id)));
            if self.fits(behind, at + count) {
                return true;
            }
            self.pieces.truncate(before);
        }
        false
    }

    pub(super) fn who(&mut self, behind: &Rest<'_>, at: usize) -> bool {
        let left = self.words.len() - at;
        for count in (1..=left.min(LONGEST_NAME)).rev() {
            let taken = match named(self.words.slice(at, at + count), self.roster) {
                Named::Team(team) => self.takes(Piece::Team(team), behind, at + count),
                Named::Person(person) => self.takes(Piece::Person(person), behind, at + count),
                Named::Nobody => self.wrong(at, Fault::UnknownTeam),
            };
            if taken {
                return true;
            }
        }
        false
    }

    pub(super) fn user(&mut self, behind: &Rest<'_>, at: usize) -> bool {
        let left = self.words.len() - at;
        for count in (1..=left.min(LONGEST_NAME)).rev() {
            if let Named::Person(person) = named(self.words.slice(at, at + count), self.roster)
                && self.takes(Piece::Person(person), behind, at + count)
            {
                return true;
            }
        }
        let is_me = matches!(self.words.command_key(at).as_deref(), Some("me" | "myself"));
        (is_me && self.takes(Piece::Me, behind, at + 1)) || self.wrong(at, Fault::NotAPerson)
    }

    /// `sev2`, `sev 2`; `2` alone where nothing else can be meant.
    pub(super) fn severity(&mut self, key: &str, behind: &Rest<'_>, at: usize) -> bool {
        let next = self.words.command_key(at + 1);
        if let Ok(severity) = key.parse() {
            return self.takes(Piece::Severity(severity), behind, at + 1);
        }
        let number = match key {
            "sev" | "severity" => next.clone(),
            _ => None,
        };
        if let Some(Ok(severity)) = number.map(|number| format!("sev{number}").parse()) {
            return self.takes(Piece::Severity(severity), behind, at + 2);
        }
        let ends = !behind.may_begin_with_text() && next.is_none_or(|next| next == "because");
        match format!("sev{key}").parse() {
            Ok(severity) if ends => self.takes(Piece::Severity(severity), behind, at + 1),
            _ => self.wrong(at, Fault::NotASeverity),
        }
    }

    /// An incident's id; a bare number only where it cannot be the beginning of a text.
    pub(super) fn incident(&self, key: &str, behind: &Rest<'_>, at: usize) -> Option<IncidentId> {
        let is_last = at + 1 == self.words.len();
        match identifier(key)? {
            Identifier::Incident(id) => Some(id),
            Identifier::Alert(AlertId(number)) if is_last || !behind.may_begin_with_text() => {
                (!key.starts_with('a')).then_some(IncidentId(number))
            }
            Identifier::Alert(_) | Identifier::Other(_) => None,
        }
    }

    pub(super) fn topic(&mut self, key: &str, behind: &Rest<'_>, at: usize) -> bool {
        let known = match (key, identifier(key)) {
            ("all", _) => Some(Topic::All),
            ("customers", _) => Some(Topic::Customers),
            (_, Some(Identifier::Incident(id))) => Some(Topic::Incident(id)),
            _ => key.parse().ok().map(Topic::Severity),
        };
        if let Some(topic) = known {
            return self.takes(Piece::Topic(topic), behind, at + 1);
        }
        let left = self.words.len() - at;
        for count in (1..=left.min(LONGEST_NAME)).rev() {
            let end = at + count;
            let topic = if key == "service" {
                let name = self.words.slice(at + 1, end).tidy();
                (!name.is_empty()).then(|| Topic::Service(name.to_owned()))
            } else {
                match named(self.words.slice(at, end), self.roster) {
                    Named::Team(team) => Some(Topic::Team(team)),
                    Named::Person(_) | Named::Nobody => None,
                }
            };
            // What may follow is no part of a name.
            if let Some(topic) = topic
                && !(key == "service" && count > 2 && self.is_after_a_topic(end - 1))
                && self.takes(Piece::Topic(topic), behind, end)
            {
                return true;
            }
        }
        self.wrong(at, Fault::UnknownTeam)
    }

    pub(super) fn is_after_a_topic(&self, at: usize) -> bool {
        const AFTER: [&str; 5] = ["here", "me", "updates", "status", "resolved"];
        self.words
            .command_key(at)
            .is_some_and(|word| AFTER.contains(&word.as_str()))
    }

    pub(super) fn role(&mut self, behind: &Rest<'_>, at: usize) -> bool {
        let roles: Vec<String> = self.roster.incidents.all_roles().map(str::to_owned).collect();
        let left = self.words.len() - at;
        for count in (1..=left.min(LONGEST_NAME)).rev() {
            let typed = fold(self.words.slice(at, at + count).raw());
            let exactly = roles.iter().find(|role| fold(role) == typed);
            if let Some(role) = exactly.or_else(|| shortened(&typed, &roles))
                && self.takes(Piece::Role(role.clone()), behind, at + count)
            {
                return true;
            }
        }
        self.wrong(at, Fault::NotARole)
    }

    pub(super) fn template(&mut self, behind: &Rest<'_>, at: usize) -> bool {
        let roster = self.roster;
        let left = self.words.len() - at;
        for count in (1..=left.min(LONGEST_NAME)).rev() {
            let typed = self.words.slice(at, at + count).raw();
            if let Some(template) = roster.incidents.template(typed)
                && self.takes(Piece::Template(template.name.clone()), behind, at + count)
            {
                return true;
            }
        }
        self.wrong(at, Fault::NotATemplate)
    }

    /// A rotation of the team that was named before.
    pub(super) fn rotation(&mut self, behind: &Rest<'_>, at: usize) -> bool {
        let team = self.pieces.iter().rev().find_map(|piece| match piece {
            Piece::Team(team) => Some(team),
            _ => None,
        });
        let names: Vec<String> = team
            .and_then(|team| self.roster.teams.get(team))
            .map(|team| team.rotations.iter().map(|rotation| rotation.name.clone()).collect())
            .unwrap_or_default();
        let left = self.words.len() - at;
        for count in (1..=left.min(LONGEST_NAME)).rev() {
            let typed = self.words.slice(at, at + count).raw().to_lowercase();
            if let Some(name) = names.iter().find(|name| name.to_lowercase() == typed)
                && self.takes(Piece::Rotation(name.clone()), behind, at + count)
            {
                return true;
            }
        }
        self.wrong(at, Fault::NotARotation)
    }

    /// Whether a bare number has words behind it that it may belong to.
    pub(super) fn begins_words(&self, key: &str, at: usize) -> bool {
        let next = self.words.command_key(at + 1);
        key.starts_with(|letter: char| letter.is_ascii_digit()) && next.is_some_and(|next| next != "because")
    }

    pub(super) fn runbook(&mut self, behind: &Rest<'_>, at: usize) -> bool {
        let left = self.words.len() - at;
        for count in (1..=left.min(LONGEST_NAME)).rev() {
            let typed = self.words.slice(at, at + count).raw().to_lowercase();
            if let Some(book) = self.roster.runbooks.named(typed.trim_matches(['"', '`', '“', '”']))
                && self.takes(Piece::Runbook(book.id.clone()), behind, at + count)
            {
                return true;
            }
        }
        self.wrong(at, Fault::NotARunbook)
    }

    /// What something is for; a bare number does not say whether it is an incident or an alert.
    pub(super) fn cause(&mut self, key: &str, behind: &Rest<'_>, at: usize) -> bool {
        match identifier(key) {
            Some(Identifier::Incident(id)) => self.takes(Piece::Incident(id), behind, at + 1),
            Some(Identifier::Alert(id)) if key.starts_with('a') => self.takes(Piece::Alert(id), behind, at + 1),
            Some(Identifier::Other(kind)) => self.wrong(at, Fault::OtherKind(kind)),
            Some(Identifier::Alert(_)) | None => self.wrong(at, Fault::NotACause),
        }
    }

    pub(super) fn time(&mut self, behind: &Rest<'_>, at: usize) -> bool {
        let left = self.words.len() - at;
        for count in (1..=left.min(time::LONGEST)).rev() {
            let typed = self.words.slice(at, at + count);
            if let Some(moment) = Moment::parse(typed.raw())
                && self.takes(Piece::Time(moment), behind, at + count)
            {
                return true;
            }
        }
        self.wrong(at, Fault::NotATime)
    }

    pub(super) fn duration(&mut self, behind: &Rest<'_>, at: usize) -> bool {
        let left = self.words.len() - at;
        let longest = left.min(LONGEST_DURATION);
        let mut is_one = false;
        for count in (1..=longest).rev() {
            match duration::parse(&self.words.slice(at, at + count).raw().to_lowercase()) {
                Ok(length) => {
                    is_one = true;
                    if self.takes(Piece::Duration(length), behind, at + count) {
                        return true;
                    }
                }
                Err(NotADuration::TooLong) => return self.wrong(at, Fault::TooLong),
                Err(NotADuration::Unreadable) => {}
            }
        }
        !is_one && self.wrong(at, Fault::NotADuration)
    }

    pub(super) fn team(&mut self, behind: &Rest<'_>, at: usize) -> bool {
        let is_last = behind.elements.is_empty() && behind.then.is_none();
        let left = self.words.len() - at;
        if is_last && left > LONGEST_NAME {
            return self.wrong(at, Fault::UnknownTeam);
        }
        let least = if is_last { left } else { 1 };
        for count in (least..=left.min(LONGEST_NAME)).rev() {
            match named(self.words.slice(at, at + count), self.roster) {
                Named::Team(team) => {
                    if self.takes(Piece::Team(team), behind, at + count) {
                        return true;
                    }
                }
                Named::Person(person) => {
                    self.wrong(at, Fault::Person(person));
                }
                Named::Nobody => {
                    self.wrong(at, Fault::UnknownTeam);
                }
            }
        }
        false
    }
}

/// The only role that a word is the beginning of: `comms`.
fn shortened<'r>(typed: &str, roles: &'r [String]) -> Option<&'r String> {
    let begun = typed.trim_end_matches('s');
    let mut fitting = roles.iter().filter(|role| fold(role).starts_with(begun));
    let only = fitting.next().filter(|_| begun.chars().count() >= 3)?;
    fitting.next().is_none().then_some(only)
}
