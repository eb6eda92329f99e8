//! A workspace small enough to hold in the head, and a desk to play alerts on. For the tests of the domain only.
//!
//! It is Monday noon, UTC. Ids are the names themselves, so that what a test prints can be read.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::alert::{self, Alert, Alike, Raise, Step};
use super::escalation::{Level, Policy, Recipient, Target};
use super::ids::{AlertId, ChannelId, MessageId, MessageRef, TeamId, UserId};
use super::permission::Permissions;
use super::priority::Priority;
use super::roster::{Guests, Person, Roster, Standing};
use super::rotation::{Member, Period, Rotation};
use super::team::Team;
use super::{Errand, Event, Input, Outcome, Refusal, Request, World};

/// The alert that most tests are about.
pub(super) const A1: AlertId = AlertId(1);

/// Monday noon.
pub(super) fn noon() -> DateTime<Utc> {
    let day = NaiveDate::from_ymd_opt(2026, 1, 5).expect("a day of the calendar");
    day.and_hms_opt(12, 0, 0).expect("a time of the day").and_utc()
}

/// So many minutes after noon.
pub(super) fn at(minutes: i64) -> DateTime<Utc> {
    noon() + TimeDelta::minutes(minutes)
}

pub(super) fn user(name: &str) -> UserId {
    UserId::new(name)
}

pub(super) fn channel(name: &str) -> ChannelId {
    ChannelId::new(name)
}

pub(super) fn team_id(key: &str) -> TeamId {
    TeamId::new(key)
}

/// A message, as the workspace would name it.
pub(super) fn message(channel_name: &str, id: &str) -> MessageRef {
    MessageRef {
        channel: channel(channel_name),
        message: MessageId::new(id),
    }
}

pub(super) fn person(name: &str) -> Target {
    Target::Person(Member::Known(user(name)))
}

pub(super) fn rotation(name: &str) -> Target {
    Target::Rotation(name.to_owned())
}

pub(super) fn team(key: &str) -> Target {
    Target::Team(team_id(key))
}

pub(super) fn level(targets: impl IntoIterator<Item = Target>, minutes: u32) -> Level {
    Level {
        targets: targets.into_iter().collect(),
        wait_seconds: minutes * 60,
    }
}

/// A rotation of weeks from this Monday 09:00 UTC on: the first member is on call.
pub(super) fn weekly(name: &str, members: &[&str]) -> Rotation {
    let monday = noon() - TimeDelta::hours(3);
    Rotation {
        name: name.to_owned(),
        zone: Tz::UTC,
        start: monday.naive_utc(),
        every: Period::Weeks(1),
        members: members.iter().map(|name| Member::Known(user(name))).collect(),
        changes: Vec::new(),
        freezes: Vec::new(),
        hours: Vec::new(),
    }
}

/// A team whose alerts are shown in `<key>-alerts`; P4 and P5 page nobody.
pub(super) fn new_team(key: &str, rotations: Vec<Rotation>, levels: Vec<Level>, repeat: u32) -> Team {
    Team {
        id: team_id(key),
        name: key.to_owned(),
        aliases: Vec::new(),
        channel: Ok(channel(&format!("{key}-alerts"))),
        group: None,
        handle: None,
        rotations,
        duties: Vec::new(),
        policy: Policy { levels, repeat },
        posts_only: vec![Priority::P4, Priority::P5],
        lease: crate::domain::team::USUAL_LEASE,
        permissions: Permissions::default(),
    }
}

