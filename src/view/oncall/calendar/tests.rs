//! Calendars of a small team: what is in the file, and that a shift keeps its name whatever becomes of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono_tz::Tz;

use super::*;
use crate::domain::ids::{ChannelId, OverrideId, TeamId};
use crate::domain::oncall::Ask;
use crate::domain::roster::{Guests, Person, Roster, Standing as Reach};
use crate::domain::rotation::{Freeze, Period};
use crate::domain::{Input, Request, World};

/// Monday noon, UTC.
fn noon() -> DateTime<Utc> {
    "2026-01-05T12:00:00Z".parse().unwrap()
}

fn user(id: &str) -> UserId {
    UserId::new(id)
}

/// Cloud's primary changes every Monday at 09:00 in Berlin: Ana, then Ben.
fn roster() -> Roster {
    let person = |id: &str, name: &str| Person {
        id: user(id),
        handle: id.to_lowercase(),
        name: name.to_owned(),
        email: None,
        zone: None,
        standing: Reach::Active,
    };
    let people = [("ANA", "Ana; the first"), ("BEN", "Ben"), ("CLEO", "Cleo")];
    let cloud = Team {
        id: TeamId::new("cloud"),
        name: "Cloud, Inc".to_owned(),
        aliases: Vec::new(),
        channel: Ok(ChannelId::new("C1")),
        group: None,
        handle: None,
        rotations: vec![Rotation {
            name: "primary_1".to_owned(),
            zone: Tz::Europe__Berlin,
            start: "2025-12-29T09:00:00".parse().unwrap(),
            every: Period::Weeks(1),
            members: ["ANA", "BEN"].map(|id| Member::Known(user(id))).into(),
            changes: Vec::new(),
            freezes: Vec::new(),
            hours: Vec::new(),
        }],
        duties: Vec::new(),
        policy: crate::domain::escalation::Policy::default(),
        posts_only: Vec::new(),
        lease: crate::domain::team::USUAL_LEASE,
        permissions: crate::domain::permission::Permissions::default(),
    };
    Roster {
        teams: BTreeMap::from([(cloud.id.clone(), cloud)]),
        people: people
            .into_iter()
            .map(|(id, name)| (user(id), person(id, name)))
            .collect::<HashMap<_, _>>(),
        groups: BTreeMap::new(),
        group_members: BTreeMap::new(),
        fallback: ChannelId::new("C2"),
        admins: Vec::new(),
        guests: Guests::default(),
        incidents: crate::domain::incident::Rules::default(),
        runbooks: crate::domain::runbook::Library::default(),
        actions: crate::domain::runbook::Allowed::default(),
        zone: Tz::Europe__Berlin,
        address: String::new(),
    }
}

/// What people agreed on.
struct Desk {
    world: World,
    roster: Roster,
    now: DateTime<Utc>,
}

impl Desk {
    fn new() -> Self {
        Self {
            world: World::default(),
            roster: roster(),
            now: noon(),
        }
    }

    fn asks(&mut self, ask: Ask) {
        let input = Input::Asked {
            by: user("BEN"),
            what: Request::OnCall(ask),
        };
        for event in self.world.decide(&input, &self.roster, self.now).unwrap() {
            self.world.apply(&event, self.now);
        }
    }

    /// Somebody is put on call, from and until so many hours after noon.
    fn put(&mut self, who: &str, from: i64, until: i64) {
        self.asks(Ask::Override {
            team: TeamId::new("cloud"),
            rotation: None,
            who: user(who),
            from: Some(noon() + TimeDelta::hours(from)),
            until: noon() + TimeDelta::hours(until),
        });
    }

    fn calendar(&self, whose: &Whose) -> Option<Calendar> {
        let scene = Scene {
            world: &self.world,
            roster: &self.roster,
            now: self.now,
        };
        calendar(scene, whose, usize::MAX)
    }

