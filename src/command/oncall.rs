//! `/oncall`: who is on call, and changing it.

use chrono::{DateTime, Utc};

use super::help;
use super::pattern::{Blank, Match, Matched, Wrong};
use super::reading::{Draft, Problem, Question, Reading, Whose};
use super::table::{Action, Command, Usage};
use super::time::{Day, Moment};
use super::words::Words;
use super::{Speaker, alert, names};
use crate::domain::Request;
use crate::domain::oncall::Ask;

/// How many days of a schedule are shown, where nobody says.
const USUAL_DAYS: u32 = 14;

/// Reads what follows `/oncall`.
pub(super) fn read(
    command: &'static Command,
    words: Words<'_>,
    speaker: &Speaker<'_>,
) -> Result<Reading, Box<Problem>> {
    // Usages that begin with a word go first: a team may be called `help`, but help must be found.
    let (worded, others): (Vec<_>, Vec<_>) = command
        .usages
        .iter()
        .partition(|usage| usage.pattern.first_word().is_some());
    let mut wrong: Option<(&'static Usage, Wrong)> = None;
    for usage in worded.into_iter().chain(others) {
        match usage.read(words, speaker.roster) {
            Match::NotMine => {}
            // Nothing at all opens a form; something else is no mistake in it.
            Match::Wrong(_) if usage.pattern.as_str().is_empty() => {}
            Match::Mine(matched) => return alert::act(command, usage, &matched, speaker),
            Match::Wrong(_) if usage.action == Action::Help => {
                return Ok(Reading::Show(Question::Help {
                    command,
                    word: words.key(1),
                }));
            }
            // Several usages begin with the same word: the one that fits furthest is what was meant.
            Match::Wrong(fault) => {
                let is_worded = usage.pattern.first_word().is_some();
                if wrong
                    .as_ref()
                    .is_none_or(|(_, known)| is_worded && fault.is_further_than(known))
                {
                    wrong = Some((usage, fault));
                }
            }
        }
    }
    let word = words.command_key(0).unwrap_or_default();
    let close = help::close_to(command, &word);
    let alone = words.len() == 1 && !names::is_nearly_a_team(&word, speaker.roster) && !close.is_empty();
    let slip = alone
        || close
            .iter()
            .any(|usage| usage.pattern.fits_but_for_the_first_word(words, speaker.roster));
    match wrong {
        Some((usage, wrong)) if !slip || usage.pattern.first_word().is_some() => {
            Err(alert::problem(usage, words, wrong, speaker).into())
        }
        Some(_) | None => Err(Problem::UnknownWord {
            nearest: help::nearest(command, &word),
            word,
            draft: Draft {
                summary: words.tidy().to_owned(),
                ..Draft::default()
            },
        }
        .into()),
    }
}

/// What a usage that fits leads to.
pub(super) fn act(usage: &'static Usage, matched: &Matched, speaker: &Speaker<'_>) -> Result<Reading, Box<Problem>> {
    let missing = |blank| Box::new(Problem::Missing { usage, blank });
    let team = || matched.team().cloned().ok_or_else(|| missing(Blank::Team));
    let person = || matched.person_or(speaker.by).ok_or_else(|| missing(Blank::User));
    let id = || matched.override_id().ok_or_else(|| missing(Blank::Override));
    let times = times(matched, speaker)?;
    let time = |at: usize| times.get(at).copied().ok_or_else(|| missing(Blank::Time));
    let rotation = matched.rotation().map(str::to_owned);
    let ends = || match matched.duration() {
        Some(length) => speaker
            .now
            .checked_add_signed(length)
            .ok_or_else(|| missing(Blank::Duration)),
        None => times.last().copied().ok_or_else(|| missing(Blank::Time)),
    };
    let ask = |ask| Reading::Ask(Request::OnCall(ask));
    Ok(match usage.action {
        Action::Schedule => Reading::Show(Question::Schedule {
            team: team()?,
            days: matched.days().unwrap_or(USUAL_DAYS),
        }),
        Action::Shifts => Reading::Show(Question::Shifts(speaker.by.clone())),
        Action::Calendar => Reading::Calendar(match matched.team() {
            Some(team) => Whose::Team(team.clone()),
            None => Whose::Person(speaker.by.clone()),
        }),
        Action::Explain => Reading::Show(Question::Explain {
            team: team()?,
            at: times.first().copied(),
        }),
        Action::Reachable => Reading::Show(Question::Reachable(matched.team().cloned())),
        Action::Take => ask(Ask::Override {
            team: team()?,
            rotation,
            who: speaker.by.clone(),
            from: None,
            until: ends()?,
        }),
        Action::Override => ask(Ask::Override {
            team: team()?,
            rotation,
            who: person()?,
            from: Some(time(0)?),
            until: time(1)?,
        }),
        Action::Cover => ask(Ask::Cover {
            team: matched.team().cloned(),
            from: (times.len() > 1).then(|| times[0]),
            until: ends()?,
        }),
        Action::Swap => ask(Ask::Swap {
            with: person()?,
            mine: time(0)?,
            theirs: time(1)?,
        }),
        Action::Cancel => ask(Ask::Cancel(id()?)),
        Action::Underwater => Reading::Ask(Request::Underwater {
            team: matched.team().cloned(),
            text: matched.text().map(str::to_owned),
        }),
        Action::Duties => Reading::Show(Question::Duties {
            team: matched.team().cloned(),
            by: speaker.by.clone(),
        }),
        Action::Unavailable => ask(Ask::Unavailable { until: ends()? }),
        Action::Available => ask(Ask::Available),
        Action::HandoffNote => Reading::Ask(Request::HandoffNote {
            team: team()?,
            text: matched.text().map(str::to_owned).ok_or_else(|| missing(Blank::Text))?,
        }),
        _ => Reading::Show(match matched.person() {
            Some(person) => Question::OnCallOf(person.clone()),
            None => Question::OnCall(matched.team().cloned()),
        }),
    })
}

/// The instants that were meant, on the speaker's clock. After a beginning, an end that names only a time or a weekday is
/// the next one after it.
pub(super) fn times(matched: &Matched, speaker: &Speaker<'_>) -> Result<Vec<DateTime<Utc>>, Box<Problem>> {
    let zone = speaker.roster.zone_of(speaker.by);
    let mut instants = Vec::new();
    for moment in matched.times() {
        let since = match moment {
            // Today and tomorrow are the speaker's, whatever was said before them.
            Moment::Wall {
                day: Day::Today | Day::Tomorrow,
                ..
            }
            | Moment::In(_)
            | Moment::Now
            | Moment::Exact(_) => speaker.now,
            Moment::Wall { .. } => instants.last().copied().unwrap_or(speaker.now),
        };
        let instant = moment.on(zone, since).map_err(|why| Problem::NoInstant { why })?;
        instants.push(instant);
    }
    Ok(instants)
}
