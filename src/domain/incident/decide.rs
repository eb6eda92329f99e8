//! What is allowed: a request and an incident make events, or a refusal that says why not.
//!
//! Doing twice what one did is no error: no events, and a friendly answer.

use chrono::{DateTime, TimeDelta, Utc};

use super::describe::{services, title};
use super::{Analysis, Ask, Declaration, Event, Home, Incident, LEAD, Moment, Nag, Refusal, Status, Words, name};
use crate::domain::alert::on_call;
use crate::domain::ids::{ChannelId, IncidentId, TeamId, UserId};
use crate::domain::oncall::Staff;
use crate::domain::roster::{Roster, fold};

/// The shortest and the longest time a reminder is moved by.
const SNOOZE: (TimeDelta, TimeDelta) = (TimeDelta::minutes(1), TimeDelta::days(7));

/// Begins an incident.
pub(super) fn declare(
    id: IncidentId,
    by: &UserId,
    what: &Declaration,
    alerts: &dyn Fn(crate::domain::ids::AlertId) -> bool,
    staff: Staff<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let title = title(&what.title)?;
    if let Some(alert) = what.alert.filter(|alert| !alerts(*alert)) {
        return Err(Refusal::NoSuchAlert { id: alert });
    }
    if let Some(team) = what.team.as_ref().filter(|team| !staff.teams.contains_key(*team)) {
        return Err(Refusal::NoSuchTeam { team: team.clone() });
    }
    let has_room = staff.incidents.rooms.contains(&what.severity);
    Ok(vec![Event::Declared {
        by: by.clone(),
        severity: what.severity,
        scope: what.scope,
        services: services(&what.services),
        team: what.team.clone(),
        alert: what.alert,
        room: has_room.then(|| name::of(id, &title)),
        people: people(by, what.team.as_ref(), staff, now),
        card: board(staff.roster),
        cadence: staff.incidents.cadence,
        title,
    }])
}

/// Where cards of incidents stand.
fn board(roster: &Roster) -> Result<ChannelId, String> {
    let channel = roster.incidents.channel.clone();
    channel.unwrap_or_else(|| Ok(roster.fallback.clone()))
}

/// Who is to be there: whoever said so, and whoever is on call.
fn people(by: &UserId, team: Option<&TeamId>, staff: Staff<'_>, now: DateTime<Utc>) -> Vec<UserId> {
    let mut people = vec![by.clone()];
    let on_call = team.map(|team| on_call(team, staff, now)).unwrap_or_default();
    people.extend(on_call);
    people.sort_unstable();
    people.dedup();
    people
}

