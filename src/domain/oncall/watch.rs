//! Each rotation is watched: whom it had last, so that every handoff happens once, also after a restart, and what was left
//! for whoever comes next.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{How, Notice, Occasion, Round, Staff, Task, Told};
use crate::domain::ids::{GroupId, MessageRef, TeamId, UserId, WatchId};
use crate::domain::roster::Standing;
use crate::domain::rotation::Member;
use crate::domain::team::Team;

/// How many notes wait for the next one; older ones go.
const NOTES: usize = 20;

/// What is known about one rotation's last handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Its id.
    pub id: WatchId,
    /// Whose rotation.
    pub team: TeamId,
    /// Its name.
    pub rotation: String,
    /// Who has it; none when nobody has.
    pub who: Option<Member>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// What was left for whoever comes next.
    pub notes: Vec<Note>,
    /// The chat service's word for why the user group cannot be set; said once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_refused: Option<String>,
    /// Gaps to come that the team's channel was warned about; of the team's first rotation only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps_told: Vec<Told>,
    /// What was left for whoever has it now, until their duties say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handed: Vec<Note>,
    /// What whoever has it is asked to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<Round>,
    /// What was asked for before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past: Option<Round>,
    /// How often duties were asked for.
    #[serde(default)]
    pub asked: u64,
    /// The number of the first round of the shift that goes on.
    #[serde(default)]
    pub first: u64,
}

/// Something left for whoever comes next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Who left it.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub text: String,
}

/// One fact about one rotation's handoffs. Stored for ever: a field may be added with a default, never renamed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The rotation is watched from now on.
    Begun {
        /// Whose.
        team: TeamId,
        /// Its name.
        rotation: String,
        /// Who has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        who: Option<Member>,
    },
    /// Somebody else has it.
    HandedOver {
        /// Who had it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Member>,
        /// Who has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Member>,
        /// Until when, if that is certain.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<DateTime<Utc>>,
        /// What was left for them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notes: Vec<Note>,
    },
    /// Somebody left something for whoever comes next.
    NoteLeft {
        /// Who.
        by: UserId,
        /// What.
        text: String,
    },
    /// Whoever has it is asked to do what belongs to the shift.
    DutiesAsked {
        /// Who.
        who: UserId,
        /// Why now.
        occasion: Occasion,
        /// When the turn of the rotation began.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        turn: Option<DateTime<Utc>>,
        /// What.
        tasks: Vec<Task>,
    },
    /// Somebody said what became of a duty.
    DutyAnswered {
        /// Who.
        by: UserId,
        /// Of which asking.
        round: u64,
        /// Which task of it.
        task: usize,
        /// What.
        how: How,
    },
    /// The message that asks for duties stands.
    DutiesPosted {
        /// Which asking.
        round: u64,
        /// Where.
        at: MessageRef,
    },
    /// The user group could not be set.
    GroupRefused {
        /// The chat service's word for it.
        code: String,
    },
    /// The user group is as it should be.
    GroupSet,
    /// The team's channel is warned that a level of the team has nobody for a time.
    GapAhead {
        /// Which level, the first is 0.
        level: usize,
        /// The rotations it pages.
        rotations: Vec<String>,
        /// From when on.
        from: DateTime<Utc>,
        /// Up to, but not including.
        until: DateTime<Utc>,
        /// The next level that has somebody then; the fallback channel when none has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        then: Option<usize>,
        /// How long before it that is.
        notice: Notice,
    },
}

/// Every rotation that is watched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watches {
    all: BTreeMap<WatchId, Watch>,
    of: BTreeMap<(TeamId, String), WatchId>,
    last: u64,
}

impl Watches {
    /// Those whose next id follows `last`.
    pub fn after(last: u64) -> Self {
        Self {
            last,
            ..Self::default()
        }
    }

    /// One of them.
    pub fn get(&self, id: WatchId) -> Option<&Watch> {
        self.all.get(&id)
    }