/// Ana, ben, cleo and dan can be paged; gone has left, robot is a program.
///
/// - cloud: the rotation (ana this week, ben the next) for 10 min, then ben for 10 min, then whoever team lead pages for
///   15 min; all of it twice.
/// - payments: its rotation (dan) for 5 min, then cleo for 5 min; once.
/// - lead: cleo for 15 min.
pub(super) fn roster() -> Roster {
    let teams = [
        new_team(
            "cloud",
            vec![weekly("primary", &["ana", "ben"])],
            vec![
                level([rotation("primary")], 10),
                level([person("ben")], 10),
                level([team("lead")], 15),
            ],
            1,
        ),
        new_team(
            "payments",
            vec![weekly("primary", &["dan", "cleo"])],
            vec![level([rotation("primary")], 5), level([person("cleo")], 5)],
            0,
        ),
        new_team("lead", Vec::new(), vec![level([person("cleo")], 15)], 0),
    ];
    let people = [
        ("ana", Standing::Active),
        ("ben", Standing::Active),
        ("cleo", Standing::Active),
        ("dan", Standing::Active),
        ("gone", Standing::Deactivated),
        ("robot", Standing::Bot),
    ];
    Roster {
        teams: teams
            .into_iter()
            .map(|team| (team.id.clone(), team))
            .collect::<BTreeMap<_, _>>(),
        people: people
            .into_iter()
            .map(|(name, standing)| (user(name), somebody(name, standing)))
            .collect::<HashMap<_, _>>(),
        groups: BTreeMap::new(),
        group_members: BTreeMap::new(),
        fallback: channel("fallback"),
        admins: vec![user("ana")],
        guests: Guests::default(),
        incidents: crate::domain::incident::Rules::default(),
        runbooks: crate::domain::runbook::Library::default(),
        actions: crate::domain::runbook::Allowed::default(),
        zone: Tz::UTC,
        address: String::new(),
    }
}

fn somebody(name: &str, standing: Standing) -> Person {
    Person {
        id: user(name),
        handle: name.to_owned(),
        name: name.to_owned(),
        email: None,
        zone: None,
        standing,
    }
}

/// The roster, with other levels for cloud.
pub(super) fn roster_with(levels: Vec<Level>, repeat: u32) -> Roster {
    let mut roster = roster();
    change(&mut roster, "cloud", |team| team.policy = Policy { levels, repeat });
    roster
}

/// Changes a team of the configuration.
pub(super) fn change(roster: &mut Roster, key: &str, how: impl FnOnce(&mut Team)) {
    how(roster.teams.get_mut(&team_id(key)).expect("a team of the roster"));
}

/// A world, its roster, its time, and everything that has happened in it.
#[derive(Debug, Clone)]
pub(super) struct Desk {
    pub(super) world: World,
    pub(super) roster: Roster,
    pub(super) now: DateTime<Utc>,
    pub(super) journal: Vec<(Event, DateTime<Utc>)>,
}

impl Desk {
    /// An empty world at noon.
    pub(super) fn new(roster: Roster) -> Self {
        Self {
            world: World::default(),
            roster,
            now: noon(),
            journal: Vec::new(),
        }
    }

    /// A world at noon in which zoe has just raised a P1 for cloud.
    pub(super) fn raised(roster: Roster) -> Self {
        let mut desk = Self::new(roster);
        desk.raise("cloud", Priority::P1).expect("a summary and a team");
        desk
    }

    /// Decides and applies.
    pub(super) fn input(&mut self, input: &Input) -> Result<Vec<alert::Event>, Refusal> {
        let events = self.world.decide(input, &self.roster, self.now)?;
        for event in &events {
            self.world.apply(event, self.now);
            self.journal.push((event.clone(), self.now));
        }
        let about_alerts = events.into_iter().filter_map(|event| match event {
            Event::Alert { what, .. } => Some(what),
            Event::OnCall { .. }
            | Event::Watch { .. }
            | Event::Incident { .. }
            | Event::Subscription { .. }
            | Event::Run { .. }
            | Event::Reviews { .. } => None,
        });
        Ok(about_alerts.collect())
    }

    /// Asks for something that is about no alert.
    pub(super) fn ask_any(&mut self, by: &str, what: Request) -> Result<(), Refusal> {
        self.input(&Input::Asked { by: user(by), what }).map(|_| ())
    }