impl Incident {
    /// What follows from a wish.
    pub(super) fn ask(
        &self,
        by: &UserId,
        ask: &Ask,
        alerts: &dyn Fn(crate::domain::ids::AlertId) -> bool,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let by = by.clone();
        match ask {
            Ask::Status { to, note } => self.to_status(by, *to, note.as_deref()),
            Ask::Severity { to, because } => {
                self.open(None)?;
                if self.severity == *to {
                    return Ok(Vec::new());
                }
                // What was in a thread moves into a channel when it turns out to be bad, never back.
                let moves = self.home == Home::Thread && staff.incidents.rooms.contains(to);
                let was_refused = |moment: &Moment| matches!(moment.what, Event::RoomRefused { .. });
                let moves = moves && !self.timeline.iter().any(was_refused);
                Ok(vec![Event::SeverityChanged {
                    people: people(&by, self.team.as_ref(), staff, now),
                    by,
                    from: self.severity,
                    to: *to,
                    because: tidy(because.as_deref()),
                    room: moves.then(|| name::of(self.id, &self.title)),
                }])
            }
            Ask::Describe(details) => self.describe(by, details, staff, now),
            Ask::Role { role, who } => self.give(by, role, who, staff.roster),
            Ask::TakeLead => match self.lead() {
                Some(lead) if *lead == by => Ok(Vec::new()),
                Some(lead) => Err(Refusal::HasLead {
                    id: self.id,
                    lead: lead.clone(),
                }),
                None => self.give(by.clone(), LEAD, &by, staff.roster),
            },
            Ask::Update(words) => {
                let words = self.words(words)?;
                Ok(vec![Event::Updated { by, words }])
            }
            Ask::EditUpdate { number, words } => self.edit(by, *number, words),
            Ask::Note(text) => {
                let text = tidy(Some(text)).ok_or(Refusal::Empty)?;
                Ok(vec![Event::Noted { by, text }])
            }
            Ask::Keep(quote) if self.has_kept(&quote.at) => Ok(Vec::new()),
            Ask::Keep(quote) => Ok(vec![Event::Kept {
                by,
                quote: quote.clone(),
            }]),
            Ask::Link(alert) if !alerts(*alert) => Err(Refusal::NoSuchAlert { id: *alert }),
            Ask::Link(alert) if self.alerts.contains(alert) => Ok(Vec::new()),
            Ask::Link(alert) => Ok(vec![Event::AlertLinked { by, alert: *alert }]),
            // It begins an alert too, so the world decides it.
            Ask::Page { .. } => self.open(None).map(|()| Vec::new()),
            Ask::Act { text, owner, due } => {
                let text = tidy(Some(text)).ok_or(Refusal::Empty)?;
                if let Some(owner) = owner {
                    reachable(owner, staff.roster)?;
                }
                if let Some(due) = due.filter(|due| *due <= now) {
                    return Err(Refusal::DuePast { due, text });
                }
                Ok(vec![Event::ActionAdded {
                    by,
                    text,
                    owner: owner.clone(),
                    due: *due,
                }])
            }
            Ask::Did(number) => {
                let action = number.checked_sub(1).and_then(|index| self.actions.get(index));
                let missing = Refusal::NoSuchAction {
                    id: self.id,
                    number: *number,
                };
                let is_done = action.ok_or(missing)?.done.is_some();
                let done = (!is_done).then_some(Event::ActionDone { by, number: *number });
                Ok(done.into_iter().collect())
            }
            Ask::Resolve { summary, aftermath } => {
                self.open(summary.as_deref())?;
                Ok(vec![Event::Resolved {
                    by,
                    summary: tidy(summary.as_deref()),
                    aftermath: *aftermath,
                }])
            }
            Ask::Took(_) | Ask::Reopen(_) if self.is_open() => Err(Refusal::StillOpen { id: self.id }),
            Ask::Took(took) => {
                let aftermath = self.aftermath.and(*took);
                let is_new = aftermath != self.aftermath;
                Ok(is_new.then_some(Event::Took { by, aftermath }).into_iter().collect())
            }
            Ask::Reopen(because) => Ok(vec![Event::Reopened {
                by,
                because: tidy(because.as_deref()),
            }]),
            Ask::Cancel(because) => {
                self.open(Some(because))?;
                let because = tidy(Some(because)).ok_or(Refusal::Empty)?;
                Ok(vec![Event::Cancelled { by, because }])
            }
            // Both incidents change, so their book decides it.
            Ask::Merge(into) if *into == self.id => Err(Refusal::IntoItself { id: self.id }),
            Ask::Merge(into) => {
                self.open(None)?;
                Ok(vec![Event::MergedInto {
                    by,
                    into: *into,
                    with_actions: true,
                }])
            }
            Ask::Snooze { length, because, of } => self.snooze(by, *length, because.as_deref(), *of, now),
            Ask::Switch { of, on } if *on != self.muted.contains(of) => Ok(Vec::new()),
            Ask::Switch { of, on } => Ok(vec![Event::NagSwitched { by, of: *of, on: *on }]),
            Ask::Written(link) => {
                let link = tidy(Some(link)).ok_or(Refusal::Empty)?;
                let before = match &self.analysis {
                    Analysis::Written { link: known } if *known == link => return Ok(Vec::new()),
                    Analysis::Written { link: known } => Some(known.clone()),
                    _ => None,
                };
                Ok(vec![Event::AnalysisLinked { by, link, before }])
            }
            Ask::NotNeeded(because) => {
                let because = tidy(Some(because)).ok_or(Refusal::Empty)?;
                if let Analysis::Written { link } = &self.analysis {
                    return Err(Refusal::IsWritten {
                        id: self.id,
                        link: link.clone(),
                        text: because,
                    });
                }
                Ok(vec![Event::AnalysisDeclined { by, because }])
            }
            Ask::Leave(who) if self.left.contains(who.key()) => Ok(Vec::new()),
            Ask::Leave(who) => Ok(vec![Event::Unfollowed {
                who: who.clone(),
                code: None,
            }]),
        }
    }

