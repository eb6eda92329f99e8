//! Reading words with a pattern.
//!
//! Running text takes as many words as it can and gives them back one by one, so a message ends at the *last* ` for ` that
//! a team follows. When nothing fits, the fault that lies furthest in is what is told: up to there the words made sense.

mod blanks;

use super::identifier::{Identifier, identifier, override_id, run_id};
use super::matched::{Matched, Piece};
use super::{Blank, Element, Pattern};
use crate::command::reading::OtherKind;
use crate::command::words::Words;
use crate::domain::ids::UserId;
use crate::domain::roster::Roster;

/// How many words a length of time has at the most: `1 week 2 days`.
const LONGEST_DURATION: usize = 4;

/// How many days of a schedule can be asked for.
pub(in crate::command) const MOST_DAYS: u32 = 92;

/// How many alerts can be named at once.
const MOST_ALERTS: usize = 20;

/// What came of reading words with a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::command) enum Match {
    /// They begin with another word.
    NotMine,
    /// They begin like the pattern and go on differently.
    Wrong(Wrong),
    /// They fit.
    Mine(Matched),
}

/// Where words stop making sense, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::command) struct Wrong {
    /// The index of the word; the number of words when one is missing.
    pub(in crate::command) at: usize,
    /// What is wrong with it.
    pub(in crate::command) fault: Fault,
}

impl Wrong {
    /// Whether more made sense before it, or it says more about the same word.
    pub(in crate::command) fn is_further_than(&self, other: &Self) -> bool {
        (self.at, self.fault.says()) > (other.at, other.fault.says())
    }
}

/// What can be wrong with a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::command) enum Fault {
    /// There is none.
    Missing(Blank),
    /// It is no alert's id.
    NotAnAlert,
    /// It is the id of something else.
    OtherKind(OtherKind),
    /// It is no length of time.
    NotADuration,
    /// It is longer than any length of time that is read.
    TooLong,
    /// It is no time.
    NotATime,
    /// It is nobody.
    NotAPerson,
    /// It is no rotation of the team.
    NotARotation,
    /// It is no override's id.
    NotAnOverride,
    /// It is no run's id.
    NotARun,
    /// It is no runbook.
    NotARunbook,
    /// It is neither an incident's id nor an alert's.
    NotACause,
    /// It is no number of days.
    NotDays,
    /// It is no incident's id.
    NotAnIncident,
    /// It is no severity.
    NotASeverity,
    /// It is no status.
    NotAStatus,
    /// It is no role.
    NotARole,
    /// It is no template.
    NotATemplate,
    /// It is no number.
    NotANumber,
    /// It is no web address.
    NotALink,
    /// It is no team's name.
    UnknownTeam,
    /// It is a person.
    Person(UserId),
    /// Nothing more was expected, or something else.
    Surplus,
}

impl Fault {
    /// Of two faults at the same word the one that says more is told.
    fn says(&self) -> u8 {
        match self {
            Self::Surplus => 0,
            // A group that may be left out says less than what has to stand there.
            Self::NotARotation | Self::NotAnIncident | Self::NotARun => 1,
            _ => 2,
        }
    }
}

impl Pattern {
    /// Whether words would fit if their first word were the one the pattern begins with.
    pub(in crate::command) fn fits_but_for_the_first_word(&self, words: Words<'_>, roster: &Roster) -> bool {
        let Some((Element::Literal(_), elements)) = self.elements.split_first() else {
            return false;
        };
        Attempt::new(words, roster).fits(&Rest { elements, then: None }, 1)
    }

    /// Reads words.
    pub(in crate::command) fn read(&self, words: Words<'_>, roster: &Roster) -> Match {
        if let Some(Element::Literal(options)) = self.elements.first() {
            let first = words.command_key(0);
            if !first.is_some_and(|first| options.contains(&first)) {
                return Match::NotMine;
            }
        }
        let words = words.without_an_open_end();
        let mut attempt = Attempt::new(words, roster);
        let all = Rest {
            elements: &self.elements,
            then: None,
        };
        if attempt.fits(&all, 0) {
            return Match::Mine(Matched { pieces: attempt.pieces });
        }
        Match::Wrong(attempt.furthest.unwrap_or(Wrong {
            at: words.len(),
            fault: Fault::Surplus,
        }))
    }
}

/// What is still to be read: the rest of a group, then what follows the group.
struct Rest<'p> {
    elements: &'p [Element],
    then: Option<&'p Rest<'p>>,
}