    /// A message that is about no alert came to something.
    pub(super) fn settle_any(&mut self, errand: Errand, outcome: Outcome) {
        drop(self.settle(errand, outcome));
    }

    pub(super) fn ask(&mut self, by: &str, what: Request) -> Result<Vec<alert::Event>, Refusal> {
        self.input(&Input::Asked { by: user(by), what })
    }

    pub(super) fn raise(&mut self, team: &str, priority: Priority) -> Result<Vec<alert::Event>, Refusal> {
        self.ask(
            "zoe",
            Request::Raise(Raise {
                team: team_id(team),
                summary: "the API times out".to_owned(),
                priority,
                service: None,
                to: None,
                // The tests raise the same again and again.
                alike: Alike::Raise,
            }),
        )
    }

    pub(super) fn acknowledge_for(&mut self, by: &str, minutes: i64) -> Result<Vec<alert::Event>, Refusal> {
        let lease = Some(TimeDelta::minutes(minutes));
        self.ask(by, Request::Acknowledge { alert: A1, lease })
    }

    pub(super) fn snooze(&mut self, by: &str, minutes: i64) -> Result<Vec<alert::Event>, Refusal> {
        let length = TimeDelta::minutes(minutes);
        let because = " the vendor is on it ".to_owned();
        self.ask(
            by,
            Request::Snooze {
                alert: A1,
                length,
                because,
            },
        )
    }

    pub(super) fn acknowledge(&mut self, by: &str) -> Result<Vec<alert::Event>, Refusal> {
        self.ask(by, Request::Acknowledge { alert: A1, lease: None })
    }

    pub(super) fn resolve(&mut self, by: &str) -> Result<Vec<alert::Event>, Refusal> {
        self.ask(
            by,
            Request::Resolve {
                alert: A1,
                because: None,
            },
        )
    }

    /// Typed, or from the button of a card drawn for a revision.
    pub(super) fn escalate(&mut self, by: &str, drawn_for: Option<u64>) -> Result<Vec<alert::Event>, Refusal> {
        self.ask(by, Request::Escalate { alert: A1, drawn_for })
    }

    pub(super) fn note(&mut self, by: &str, text: &str) -> Result<Vec<alert::Event>, Refusal> {
        self.ask(
            by,
            Request::Note {
                alert: A1,
                text: text.to_owned(),
            },
        )
    }

    /// The clock ticks at that moment.
    pub(super) fn tick_at(&mut self, now: DateTime<Utc>) -> Vec<alert::Event> {
        self.now = now;
        self.input(&Input::Tick).expect("time is never refused")
    }

    /// The clock ticks at each deadline, so many times.
    pub(super) fn let_pass(&mut self, deadlines: usize) -> Vec<alert::Event> {
        let mut last = Vec::new();
        for _ in 0..deadlines {
            last = self.tick_at(self.world.next_deadline().expect("something is due"));
        }
        last
    }

    pub(super) fn settle(&mut self, errand: Errand, outcome: Outcome) -> Vec<alert::Event> {
        self.input(&Input::Settled { errand, outcome })
            .expect("an outcome is never refused")
    }

    /// The chat service refuses a page of that step.
    pub(super) fn refuse_page(&mut self, to: &str, step: Step) -> Vec<alert::Event> {
        let errand = Errand::Page {
            alert: A1,
            to: Recipient::Person(user(to)),
            step,
            shows: 2,
        };
        self.settle(errand, refused("channel_not_found"))
    }

    /// The chat service refuses the card.
    pub(super) fn refuse_card(&mut self, channel_name: &str) -> Vec<alert::Event> {
        let errand = Errand::Card {
            alert: A1,
            channel: channel(channel_name),
            shows: 2,
        };
        self.settle(errand, refused("is_archived"))
    }

    pub(super) fn alert(&self) -> &Alert {
        self.world.alert(A1).expect("an alert in memory")
    }
}

pub(super) fn refused(code: &str) -> Outcome {
    Outcome::Refused { code: code.to_owned() }
}
