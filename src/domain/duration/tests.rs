//! What is read as a duration, what is not, and how it is shown.

use proptest::prelude::*;

use super::*;

#[test]
fn durations_are_read_as_people_write_them() {
    for (text, seconds) in [
        ("45s", 45),
        ("10m", 600),
        ("2h30m", 9_000),
        ("2 h 30 min", 9_000),
        ("3d", 259_200),
        ("1 week", 604_800),
        ("2 Weeks", 1_209_600),
        ("1 hour 1 minute 1 second", 3_661),
        ("  5mins  ", 300),
        ("90m", 5_400),
        ("0s", 0),
        ("0010m", 600),
        ("30m 1h", 5_400),
        ("3660d", 3_660 * 86_400),
    ] {
        assert_eq!(parse(text), Ok(TimeDelta::seconds(seconds)), "{text}");
    }
}

#[test]
fn what_has_no_number_or_no_unit_is_not_a_duration() {
    for text in [
        "",
        "   ",
        "10",
        "m",
        "ten minutes",
        "10 m 5",
        "1 month",
        "2 years",
        "-5m",
        "1.5h",
        "1,5h",
        "10m!",
        "٣m",
        "10m\u{200b}",
        "m10",
        "1h and 5m",
    ] {
        assert_eq!(parse(text), Err(NotADuration::Unreadable), "{text:?}");
    }
}

#[test]
fn more_than_ten_years_is_too_long_however_it_is_written() {
    for text in [
        "3661d",
        "523w 1s 1h",
        "99999999999999999999s",
        "9223372036854775807w",
        "9223372036854775807s 1s",
    ] {
        assert_eq!(parse(text), Err(NotADuration::TooLong), "{text}");
    }
}

#[test]
fn a_duration_is_shown_by_its_two_largest_units() {
    for (seconds, shown) in [
        (0, "0 s"),
        (-5, "0 s"),
        (45, "45 s"),
        (600, "10 min"),
        (630, "10 min 30 s"),
        (9_000, "2 h 30 min"),
        (3_605, "1 h"),
        (86_400, "1 d"),
        (90_061, "1 d 1 h"),
        (86_400 * 10, "10 d"),
    ] {
        assert_eq!(show(TimeDelta::seconds(seconds)).to_string(), shown);
    }
    assert_eq!(show(TimeDelta::milliseconds(999)).to_string(), "0 s");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _: Result<TimeDelta, NotADuration> = parse(&text);
    }

    #[test]
    fn no_text_of_its_own_letters_makes_it_panic(text in "[0-9smhdwek .-]{0,40}") {
        if let Ok(read) = parse(&text) {
            prop_assert!(read >= TimeDelta::zero() && read <= TimeDelta::seconds(TEN_YEARS));
        }
    }

    #[test]
    fn the_parts_add_up(days in 0..3_000_i64, hours in 0..100_i64, minutes in 0..100_i64, seconds in 0..100_i64) {
        let text = format!("{days}d{hours}h {minutes}min{seconds} s");
        let expected = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
        prop_assert_eq!(parse(&text), Ok(TimeDelta::seconds(expected)));
    }

    /// What is shown leaves out small units, never rounds up, and says most of it.
    #[test]
    fn what_is_shown_can_be_read_and_is_near(seconds in 0..TEN_YEARS) {
        let read = parse(&show(TimeDelta::seconds(seconds)).to_string()).unwrap().num_seconds();
        prop_assert!(read <= seconds && seconds - read < seconds / 24 + 1, "{} {}", read, seconds);
    }
}