    /// Each event as `UID from-until sequence status summary`, with its times as hours after noon.
    fn events(&self, whose: &Whose, at_most: usize) -> Vec<String> {
        let text = self.calendar(whose).map(|calendar| calendar.text).unwrap_or_default();
        let text = text.replace("\r\n ", "");
        let events = text.split("BEGIN:VEVENT\r\n").skip(1).map(|event| {
            let value = |name: &str| {
                let mut lines = event.split("\r\n");
                let line = lines.find_map(|line| line.strip_prefix(&format!("{name}:")));
                line.unwrap_or_default().to_owned()
            };
            let hours = |name: &str| {
                let at = chrono::NaiveDateTime::parse_from_str(&value(name), "%Y%m%dT%H%M%SZ").unwrap();
                (at.and_utc() - noon()).num_hours()
            };
            let uid = value("UID")
                .replace("cloud.primary_5f_1.2026", "")
                .replace("@nightbell", "");
            format!(
                "{uid} {}..{} {} {} {}",
                hours("DTSTART"),
                hours("DTEND"),
                value("SEQUENCE"),
                value("STATUS").to_lowercase(),
                value("SUMMARY")
            )
        });
        events.take(at_most).collect()
    }
}

fn cloud() -> Whose {
    Whose::Team(TeamId::new("cloud"))
}

fn of(who: &str) -> Whose {
    Whose::Person(user(who))
}