impl Rest<'_> {
    /// Whether what comes next may be running text.
    fn may_begin_with_text(&self) -> bool {
        let begins = |element: &Element| match element {
            Element::Blank(blank) => blank.is_running_text(),
            Element::Optional(group) => {
                matches!(group.first(), Some(Element::Blank(blank)) if blank.is_running_text())
            }
            Element::Literal(_) | Element::Choice(_) => false,
        };
        self.elements
            .first()
            .or_else(|| self.then?.elements.first())
            .is_some_and(begins)
    }
}

struct Attempt<'w> {
    words: Words<'w>,
    roster: &'w Roster,
    pieces: Vec<Piece>,
    furthest: Option<Wrong>,
}

impl<'w> Attempt<'w> {
    fn new(words: Words<'w>, roster: &'w Roster) -> Self {
        Self {
            words,
            roster,
            pieces: Vec::new(),
            furthest: None,
        }
    }

    /// Whether the rest fits the words from `at` on; the pieces are left in place when it does.
    fn fits(&mut self, rest: &Rest<'_>, at: usize) -> bool {
        let Some((element, elements)) = rest.elements.split_first() else {
            return match rest.then {
                Some(next) => self.fits(next, at),
                None if at == self.words.len() => true,
                None => self.wrong(at, Fault::Surplus),
            };
        };
        let behind = Rest {
            elements,
            then: rest.then,
        };
        match element {
            Element::Literal(options) => match self.words.command_key(at) {
                Some(word) if options.contains(&word) => {
                    let usual = options.first().cloned().unwrap_or(word);
                    self.takes(Piece::Literal(usual), &behind, at + 1)
                }
                Some(_) => self.wrong(at, Fault::Surplus),
                // The word leads to a blank, and the blank is what is missed.
                None => match behind.elements.first() {
                    Some(Element::Blank(blank)) => self.wrong(at, Fault::Missing(*blank)),
                    _ => false,
                },
            },
            Element::Choice(options) => match self.words.command_key(at) {
                Some(word) if options.contains(&word) => self.takes(Piece::Literal(word), &behind, at + 1),
                Some(_) => self.wrong(at, Fault::Surplus),
                None => false,
            },
            Element::Optional(group) => {
                let inside = Rest {
                    elements: group,
                    then: Some(&behind),
                };
                // What may be left out is not what is missing at the end.
                (at < self.words.len() && self.fits(&inside, at)) || self.fits(&behind, at)
            }
            Element::Blank(blank) if at >= self.words.len() => self.wrong(at, Fault::Missing(*blank)),
            Element::Blank(blank) => self.blank(*blank, &behind, at),
        }
    }

    fn blank(&mut self, blank: Blank, behind: &Rest<'_>, at: usize) -> bool {
        let key = self.words.command_key(at).unwrap_or_default();
        match blank {
            Blank::Alert => match identifier(&key) {
                Some(Identifier::Alert(id)) => self.takes(Piece::Alert(id), behind, at + 1),
                Some(Identifier::Incident(_)) => self.wrong(at, Fault::OtherKind(OtherKind::Incident)),
                Some(Identifier::Other(kind)) => self.wrong(at, Fault::OtherKind(kind)),
                None => self.wrong(at, Fault::NotAnAlert),
            },
            Blank::Alerts => self.alerts(behind, at),
            Blank::Who => self.who(behind, at),
            Blank::Priority => match key.parse() {
                Ok(priority) => self.takes(Piece::Priority(priority), behind, at + 1),
                Err(_) => self.wrong(at, Fault::Surplus),
            },
            Blank::Duration => self.duration(behind, at),
            Blank::Word => match self.words.key(at) {
                Some(word) if !word.is_empty() => self.takes(Piece::Word(word), behind, at + 1),
                _ => self.wrong(at, Fault::Missing(blank)),
            },
            Blank::Team => self.team(behind, at),
            Blank::User => self.user(behind, at),
            Blank::Rotation => self.rotation(behind, at),
            Blank::Time => self.time(behind, at),
            Blank::Override => match override_id(&key) {
                Some(id) => self.takes(Piece::Override(id), behind, at + 1),
                None => self.wrong(at, Fault::NotAnOverride),
            },
            Blank::Run => match run_id(&key) {
                // A number alone may begin what is said: only where that has ended it is a run.
                Some(_) if self.begins_words(&key, at) => self.wrong(at, Fault::NotARun),
                Some(id) => self.takes(Piece::Run(id), behind, at + 1),
                None => self.wrong(at, Fault::NotARun),
            },
            Blank::Runbook => self.runbook(behind, at),
            Blank::Cause => self.cause(&key, behind, at),
            Blank::Values if !self.words.slice(at, at + 1).raw().contains('=') => self.wrong(at, Fault::Missing(blank)),
            Blank::Days => match key.parse() {
                Ok(days @ 1..=MOST_DAYS) => {
                    let unit = self.words.command_key(at + 1);
                    let has_unit = matches!(unit.as_deref(), Some("day" | "days"));
                    self.takes(Piece::Days(days), behind, at + 1 + usize::from(has_unit))
                }
                _ => self.wrong(at, Fault::NotDays),
            },
            Blank::Incident => match self.incident(&key, behind, at) {
                Some(id) => self.takes(Piece::Incident(id), behind, at + 1),
                None => self.wrong(at, Fault::NotAnIncident),
            },
            Blank::Severity => self.severity(&key, behind, at),
            Blank::Status => match key.parse() {
                Ok(status) => self.takes(Piece::Status(status), behind, at + 1),
                Err(_) => self.wrong(at, Fault::NotAStatus),
            },
            Blank::Role => self.role(behind, at),
            Blank::Template => self.template(behind, at),
            Blank::Topic => self.topic(&key, behind, at),
            Blank::Link => {
                let word = self.words.slice(at, at + 1).tidy().to_owned();
                if word.starts_with("https://") || word.starts_with("http://") {
                    self.takes(Piece::Link(word), behind, at + 1)
                } else {
                    self.wrong(at, Fault::NotALink)
                }
            }
            Blank::Number => match key.trim_start_matches('#').parse() {
                Ok(number) => self.takes(Piece::Number(number), behind, at + 1),
                Err(_) => self.wrong(at, Fault::NotANumber),
            },
            Blank::Message | Blank::Text | Blank::Reason | Blank::Title | Blank::Values => {
                let is_last = behind.elements.is_empty() && behind.then.is_none();
                let least = if is_last { self.words.len() } else { at + 1 };
                if self.text_before_a_group(behind, at) {
                    return true;
                }
                (least..=self.words.len()).rev().any(|end| {
                    // Looked at first, because copying the text for every end would be quadratic.
                    if !self.may_follow(behind, end) {
                        return false;
                    }
                    let text = self.words.slice(at, end).tidy();
                    if text.is_empty() {
                        return self.wrong(at, Fault::Missing(blank));
                    }
                    self.takes(Piece::Text(text.to_owned()), behind, end)
                })
            }
        }
    }

