//! `/oncall`: who has it, and changing it.

use chrono::TimeDelta;

use crate::setting::{newest, quiet, stage_with, types};

#[tokio::test]
async fn somebody_takes_it_and_gives_it_back() {
    let (stage, _folder) = stage_with("").await;
    let taken = types(&stage, &stage.ana, "/oncall take cloud for 2h").await;
    assert!(
        taken.starts_with("@ana is on call for Cloud (primary) from Mar 3 20:00 until Mar 3 22:00, 2 h (O-1)."),
        "{taken}"
    );
    assert!(
        taken.contains("Tue 3 Mar 2026 20:00 to Tue 3 Mar 2026 22:00 (Europe/Lisbon)"),
        "{taken}"
    );
    let told = stage.workspace.messages("#cloud").pop().unwrap();
    assert!(
        told.reads
            .starts_with("Handoff of Cloud (primary): @ben leaves, @ana is on call until Mar 3 22:00."),
        "{}",
        told.reads
    );
    let now = types(&stage, &stage.ana, "/oncall cloud").await;
    assert!(
        now.contains("primary: @ana (O-1) until Mar 3 22:00, then @ben"),
        "{now}"
    );
    types(&stage, &stage.dora, "/alert the API times out for cloud").await;
    assert!(
        newest(&stage, &stage.ana).reads.contains("You are paged"),
        "the page goes to her"
    );
    let why = types(&stage, &stage.dora, "/oncall explain cloud").await;
    assert!(
        why.contains("It is the turn of @ben") && why.contains("@ana took it from"),
        "{why}"
    );
    let off = types(&stage, &stage.ana, "/oncall cancel o1").await;
    assert!(off.contains("O-1 is off; the rotation holds again"), "{off}");
    let now = types(&stage, &stage.ana, "/oncall cloud").await;
    assert!(now.contains("primary: @ben until"), "{now}");
    quiet(&stage);
}

#[tokio::test]
async fn a_cover_is_asked_taken_undone_and_seen_by_everybody() {
    let (stage, _folder) = stage_with("").await;
    let asked = types(&stage, &stage.ben, "/oncall cover me 2h cloud").await;
    assert!(asked.starts_with("@cleo is asked (O-1)"), "{asked}");
    let question = newest(&stage, &stage.cleo);
    assert!(
        question
            .reads
            .contains("@ben asks for cover (O-1): Cloud (primary) from Mar 3 20:00 until Mar 3 22:00"),
        "{}",
        question.reads
    );
    let own = stage.workspace.messages("#cloud").pop().unwrap();
    stage.ben.clicks(&own, "Take it").await.unwrap();
    stage.settles().await.unwrap();
    let refused = stage.workspace.ephemerals(&stage.ben).pop().unwrap();
    assert!(refused.reads.contains("That is your own"), "{}", refused.reads);

    stage.cleo.clicks(&question, "Take it").await.unwrap();
    stage.settles().await.unwrap();
    assert!(newest(&stage, &stage.ben).reads.contains("@cleo takes it."));
    let in_channel = stage.workspace.messages("#cloud").remove(0);
    assert!(in_channel.reads.contains("@cleo takes it."), "{}", in_channel.reads);
    stage.ana.clicks_as_seen(&question, "Take it").await.unwrap();
    stage.settles().await.unwrap();
    let late = stage.workspace.ephemerals(&stage.ana).pop().unwrap();
    assert!(late.reads.contains("@cleo was faster: O-1 is taken."), "{}", late.reads);

    stage.cleo.clicks(&question, "Undo").await.unwrap();
    stage.settles().await.unwrap();
    let again = stage.workspace.messages("#cloud").remove(0);
    assert_eq!(again.buttons(), ["Take it"]);
    let told = stage.workspace.dm(&stage.ben);
    assert!(told.iter().any(|message| message.reads.contains("@cleo gave O-1 back")));
    quiet(&stage);
}

#[tokio::test]
async fn a_cover_for_later_lapses_when_nobody_takes_it_also_over_a_restart() {
    let (mut stage, _folder) = stage_with("").await;
    types(&stage, &stage.ben, "/oncall cover me from 22:00 to 23:00").await;
    stage.stop().await.unwrap();
    stage.hand.advance(TimeDelta::hours(3));
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    let told = newest(&stage, &stage.ben);
    assert!(
        told.reads.contains("Nobody agreed to the cover O-1 in time"),
        "{}",
        told.reads
    );
    let question = newest(&stage, &stage.cleo);
    assert!(
        question.reads.contains("It is off.") && question.buttons().is_empty(),
        "{}",
        question.reads
    );
    quiet(&stage);
}