#[test]
fn a_file_of_a_team_with_a_cover() {
    let mut desk = Desk::new();
    desk.put("CLEO", 24, 30);
    let calendar = desk.calendar(&cloud()).unwrap();
    assert_eq!(
        (calendar.shifts, calendar.cut),
        (15, None),
        "13 weeks, one of them in three parts"
    );
    let lines: Vec<&str> = calendar.text.split("\r\n").collect();
    assert!(lines.iter().all(|line| line.len() <= 75 && !line.contains('\n')));
    insta::assert_snapshot!(lines[..60].join("\n"));
    assert!(calendar.text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
}

#[test]
fn a_shift_keeps_its_name_when_it_is_looked_at_later_and_when_a_part_of_it_is_covered() {
    let mut desk = Desk::new();
    let before = ["0105T080000Z -4..164 0 confirmed Ben on call: Cloud\\, Inc (primary_1)"];
    assert_eq!(desk.events(&cloud(), 1), before);
    desk.now = noon() + TimeDelta::hours(100);
    assert_eq!(desk.events(&cloud(), 1), before, "it is the same in the middle of it");

    desk.now = noon();
    desk.put("CLEO", 140, 200);
    assert_eq!(
        desk.events(&cloud(), 4),
        [
            "0105T080000Z -4..140 1 confirmed Ben on call: Cloud\\, Inc (primary_1)",
            "0105T080000Z.O-1 140..164 1 confirmed Cleo on call: Cloud\\, Inc (primary_1)",
            "0112T080000Z.O-1 164..200 1 confirmed Cleo on call: Cloud\\, Inc (primary_1)",
            "0112T080000Z 200..332 1 confirmed Ana\\; the first on call: Cloud\\, Inc (primary_1)",
        ],
        "over a change of shift, both are shortened and keep their names"
    );
    assert_eq!(
        desk.events(&of("BEN"), 2),
        [
            "0105T080000Z -4..140 1 confirmed On call: Cloud\\, Inc (primary_1)",
            "0119T080000Z 332..500 0 confirmed On call: Cloud\\, Inc (primary_1)",
        ]
    );
    assert_eq!(desk.events(&of("CLEO"), 9).len(), 2);
    desk.asks(Ask::Cancel(OverrideId(1)));
    assert_eq!(
        desk.events(&cloud(), 1),
        ["0105T080000Z -4..164 1 confirmed Ben on call: Cloud\\, Inc (primary_1)"],
        "whole again, and newer than the file that said otherwise"
    );
}

#[test]
fn a_shift_that_is_divided_more_than_once_has_a_name_for_each_part() {
    let mut desk = Desk::new();
    desk.put("CLEO", 10, 50);
    desk.put("ANA", 20, 30);
    desk.put("ANA", 100, 110);
    let of_cloud = desk.events(&cloud(), 7);
    let names: Vec<&str> = of_cloud.iter().filter_map(|event| event.split(' ').next()).collect();
    assert_eq!(
        names,
        [
            "0105T080000Z.before-O-1",
            "0105T080000Z.O-1-2",
            "0105T080000Z.O-2",
            "0105T080000Z.O-1",
            "0105T080000Z.before-O-3",
            "0105T080000Z.O-3",
            "0105T080000Z"
        ]
    );
    let all = desk.events(&cloud(), usize::MAX);
    let different: BTreeSet<&str> = all.iter().filter_map(|event| event.split(' ').next()).collect();
    assert_eq!(different.len(), all.len());

    desk.now = noon() + TimeDelta::hours(80);
    let before = desk.events(&cloud(), 3);
    for id in desk.world.overrides().retirable(desk.now) {
        desk.world.retire_override(id);
    }
    assert_eq!(
        desk.world.overrides().iter().count(),
        1,
        "those that are over are forgotten"
    );
    let names = |events: Vec<String>| -> Vec<String> {
        events
            .iter()
            .filter_map(|event| Some(event.split(' ').next()?.to_owned()))
            .collect()
    };
    assert_eq!(
        names(desk.events(&cloud(), 3)),
        names(before),
        "what is to come keeps its names"
    );
}

#[test]
fn a_shift_given_away_whole_is_theirs_under_its_name_and_cancelled_for_who_gave_it() {
    let mut desk = Desk::new();
    desk.put("CLEO", 332, 500);
    let given = "0119T080000Z 332..500 1";
    assert!(
        desk.events(&of("CLEO"), 1)[0].starts_with(&format!("{given} confirmed On call:")),
        "{:?}",
        desk.events(&of("CLEO"), 1)
    );
    assert_eq!(
        desk.events(&of("BEN"), 2)[1],
        format!("{given} cancelled Not on call: Cloud\\, Inc (primary_1)\\, Cleo has it")
    );
    assert_eq!(
        desk.calendar(&of("BEN")).unwrap().shifts,
        6,
        "what is cancelled is no shift"
    );
    assert!(
        desk.events(&of("ANA"), 99)
            .iter()
            .all(|event| event.contains("confirmed"))
    );
}

#[test]
fn hours_are_shifts_of_their_own_and_what_lies_between_them_is_shown_only_where_somebody_has_it() {
    let mut desk = Desk::new();
    let team = desk.roster.teams.get_mut(&TeamId::new("cloud")).unwrap();
    team.rotations[0].hours = vec!["Mon-Fri 09:00-18:00".parse().unwrap()];
    desk.put("CLEO", 3, 22);
    let expected = [
        "0105T080000Z -4..3 1 confirmed Ben on call",
        "0105T080000Z.O-1 3..5 1 confirmed Cleo on call",
        "0105T170000Z.O-1 5..20 1 confirmed Cleo on call",
        "0106T080000Z.O-1 20..22 1 confirmed Cleo on call",
        "0106T080000Z 22..29 1 confirmed Ben on call",
        "0107T080000Z 44..53 0 confirmed Ben on call",
    ];
    let short = |desk: &Desk, at_most| -> Vec<String> {
        let events = desk.events(&cloud(), at_most).into_iter();
        events
            .map(|event| event.replace(": Cloud\\, Inc (primary_1)", ""))
            .collect()
    };
    assert_eq!(short(&desk, 6), expected);
    desk.now = noon() + TimeDelta::hours(23);
    assert_eq!(
        short(&desk, 2),
        expected[4..],
        "what is over is left out, the rest has its names"
    );
}

#[test]
fn a_freeze_takes_parts_of_shifts_and_whole_ones_which_keep_their_names() {
    let mut desk = Desk::new();
    let before = desk.events(&cloud(), 99);
    let team = desk.roster.teams.get_mut(&TeamId::new("cloud")).unwrap();
    let freeze = |from, until, who: Option<&str>| Freeze {
        name: "Quiet; time".to_owned(),
        from: noon() + TimeDelta::hours(from),
        until: noon() + TimeDelta::hours(until),
        who: who.map(|who| Member::Known(user(who))),
    };
    team.rotations[0].freezes = vec![freeze(100, 400, Some("CLEO")), freeze(668, 836, None)];
    desk.put("ANA", 110, 120);
    let freezes = "freeze-Quiet_3b__20_time";
    let of_cloud: Vec<String> = desk
        .events(&cloud(), 99)
        .iter()
        .map(|event| {
            event
                .replace(": Cloud\\, Inc (primary_1)", "")
                .replace(freezes, "freeze")
        })
        .collect();
    assert_eq!(
        of_cloud[..9],
        [
            "0105T080000Z -4..100 1 confirmed Ben on call",
            "0105T080000Z.freeze-2 100..110 1 confirmed Cleo on call",
            "0105T080000Z.O-1 110..120 1 confirmed Ana\\; the first on call",
            "0105T080000Z.freeze 120..164 1 confirmed Cleo on call",
            "0112T080000Z 164..332 0 confirmed Cleo on call",
            "0119T080000Z.freeze 332..400 0 confirmed Cleo on call",
            "0119T080000Z 400..500 0 confirmed Ben on call",
            "0126T080000Z 500..668 0 confirmed Ana\\; the first on call",
            "0202T080000Z 668..836 0 cancelled Not on call\\, nobody has it",
        ]
    );
    assert_eq!(desk.events(&cloud(), 99)[9..], before[5..], "nothing after it differs");
    assert_eq!(
        desk.events(&of("ANA"), 2)[1],
        "0112T080000Z 164..332 0 cancelled Not on call: Cloud\\, Inc (primary_1)\\, Cleo has it"
    );
    let text = desk.calendar(&cloud()).unwrap().text.replace("\r\n ", "");
    assert!(
        text.contains("The freeze Quiet\\; time replaces the rotation from Fri 9 Jan"),
        "{text}"
    );
}

#[test]
fn a_rotation_that_has_not_begun_shows_what_people_agreed_on() {
    let mut desk = Desk::new();
    let team = desk.roster.teams.get_mut(&TeamId::new("cloud")).unwrap();
    team.rotations[0].start = "2026-01-12T09:00:00".parse().unwrap();
    desk.put("CLEO", 1, 5);
    let first = |desk: &Desk| desk.events(&cloud(), 2);
    let at_noon = first(&desk);
    assert!(at_noon[0].contains(".O-1 1..5 1 confirmed Cleo"), "{at_noon:?}");
    assert!(
        at_noon[1].starts_with("0112T080000Z 164..332 0 confirmed"),
        "{at_noon:?}"
    );
    desk.now = noon() + TimeDelta::hours(2);
    assert_eq!(first(&desk), at_noon);
}

#[test]
fn nobody_on_call_is_no_file_and_too_many_shifts_are_cut_at_an_instant() {
    let desk = Desk::new();
    assert_eq!(desk.calendar(&of("CLEO")), None);
    let scene = Scene {
        world: &desk.world,
        roster: &desk.roster,
        now: desk.now,
    };
    let cut = calendar(scene, &cloud(), 1500).unwrap();
    assert!(cut.shifts > 0 && cut.shifts < 13 && cut.text.len() < 1600, "{cut:?}");
    let weeks = TimeDelta::weeks(i64::try_from(cut.shifts).unwrap());
    assert_eq!(cut.cut, Some(noon() - TimeDelta::hours(4) + weeks));
    assert!(cut.text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
    let (said, file) = send(scene, &user("CLEO"), &of("CLEO"));
    assert!(
        said.text.starts_with("You are not on call in the next 90 days"),
        "{}",
        said.text
    );
    assert_eq!(file, None);
}
