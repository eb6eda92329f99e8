//! Times as people write them, and what they mean.

use super::*;

/// Saturday 2026-03-28 10:30 in Berlin, the day before the clocks go forward.
fn now() -> DateTime<Utc> {
    "2026-03-28T09:30:00Z".parse().unwrap()
}

fn means(text: &str) -> String {
    let Some(moment) = Moment::parse(text) else {
        return "no time".to_owned();
    };
    let shown = |at: DateTime<Tz>| at.format("%H:%M%:z").to_string();
    match moment.on(Tz::Europe__Berlin, now()) {
        Ok(at) => at
            .with_timezone(&Tz::Europe__Berlin)
            .format("%a %Y-%m-%d %H:%M%:z")
            .to_string(),
        Err(NoInstant::Skipped { before, after }) => format!("skipped: {} or {}", shown(before), shown(after)),
        Err(NoInstant::Twice { first, second }) => format!("twice: {} or {}", shown(first), shown(second)),
        Err(NoInstant::BeyondTheCalendar) => "beyond".to_owned(),
    }
}

#[test]
fn times_are_read_as_people_write_them() {
    for (text, meant) in [
        ("now", "Sat 2026-03-28 10:30+01:00"),
        ("in 2h", "Sat 2026-03-28 12:30+01:00"),
        ("2h30m", "Sat 2026-03-28 13:00+01:00"),
        ("in 1 day", "Sun 2026-03-29 11:30+02:00"),
        ("11:00", "Sat 2026-03-28 11:00+01:00"),
        ("10:30", "Sun 2026-03-29 10:30+02:00"),
        ("9am", "Sun 2026-03-29 09:00+02:00"),
        ("12am", "Sun 2026-03-29 00:00+01:00"),
        ("6 pm", "Sat 2026-03-28 18:00+01:00"),
        ("noon", "Sat 2026-03-28 12:00+01:00"),
        ("Today 18:00", "Sat 2026-03-28 18:00+01:00"),
        ("tomorrow at 9:00", "Sun 2026-03-29 09:00+02:00"),
        ("tomorrow", "Sun 2026-03-29 00:00+01:00"),
        ("mon 18:00", "Mon 2026-03-30 18:00+02:00"),
        ("Saturday 11:00", "Sat 2026-03-28 11:00+01:00"),
        ("sat 10:00", "Sat 2026-04-04 10:00+02:00"),
        ("fri", "Fri 2026-04-03 00:00+02:00"),
        ("2026-11-21 09:00", "Sat 2026-11-21 09:00+01:00"),
        ("2026-11-21T09:00", "Sat 2026-11-21 09:00+01:00"),
        ("2026-10-25 02:30+01:00", "Sun 2026-10-25 02:30+01:00"),
        ("2026-10-25T00:30Z", "Sun 2026-10-25 02:30+02:00"),
    ] {
        assert_eq!(means(text), meant, "{text}");
    }
    for text in [
        "",
        "soon",
        "25:00",
        "13pm",
        "0am",
        "2026-13-01",
        "monday morning",
        "t",
        "am",
        "in",
        "tomorrow tomorrow",
    ] {
        assert_eq!(means(text), "no time", "{text}");
    }
}

#[test]
fn a_time_that_does_not_exist_has_neighbours_and_one_that_exists_twice_has_both() {
    assert_eq!(means("tomorrow 2:30"), "skipped: 01:59+01:00 or 03:00+02:00");
    assert_eq!(means("2026-10-25 02:30"), "twice: 02:30+02:00 or 02:30+01:00");
}
