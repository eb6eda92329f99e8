//! The form of a calendar file (RFC 5545): lines that end with CR LF and are folded at 75 octets, text that is escaped,
//! times in UTC. What stands in it is the parent's.
//! <https://www.rfc-editor.org/rfc/rfc5545>

use chrono::{DateTime, Utc};

/// How long a line may be, in octets, without its end.
const LINE: usize = 75;

/// A calendar file in the making.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ics(String);

impl Ics {
    /// What was written so far.
    pub(super) fn finish(self) -> String {
        self.0
    }

    /// Writes on at the end of another.
    pub(super) fn append(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    /// How many octets it has.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// A property whose value is ours and needs no escaping.
    pub(super) fn line(&mut self, name: &str, value: &str) {
        let mut room = LINE;
        for letter in format!("{name}:{value}").chars() {
            if letter.len_utf8() > room {
                // What goes on begins with a space, which counts.
                self.0.push_str("\r\n ");
                room = LINE - 1;
            }
            self.0.push(letter);
            room -= letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A property whose value is any text.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.line(name, &escaped(text));
    }

    /// A property whose value is an instant.
    pub(super) fn time(&mut self, name: &str, at: DateTime<Utc>) {
        self.line(name, &instant(at));
    }
}

/// `20260302T080000Z`.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' | '\r' => escaped.push_str("\\n"),
            // A file with another of them is none.
            letter if letter.is_control() && letter != '\t' => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Ics)) -> String {
        let mut ics = Ics::default();
        write(&mut ics);
        ics.finish()
    }

    #[test]
    fn text_is_escaped_and_control_characters_are_left_out() {
        let said = written(|ics| ics.text("SUMMARY", "a, b; c\\d\r\ne\nf\tg\u{7}\u{0}: \"h\""));
        assert_eq!(said, "SUMMARY:a\\, b\\; c\\\\d\\ne\\nf\tg: \"h\"\r\n");
    }

    #[test]
    fn a_line_of_75_octets_is_whole_and_a_longer_one_is_folded() {
        let said = written(|ics| ics.text("X", &"y".repeat(73)));
        assert_eq!(said, format!("X:{}\r\n", "y".repeat(73)));
        let said = written(|ics| ics.text("X", &"y".repeat(74 + 74)));
        assert_eq!(
            said,
            format!("X:{}\r\n {}\r\n {}\r\n", "y".repeat(73), "y".repeat(74), "y")
        );
    }

    #[test]
    fn folding_cuts_no_letter_and_unfolding_gives_everything_back() {
        for letter in ["é", "日", "🔔", "a🔔é"] {
            let text = letter.repeat(60);
            let said = written(|ics| ics.text("DESCRIPTION", &text));
            for line in said.trim_end_matches("\r\n").split("\r\n") {
                assert!(line.len() <= LINE, "{} octets: {line}", line.len());
            }
            assert_eq!(said.replace("\r\n ", ""), format!("DESCRIPTION:{text}\r\n"));
        }
    }

    #[test]
    fn instants_are_in_utc() {
        let at = DateTime::from_timestamp(1_772_568_000, 0).unwrap();
        assert_eq!(written(|ics| ics.time("DTSTART", at)), "DTSTART:20260303T200000Z\r\n");
    }
}