    /// Each of them, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Watch> {
        self.all.values()
    }

    /// The one of a rotation.
    pub fn of(&self, team: &TeamId, rotation: &str) -> Option<&Watch> {
        self.all.get(self.of.get(&(team.clone(), rotation.to_owned()))?)
    }

    /// Takes in what happened. Total: an event that no longer fits changes nothing.
    pub fn apply(&mut self, id: WatchId, event: &Event, at: DateTime<Utc>) {
        self.last = self.last.max(id.0);
        if let Event::Begun { team, rotation, who } = event {
            self.recall(Watch {
                id,
                team: team.clone(),
                rotation: rotation.clone(),
                who: who.clone(),
                since: at,
                notes: Vec::new(),
                group_refused: None,
                gaps_told: Vec::new(),
                handed: Vec::new(),
                round: None,
                past: None,
                asked: 0,
                first: 0,
            });
            return;
        }
        let Some(watch) = self.all.get_mut(&id) else { return };
        watch.apply_duties(event, at);
        match event {
            Event::HandedOver { to, .. } => {
                watch.who.clone_from(to);
                watch.since = at;
                watch.notes.clear();
            }
            Event::NoteLeft { by, text } => {
                if watch.notes.len() >= NOTES {
                    watch.notes.remove(0);
                }
                watch.notes.push(Note {
                    by: by.clone(),
                    at,
                    text: text.clone(),
                });
            }
            Event::GroupRefused { code } => watch.group_refused = Some(code.clone()),
            Event::GroupSet => watch.group_refused = None,
            Event::GapAhead {
                level,
                from,
                until,
                notice,
                ..
            } => watch.remember(
                Told {
                    level: *level,
                    from: *from,
                    until: *until,
                    notice: *notice,
                },
                at,
            ),
            Event::Begun { .. }
            | Event::DutiesAsked { .. }
            | Event::DutyAnswered { .. }
            | Event::DutiesPosted { .. } => {}
        }
    }

    /// Takes one in, as a snapshot kept it.
    pub fn recall(&mut self, watch: Watch) {
        self.last = self.last.max(watch.id.0);
        self.of.insert((watch.team.clone(), watch.rotation.clone()), watch.id);
        self.all.insert(watch.id, watch);
    }

    /// What has changed since each rotation was looked at last: one step, however long that is ago. A rotation that is new
    /// is watched from now on, and nobody is told.
    pub fn changes(&self, staff: Staff<'_>, now: DateTime<Utc>) -> Vec<(WatchId, Event)> {
        let mut next = self.last;
        let mut changes = Vec::new();
        for (team, rotation) in staff.rotations() {
            let found = staff.holder(&team.id, rotation, now);
            match self.of(&team.id, &rotation.name) {
                None => {
                    next += 1;
                    let begun = Event::Begun {
                        team: team.id.clone(),
                        rotation: rotation.name.clone(),
                        who: found.who,
                    };
                    changes.push((WatchId(next), begun));
                }
                Some(watch) if watch.who != found.who => {
                    let asked = watch.ask_next(found.who.as_ref(), staff, (team, rotation), now);
                    let handed = Event::HandedOver {
                        from: watch.who.clone(),
                        to: found.who,
                        until: found.until,
                        notes: watch.notes.clone(),
                    };
                    changes.push((watch.id, handed));
                    changes.extend(asked.map(|asked| (watch.id, asked)));
                }
                Some(watch) => {
                    let asked = watch.ask_again(staff, (team, rotation), now);
                    changes.extend(asked.map(|asked| (watch.id, asked)));
                }
            }
        }
        changes
    }
}

impl Staff<'_> {
    /// When any rotation may change next.
    pub fn next_change(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let changes = self
            .rotations()
            .filter_map(|(team, rotation)| self.who(&team.id, rotation, now).until);
        changes.min()
    }

    /// Who belongs into a team's user group now: everybody on call who can be in one; none when the team has no group, or
    /// nobody is on call, because a group is never emptied.
    pub fn group_of(&self, team: &Team, now: DateTime<Utc>) -> Option<(GroupId, Vec<UserId>)> {
        let group = team.group.clone()?;
        let mut members = BTreeSet::new();
        for rotation in &team.rotations {
            if let Some(Member::Known(user)) = self.who(&team.id, rotation, now).who {
                let standing = self.people.get(&user).map(|person| person.standing);
                if matches!(standing, Some(Standing::Active) | None) {
                    members.insert(user);
                }
            }
        }
        (!members.is_empty()).then(|| (group, members.into_iter().collect()))
    }
}