    /// A text that ends where a group begins that may be left out: `raise the limit for @ben`. The earliest beginning that
    /// fits, of those near the end.
    fn text_before_a_group(&mut self, behind: &Rest<'_>, at: usize) -> bool {
        const NEAR_THE_END: usize = 32;
        let groups = behind.elements.iter().map(|element| match element {
            Element::Optional(group) => group.first(),
            Element::Literal(_) | Element::Choice(_) | Element::Blank(_) => None,
        });
        let firsts: Option<Vec<&Vec<String>>> = groups
            .map(|first| match first {
                Some(Element::Literal(options)) => Some(options),
                _ => None,
            })
            .collect();
        let Some(firsts) = firsts.filter(|firsts| !firsts.is_empty()) else {
            return false;
        };
        let begins = |end: &usize| {
            let word = self.words.command_key(*end);
            word.is_some_and(|word| firsts.iter().any(|options| options.contains(&word)))
        };
        let earliest = (at + 1).max(self.words.len().saturating_sub(NEAR_THE_END));
        let ends: Vec<usize> = (earliest..self.words.len()).filter(begins).collect();
        let furthest = self.furthest.clone();
        for end in ends {
            let text = self.words.slice(at, end);
            // What stands in quotes is one text.
            if text.opens_a_quote() {
                continue;
            }
            let text = text.tidy().to_owned();
            if !text.is_empty() && self.takes(Piece::Text(text), behind, end) {
                return true;
            }
        }
        // What did not fit as a group is text.
        self.furthest = furthest;
        false
    }

    /// Whether the next thing after a running text can begin at `at`: a word must be that word.
    fn may_follow(&self, behind: &Rest<'_>, at: usize) -> bool {
        match behind.elements.first() {
            Some(Element::Literal(options) | Element::Choice(options)) => {
                self.words.command_key(at).is_some_and(|word| options.contains(&word))
            }
            Some(_) | None => true,
        }
    }

    fn takes(&mut self, piece: Piece, behind: &Rest<'_>, at: usize) -> bool {
        self.pieces.push(piece);
        let fits = self.fits(behind, at);
        if !fits {
            self.pieces.pop();
        }
        fits
    }

    /// Remembers a fault; always false, so that it can end a branch.
    fn wrong(&mut self, at: usize, fault: Fault) -> bool {
        let further = self
            .furthest
            .as_ref()
            .is_none_or(|known| (at, fault.says()) > (known.at, known.fault.says()));
        let person = matches!(fault, Fault::Person(_)) && self.furthest.as_ref().is_some_and(|known| known.at == at);
        if further || person {
            self.furthest = Some(Wrong { at, fault });
        }
        false
    }
}
