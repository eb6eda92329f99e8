//! What is allowed: overrides, covers, swaps.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Event, Kind, Override, Part, Refusal, Staff, Standing};
use crate::domain::ids::{OverrideId, TeamId, UserId};
use crate::domain::roster::{self, Guests};
use crate::domain::rotation::{Member, Rotation};
use crate::domain::team::Team;

/// The longest time anybody can be on call in somebody else's place.
const LONGEST: TimeDelta = TimeDelta::days(366);

/// What people can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Somebody is to be on call for a time.
    Override {
        /// Of this team.
        team: TeamId,
        /// In this rotation; in the team's first when none.
        rotation: Option<String>,
        /// Who.
        who: UserId,
        /// From when on; from now on when none.
        from: Option<DateTime<Utc>>,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Others are to take one's shifts for a time.
    Cover {
        /// Of this team; of all teams when none.
        team: Option<TeamId>,
        /// From when on; from now on when none.
        from: Option<DateTime<Utc>>,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Two people are to give each other a shift.
    Swap {
        /// The other one.
        with: UserId,
        /// An instant of one's own shift.
        mine: DateTime<Utc>,
        /// An instant of theirs.
        theirs: DateTime<Utc>,
    },
    /// To take a cover, or to agree to a swap.
    Agree(OverrideId),
    /// To give a cover back that one took, or to decline a swap.
    Decline(OverrideId),
    /// To end an override, a cover or a swap.
    Cancel(OverrideId),
    /// To be paged for no shift until then.
    Unavailable {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// To be paged again.
    Available,
}

impl Staff<'_> {
    /// What follows from a wish; `next` is the id of what begins.
    ///
    /// # Errors
    /// The refusal, for whoever asked.
    pub fn decide(&self, by: &UserId, ask: &Ask, now: DateTime<Utc>) -> Result<Vec<(OverrideId, Event)>, Refusal> {
        let standing = self.people.get(by).map(|person| person.standing);
        if standing == Some(roster::Standing::Guest) && self.guests == Guests::KeptOut && !self.admins.contains(by) {
            return Err(Refusal::Guest);
        }
        let next = OverrideId(self.overrides.last() + 1);
        match ask {
            Ask::Override {
                team,
                rotation,
                who,
                from,
                until,
            } => {
                let (team, rotation) = self.rotation(team, rotation.as_deref())?;
                let (from, until) = interval(*from, *until, now)?;
                self.reachable(who)?;
                let kind = if who == by { Kind::Take } else { Kind::Override };
                let part = part(team, rotation, Some(who), from, until);
                let made = Event::Made {
                    by: by.clone(),
                    kind,
                    parts: vec![part],
                };
                Ok(vec![(next, made)])
            }
            Ask::Cover { team, from, until } => self
                .cover(by, team.as_ref(), interval(*from, *until, now)?, now)
                .map(|event| vec![(next, event)]),
            Ask::Swap { with, mine, theirs } => self
                .swap(by, with, *mine, *theirs, now)
                .map(|event| vec![(next, event)]),
            Ask::Agree(id) => Ok(about(*id, self.agree(by, *id, now)?)),
            Ask::Decline(id) => Ok(about(*id, self.decline(by, *id, now)?)),
            Ask::Cancel(id) => Ok(about(*id, self.cancel(by, *id, now)?)),
            Ask::Unavailable { until } => Ok(vec![(next, self.unavailable(by, *until, now)?)]),
            Ask::Available => self.available(by, now),
        }
    }

    fn cover(
        &self,
        by: &UserId,
        team: Option<&TeamId>,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        now: DateTime<Utc>,
    ) -> Result<Event, Refusal> {
        let mut parts = Vec::new();
        let mut asked: Vec<UserId> = Vec::new();
        for (team, rotation) in self
            .rotations()
            .filter(|(of, _)| team.is_none_or(|team| of.id == *team))
        {
            let own = self.held(&team.id, rotation, from, until).into_iter();
            let own: Vec<Part> = own
                .filter(|stint| stint.who == Some(Member::Known(by.clone())))
                .map(|stint| part(team, rotation, None, stint.from, stint.until))
                .collect();
            if own.is_empty() {
                continue;
            }
            parts.extend(own);
            let others = team
                .people(now)
                .filter(|user| *user != by && self.reachable(user).is_ok());
            asked.extend(others.cloned());
        }
        if parts.is_empty() {
            return Err(Refusal::NotOnCall {
                who: by.clone(),
                from,
                until: Some(until),
                next: self.next_of(by, now),
            });
        }
        asked.sort_unstable();
        asked.dedup();
        if asked.is_empty() {
            return Err(Refusal::NobodyElse);
        }
        Ok(Event::Asked {
            by: by.clone(),
            kind: Kind::Cover { asked },
            parts,
        })
    }

    fn swap(
        &self,
        by: &UserId,
        with: &UserId,
        mine: DateTime<Utc>,
        theirs: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Event, Refusal> {
        if by == with {
            return Err(Refusal::Own);
        }
        self.reachable(with)?;
        let shift = |who: &UserId, instant: DateTime<Utc>| {
            let found = self.rotations().find_map(|(team, rotation)| {
                let stint = self.stint_at(&team.id, rotation, instant)?;
                (stint.who == Some(Member::Known(who.clone()))).then_some((team, rotation, stint))
            });
            match found {
                Some((_, _, stint)) if stint.until <= now => Err(Refusal::Over { since: stint.until }),
                Some(found) => Ok(found),
                None => Err(Refusal::NotOnCall {
                    who: who.clone(),
                    from: instant,
                    until: None,
                    next: self.next_of(who, now),
                }),
            }
        };
        let (team, rotation, own) = shift(by, mine)?;
        let (their_team, their_rotation, their) = shift(with, theirs)?;
        Ok(Event::Asked {
            by: by.clone(),
            kind: Kind::Swap { with: with.clone() },
            parts: vec![
                part(team, rotation, Some(with), own.from.max(now), own.until),
                part(their_team, their_rotation, Some(by), their.from.max(now), their.until),
            ],
        })
    }

    fn agree(&self, by: &UserId, id: OverrideId, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        let it = self.open(id, now)?;
        let agreed_by = it.parts.first().and_then(|part| part.who.clone());
        match (&it.kind, it.standing) {
            (_, Standing::Agreed) if agreed_by.as_ref() == Some(by) => return Ok(Vec::new()),
            (_, Standing::Agreed) => return Err(Refusal::AlreadyAgreed { id, by: agreed_by }),
            (_, _) if it.by == *by => return Err(Refusal::Own),
            (Kind::Swap { with }, _) if with != by => {
                return Err(Refusal::NotTheirs {
                    id,
                    who: vec![with.clone()],
                });
            }
            _ => {}
        }
        Ok(vec![Event::Agreed { by: by.clone() }])
    }

    fn decline(&self, by: &UserId, id: OverrideId, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        let it = self.open(id, now)?;
        let took = it.parts.first().and_then(|part| part.who.clone());
        match (&it.kind, it.standing) {
            (Kind::Cover { .. }, Standing::Agreed) if took.as_ref() == Some(by) => {
                Ok(vec![Event::GivenBack { by: by.clone() }])
            }
            (Kind::Swap { with }, Standing::Asked) if with == by => Ok(vec![Event::Declined { by: by.clone() }]),
            (Kind::Cover { .. }, Standing::Asked) => Ok(Vec::new()),
            (Kind::Swap { with }, _) => Err(Refusal::NotTheirs {
                id,
                who: vec![with.clone()],
            }),
            _ => Err(Refusal::NotTheirs {
                id,
                who: took.into_iter().collect(),
            }),
        }
    }

    fn cancel(&self, by: &UserId, id: OverrideId, now: DateTime<Utc>) -> Result<Vec<Event>, Refusal> {
        let it = self.open(id, now)?;
        // Only they know whether they can be reached.
        let is_of_team = it.kind != Kind::Unavailable
            && it
                .parts
                .iter()
                .any(|part| self.teams.get(&part.team).is_some_and(|team| team.has(by, now)));
        if it.concerns(by) || is_of_team || self.admins.contains(by) {
            return Ok(vec![Event::Cancelled { by: by.clone() }]);
        }
        Err(Refusal::NotTheirs {
            id,
            who: vec![it.by.clone()],
        })
    }

    /// Somebody's shifts until then have nobody: those that are not so already.
    fn unavailable(&self, by: &UserId, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<Event, Refusal> {
        let (from, until) = interval(None, until, now)?;
        let mut parts = Vec::new();
        for (team, rotation) in self.rotations() {
            let own = self.shifts(&team.id, rotation, from, until).into_iter();
            let own = own.filter(|stint| stint.who == Some(Member::Known(by.clone())));
            parts.extend(own.map(|stint| part(team, rotation, None, stint.from, stint.until)));
        }
        if !parts.is_empty() {
            return Ok(Event::Made {
                by: by.clone(),
                kind: Kind::Unavailable,
                parts,
            });
        }
        let already = self.overrides.unavailable(by, now).map(Override::until).max();
        Err(already.map_or_else(
            || Refusal::NoShift {
                until,
                next: self.next_of(by, now),
            },
            |until| Refusal::AlreadyUnavailable { until },
        ))
    }

    /// All of their unavailabilities end.
    fn available(&self, by: &UserId, now: DateTime<Utc>) -> Result<Vec<(OverrideId, Event)>, Refusal> {
        let theirs = self.overrides.unavailable(by, now);
        let ended: Vec<_> = theirs.map(|it| (it.id, Event::Cancelled { by: by.clone() })).collect();
        if ended.is_empty() {
            return Err(Refusal::Available);
        }
        Ok(ended)
    }

    /// An override about which something can still be said.
    fn open(&self, id: OverrideId, now: DateTime<Utc>) -> Result<&Override, Refusal> {
        let it = self.overrides.get(id).ok_or(Refusal::NoSuchOverride { id })?;
        match it.standing {
            Standing::Off => Err(Refusal::Off { id }),
            _ if it.until() <= now => Err(Refusal::Over { since: it.until() }),
            _ => Ok(it),
        }
    }

    fn rotation(&self, team: &TeamId, name: Option<&str>) -> Result<(&Team, &Rotation), Refusal> {
        let Some(team) = self.roster.teams.get(team) else {
            return Err(Refusal::NoSuchTeam { team: team.clone() });
        };
        let found = match name {
            Some(name) => team.rotation(name),
            None => team.rotations.first(),
        };
        found
            .map(|rotation| (team, rotation))
            .ok_or_else(|| Refusal::NoSuchRotation {
                team: team.id.clone(),
                rotation: name.map(str::to_owned),
            })
    }

    /// Every rotation of every team.
    pub fn rotations(&self) -> impl Iterator<Item = (&Team, &Rotation)> {
        let teams = self.roster.teams.values();
        teams.flat_map(|team| team.rotations.iter().map(move |rotation| (team, rotation)))
    }

    /// The whole stint that holds an instant.
    fn stint_at(&self, team: &TeamId, rotation: &Rotation, instant: DateTime<Utc>) -> Option<super::Stint> {
        let turn = rotation.shift_at(instant).map(|turn| turn.from);
        let freeze = rotation.freeze_at(instant).map(|freeze| freeze.from);
        let from = turn.into_iter().chain(freeze).fold(instant, DateTime::min);
        let until = instant + TimeDelta::days(400);
        let stints = self.held(team, rotation, from, until);
        stints
            .into_iter()
            .find(|stint| stint.from <= instant && instant < stint.until)
    }

    /// When somebody is on call next, in any rotation.
    fn next_of(&self, who: &UserId, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let member = Some(Member::Known(who.clone()));
        self.rotations()
            .filter(|(_, rotation)| rotation.members_from(now).any(|one| Some(one) == member.as_ref()))
            .filter_map(|(team, rotation)| {
                let stints = self.held(&team.id, rotation, now, now + TimeDelta::days(120));
                stints
                    .into_iter()
                    .find(|stint| stint.who == member)
                    .map(|stint| stint.from)
            })
            .min()
    }

    fn reachable(&self, who: &UserId) -> Result<(), Refusal> {
        match self.people.get(who).map(|person| person.standing) {
            Some(roster::Standing::Deactivated | roster::Standing::Bot) => {
                Err(Refusal::Unreachable { who: who.clone() })
            }
            Some(roster::Standing::Active | roster::Standing::Guest) | None => Ok(()),
        }
    }
}

fn about(id: OverrideId, events: Vec<Event>) -> Vec<(OverrideId, Event)> {
    events.into_iter().map(|event| (id, event)).collect()
}

fn interval(
    from: Option<DateTime<Utc>>,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(DateTime<Utc>, DateTime<Utc>), Refusal> {
    let begins = from.unwrap_or(now);
    if until <= begins {
        return Err(Refusal::EndsBeforeItBegins { from: begins, until });
    }
    if until <= now {
        return Err(Refusal::Over { since: until });
    }
    // What has passed cannot be changed any more.
    let from = begins.max(now);
    if until - from > LONGEST {
        return Err(Refusal::TooLong);
    }
    Ok((from, until))
}

fn part(team: &Team, rotation: &Rotation, who: Option<&UserId>, from: DateTime<Utc>, until: DateTime<Utc>) -> Part {
    Part {
        team: team.id.clone(),
        rotation: rotation.name.clone(),
        who: who.cloned(),
        from,
        until,
    }
}