#[tokio::test]
async fn two_people_swap_once_both_agree() {
    let (stage, _folder) = stage_with("").await;
    let asked = types(&stage, &stage.ben, "/oncall swap @cleo now for 2026-03-10 12:00").await;
    assert!(asked.contains("@cleo is asked whether they agree (O-1)"), "{asked}");
    let question = newest(&stage, &stage.cleo);
    assert_eq!(question.buttons(), ["Agree", "Rather not"]);
    stage.cleo.clicks(&question, "Agree").await.unwrap();
    stage.settles().await.unwrap();
    assert!(newest(&stage, &stage.ben).reads.contains("@cleo agreed to swap."));
    let shifts = types(&stage, &stage.ben, "/oncall me").await;
    assert!(
        shifts.contains("Mar 9 08:00 until Mar 16 08:00: Cloud (primary) (O-1)"),
        "{shifts}"
    );
    let plan = types(&stage, &stage.ana, "/oncall schedule cloud 14 days").await;
    assert!(plan.contains("now until Mar 9 08:00: @cleo (O-1)"), "{plan}");
    quiet(&stage);
}

#[tokio::test]
async fn an_override_tells_whoever_is_put_on_call_and_names_what_it_replaces() {
    let (stage, _folder) = stage_with("").await;
    types(&stage, &stage.ana, "/oncall take cloud secondary until tomorrow 9:00").await;
    let put = types(
        &stage,
        &stage.dora,
        "/oncall override cloud secondary @ben from 22:00 to 23:00",
    )
    .await;
    assert!(
        put.contains("It holds before the older O-1, where they overlap."),
        "{put}"
    );
    assert!(put.contains("(America/New_York)"), "understood on her clock: {put}");
    let told = newest(&stage, &stage.ben);
    assert!(told.reads.contains("@dora put you on call."), "{}", told.reads);
    quiet(&stage);
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_what_would_work() {
    let (stage, _folder) = stage_with("").await;
    for (typed, said) in [
        ("/oncall take cloud for 2 years", "not a length of time"),
        ("/oncall take clod for 2h", "There is no team called `clod`"),
        ("/oncall take payments for 2h", "Payments has no rotation"),
        (
            "/oncall take cloud tertiary for 2h",
            "I do not know what to do with `tertiary",
        ),
        ("/oncall cover me 2h", "is not on call"),
        (
            "/oncall override cloud @nobody from 9:00 to 10:00",
            "I know nobody called",
        ),
        (
            "/oncall override cloud @ben from 2026-03-05 10:00 to 2026-03-05 9:00",
            "before it begins",
        ),
        (
            "/oncall override cloud @ben from 2026-01-05 9:00 to 2026-01-06 9:00",
            "what has passed cannot be changed",
        ),
        ("/oncall override cloud @ben from soon to 9:00", "is not a time"),
        (
            "/oncall override cloud @ben from 2026-03-29 1:30 to 2026-03-29 9:00",
            "That time does not exist",
        ),
        (
            "/oncall override cloud @ben from 2026-10-25 1:30 to 2026-10-25 9:00",
            "That time exists twice",
        ),
        ("/oncall swap @ana now for tomorrow", "That is your own"),
        ("/oncall take cloud for 5000d", "the longest is a year, `366d`"),
        ("/oncall take cloud for 0s", "That has no length"),
        ("/oncall swap @ben now for tomorrow", "is not on call"),
        ("/oncall cancel O-9", "There is no override O-9"),
        ("/oncall cancel it", "is not the id of an override"),
        ("/oncall schedule cloud 1000", "any number of days from `1` to `92` is"),
        ("/oncall explain", "The team is missing"),
        ("/oncall shedule cloud", "Did you mean"),
    ] {
        let answer = types(&stage, &stage.ana, typed).await;
        assert!(answer.contains(said), "{typed}: {answer}");
    }
    assert!(stage.workspace.messages("#cloud").is_empty(), "nothing has happened");
    quiet(&stage);
}

#[tokio::test]
async fn hours_end_and_the_page_goes_to_the_next_level() {
    let (stage, _folder) = stage_with(
        "[teams.web]\nname = \"Web\"\nchannel = \"#ops\"\n\
         [[teams.web.rotations]]\nname = \"office\"\nstart = \"2026-03-02 09:00\"\nevery = \"1 day\"\n\
         members = [\"@ana\"]\nhours = [\"Mon-Fri 09:00-18:00\"]\n\
         [[teams.web.escalation]]\npage = [\"office\"]\nwait = \"5m\"\n\
         [[teams.web.escalation]]\npage = [\"@dora\"]\nwait = \"5m\"\n",
    )
    .await;
    let now = types(&stage, &stage.ana, "/oncall web").await;
    assert!(
        now.contains("office: nobody, it is out of hours; it goes on Mar 4 08:00 with @ana"),
        "{now}"
    );
    let raised = types(&stage, &stage.ana, "/alert the site is slow for web").await;
    assert!(raised.contains("paging @dora"), "{raised}");
    let check = types(&stage, &stage.ana, "/oncall check web").await;
    assert!(
        check.contains("nobody is on call; a page then goes to level 2"),
        "{check}"
    );
    let why = types(&stage, &stage.ana, "/oncall explain web sat 12:00").await;
    assert!(
        why.contains("It is out of its hours, which are `Mon-Fri 09:00-18:00`."),
        "{why}"
    );
    quiet(&stage);
}

#[tokio::test]
async fn check_finds_people_who_left_and_double_bookings() {
    let (stage, _folder) = stage_with(
        "[teams.web]\nname = \"Web\"\nchannel = \"#ops\"\n\
         [[teams.web.rotations]]\nname = \"one\"\nstart = \"2026-03-02 09:00\"\nevery = \"1 week\"\nmembers = [\"@ana\", \"@ben\"]\n\
         [[teams.web.rotations]]\nname = \"two\"\nstart = \"2026-03-02 09:00\"\nevery = \"1 week\"\nmembers = [\"@ana\"]\n",
    )
    .await;
    let untested = types(&stage, &stage.ana, "/oncall check payments").await;
    assert!(untested.contains("answered a test page"), "{untested}");
    types(&stage, &stage.ana, "/alert test payments").await;
    let page = newest(&stage, &stage.dora);
    stage.dora.clicks(&page, "Acknowledge").await.unwrap();
    stage.settles().await.unwrap();
    let well = types(&stage, &stage.ana, "/oncall check payments").await;
    assert!(well.contains("somebody is on call at every moment"), "{well}");
    stage.workspace.deactivate(&stage.ben);
    stage.settles().await.unwrap();
    let mut answer = String::new();
    // The workspace is read again a moment after it changed.
    while !answer.contains("who has left") {
        answer = types(&stage, &stage.ana, "/oncall check web").await;
    }
    assert!(answer.contains("@ana is on call in one and in two at once"), "{answer}");
    assert!(answer.contains("the clocks of Europe/Berlin change Mar 29"), "{answer}");
    quiet(&stage);
}

#[tokio::test]
async fn at_a_change_of_shift_the_channel_the_next_one_and_the_user_group_know() {
    let (mut stage, _folder) = stage_with("").await;
    types(&stage, &stage.ana, "/alert the API times out for cloud").await;
    types(&stage, &stage.ben, "/alert ack 1 for 7d").await;
    let noted = types(&stage, &stage.ben, "/oncall note cloud the <backup> runs until noon").await;
    assert!(noted.contains("whoever takes over Cloud next reads it"), "{noted}");
    let before = stage.workspace.messages("#cloud").len();
    stage.passes(TimeDelta::days(5) + TimeDelta::hours(11)).await.unwrap();
    assert_eq!(
        stage.workspace.messages("#cloud").len(),
        before,
        "a minute too early nobody is told"
    );
    // The bot is down over the change: it is said once, when it is back.
    stage.stop().await.unwrap();
    stage.hand.advance(TimeDelta::hours(2));
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    let told: Vec<String> = stage.workspace.messages("#cloud")[before..]
        .iter()
        .map(|it| it.reads.clone())
        .collect();
    let primary = told.iter().find(|text| text.contains("(primary)")).expect("a handoff");
    assert!(
        primary.starts_with("Handoff of Cloud (primary): @ben leaves, @cleo is on call until Mar 16 08:00."),
        "{primary}"
    );
    assert!(
        primary.contains("1 open alert") && primary.contains("A-1 P3 the API times out"),
        "{primary}"
    );
    assert!(
        primary.contains("@ben, Mar") && primary.contains("the <backup> runs until noon"),
        "{primary}"
    );
    assert_eq!(told.len(), 2, "one for each rotation: {told:?}");
    let cleo = stage.workspace.dm(&stage.cleo);
    assert!(cleo.iter().any(|it| {
        it.reads
            .starts_with("You are on call for Cloud (primary) until Mar 16 08:00")
    }));
    stage.stop().await.unwrap();
    stage.start().await.unwrap();
    stage.settles().await.unwrap();
    assert_eq!(
        stage.workspace.messages("#cloud").len(),
        before + 2,
        "not again after a restart"
    );
    quiet(&stage);
}

#[tokio::test]
async fn the_user_group_is_exactly_who_is_on_call_and_written_only_when_it_differs() {
    let (stage, _folder) = stage_with("").await;
    let written = || {
        stage
            .workspace
            .calls()
            .iter()
            .filter(|call| call.method == "usergroups.users.update")
            .count()
    };
    assert_eq!(written(), 0, "ben and cleo are in it already");
    types(&stage, &stage.ana, "/oncall take cloud for 2h").await;
    let mut group = stage.workspace.group("cloud-oncall");
    group.sort();
    assert_eq!((group, written()), (vec!["ana".to_owned(), "cleo".to_owned()], 1));
    types(&stage, &stage.ana, "/oncall take cloud secondary for 2h").await;
    assert_eq!(stage.workspace.group("cloud-oncall"), ["ana"]);
    stage.passes(TimeDelta::hours(2)).await.unwrap();
    let mut group = stage.workspace.group("cloud-oncall");
    group.sort();
    assert_eq!(group, ["ben", "cleo"]);
    let handoffs = stage.workspace.messages("#cloud");
    let back = handoffs
        .iter()
        .filter(|it| it.reads.contains("@ana leaves, @ben is on call"))
        .count();
    assert_eq!(back, 1, "what ends hands over too");
    quiet(&stage);
}

#[tokio::test]
async fn a_group_that_cannot_be_written_is_said_once() {
    let (stage, _folder) = stage_with("").await;
    for _ in 0..2 {
        stage.workspace.fault(nightbell::sim::Fault::Refuse {
            method: "usergroups.users.update",
            code: "permission_denied",
        });
    }
    types(&stage, &stage.ana, "/oncall take cloud for 1h").await;
    stage.passes(TimeDelta::hours(1)).await.unwrap();
    let said = stage.workspace.messages("#cloud");
    let said = said
        .iter()
        .filter(|it| it.reads.contains("I cannot keep the user group of Cloud up to date"))
        .count();
    assert_eq!(said, 1);
    // Somebody mends it: the next change is written.
    types(&stage, &stage.ana, "/oncall take cloud for 1h").await;
    let mut group = stage.workspace.group("cloud-oncall");
    group.sort();
    assert_eq!(group, ["ana", "cleo"]);
    quiet(&stage);
}

#[tokio::test]
async fn whoever_takes_over_while_a_page_waits_is_paged_too() {
    let (stage, _folder) = stage_with("").await;
    types(&stage, &stage.ana, "/alert the API times out for cloud").await;
    stage.passes(TimeDelta::minutes(2)).await.unwrap();
    types(&stage, &stage.dora, "/oncall take cloud primary for 2h").await;
    let pages = |who: &nightbell::sim::Person| {
        let messages = stage.workspace.dm(who);
        messages.iter().filter(|it| it.reads.contains("You are paged")).count()
    };
    assert_eq!([pages(&stage.ben), pages(&stage.dora), pages(&stage.cleo)], [1, 1, 0]);
    let card = stage
        .workspace
        .messages("#cloud")
        .into_iter()
        .find(|it| it.reads.contains("the API times out"));
    let card = card.unwrap();
    assert!(
        card.reads.contains("Paging @ben and @dora, level 1 of 2"),
        "{}",
        card.reads
    );
    let thread = stage.workspace.thread(&card);
    assert!(
        thread
            .iter()
            .any(|it| it.reads.contains("The shift has changed. Paging @dora")),
        "{thread:?}"
    );
    // The level's time is what it was.
    stage.passes(TimeDelta::minutes(3)).await.unwrap();
    assert_eq!(pages(&stage.cleo), 1);
    quiet(&stage);
}