    fn to_status(&self, by: UserId, to: Status, note: Option<&str>) -> Result<Vec<Event>, Refusal> {
        self.open(note)?;
        let note = tidy(note);
        if to == Status::Resolved {
            return Ok(vec![Event::Resolved {
                by,
                summary: note,
                aftermath: super::Aftermath::default(),
            }]);
        }
        if self.status == to {
            // The same again with a note is worth writing down.
            return Ok(note.map(|text| Event::Noted { by, text }).into_iter().collect());
        }
        if to < self.status && note.is_none() {
            return Err(Refusal::NoteMissing {
                id: self.id,
                from: self.status,
                to,
            });
        }
        Ok(vec![Event::StatusChanged {
            by,
            from: self.status,
            to,
            note,
        }])
    }

    fn give(&self, by: UserId, role: &str, who: &UserId, roster: &Roster) -> Result<Vec<Event>, Refusal> {
        self.open(None)?;
        let wanted = fold(role);
        let known = roster.incidents.all_roles().find(|known| fold(known) == wanted);
        let role = known.ok_or_else(|| Refusal::NoSuchRole { role: role.to_owned() })?;
        reachable(who, roster)?;
        let before = self.roles.get(role);
        if before == Some(who) {
            return Ok(Vec::new());
        }
        Ok(vec![Event::RoleGiven {
            by,
            role: role.to_owned(),
            who: who.clone(),
            before: before.cloned(),
        }])
    }

    fn snooze(
        &self,
        by: UserId,
        length: TimeDelta,
        because: Option<&str>,
        of: Option<Nag>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let because = tidy(because);
        let (least, most) = SNOOZE;
        if length < least || length > most {
            return Err(Refusal::Duration {
                asked: length,
                least,
                most,
            });
        }
        let next = match of {
            Some(of) => self.due().find(|(_, nag)| *nag == of),
            None => self.next_nag(now),
        };
        let (due, of) = next.ok_or(Refusal::NothingDue { id: self.id })?;
        // Of what somebody was just reminded the next time is far; nothing else comes sooner by being moved.
        let until = now + length;
        let until = if self.is_fresh(of, now) { until } else { until.max(due) };
        Ok(vec![Event::Snoozed { by, of, until, because }])
    }

    /// The reminder that is moved: the one somebody was just reminded of, else the next.
    pub fn next_nag(&self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Nag)> {
        let due = || self.due();
        let fresh = due().find(|(_, nag)| self.is_fresh(*nag, now));
        fresh.or_else(|| due().min())
    }

    /// Whether somebody was just reminded of it.
    fn is_fresh(&self, nag: Nag, now: DateTime<Utc>) -> bool {
        const JUST_NOW: TimeDelta = TimeDelta::minutes(5);
        let reminded = self.reminded.get(&nag);
        // Hearing something counts as a reminder of the next update, and is none.
        nag != Nag::Update && reminded.is_some_and(|at| now - *at <= JUST_NOW)
    }

    /// An update is put right, however long ago it was told; what it said before is kept.
    fn edit(&self, by: UserId, number: Option<usize>, words: &Words) -> Result<Vec<Event>, Refusal> {
        let last = self.updates.len();
        if last == 0 {
            return Err(Refusal::NoUpdate { id: self.id });
        }
        let number = number.unwrap_or(last);
        let update = number.checked_sub(1).and_then(|index| self.updates.get(index));
        let update = update.ok_or_else(|| Refusal::NoSuchUpdate {
            id: self.id,
            number,
            last,
            text: words.text.clone(),
        })?;
        if words.is_empty() {
            return Err(Refusal::Empty);
        }
        if update.words == *words {
            return Ok(Vec::new());
        }
        Ok(vec![Event::UpdateEdited {
            by,
            number,
            words: words.clone(),
        }])
    }

    fn words(&self, words: &Words) -> Result<Words, Refusal> {
        if words.is_empty() {
            return Err(Refusal::Empty);
        }
        self.open(words.text.as_deref().or(words.broken.as_deref()))?;
        Ok(words.clone())
    }

    fn open(&self, text: Option<&str>) -> Result<(), Refusal> {
        if self.is_open() {
            return Ok(());
        }
        Err(Refusal::Over {
            id: self.id,
            status: self.status,
            at: self.ended_at.unwrap_or(self.status_since),
            into: self.merged_into,
            text: text.map(str::to_owned),
        })
    }
}

fn reachable(who: &UserId, roster: &Roster) -> Result<(), Refusal> {
    if roster.is_there(who) {
        Ok(())
    } else {
        Err(Refusal::Unreachable { who: who.clone() })
    }
}

fn tidy(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
