//! Values put into commands: whatever a value is, a shell takes it as one word and runs nothing of it.
//!
//! How a value is quoted depends on where its blank stands: between single quotes, between double quotes, or outside of
//! both. A comment ends with its line, so a value in one stays on that line.

use super::fill::{Part, Values, parts};

/// Where in a command one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Bare,
    Single,
    Double,
    Comment,
}

/// Whether it is a language whose commands a shell of the Bourne family reads.
fn is_shell(language: &str) -> bool {
    matches!(
        language.to_lowercase().as_str(),
        "sh" | "bash" | "zsh" | "ksh" | "dash" | "shell" | "console" | "shell-session" | "terminal"
    )
}

/// Code with its blanks filled in, quoted where a shell will read it; what has no value stays as it is written.
pub fn filled_command(language: &str, text: &str, values: &Values) -> String {
    if !is_shell(language) {
        return super::filled(text, values);
    }
    let mut place = Place::Bare;
    let mut before = None;
    let mut command = String::new();
    for part in parts(text) {
        match part {
            Part::Text(text) => {
                place = after(place, before, text);
                command.push_str(text);
            }
            Part::Blank(name, written) => match values.get(name) {
                Some(value) => command.push_str(&quoted(value, place)),
                None => command.push_str(written),
            },
        }
        before = command.chars().last();
    }
    command
}

/// Where one is after some more of a command.
fn after(mut place: Place, mut before: Option<char>, text: &str) -> Place {
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let starts_word = before.is_none_or(|before| before.is_whitespace() || matches!(before, ';' | '(' | '&' | '|'));
        place = match (place, letter) {
            (Place::Bare | Place::Double, '\\') => {
                letters.next();
                place
            }
            (Place::Bare, '\'') => Place::Single,
            (Place::Bare, '"') => Place::Double,
            (Place::Bare, '#') if starts_word => Place::Comment,
            (Place::Single, '\'') | (Place::Double, '"') | (Place::Comment, '\n') => Place::Bare,
            (place, _) => place,
        };
        before = Some(letter);
    }
    place
}

fn quoted(value: &str, place: Place) -> String {
    match place {
        Place::Bare if is_harmless(value) => value.to_owned(),
        Place::Bare => format!("'{}'", value.replace('\'', r"'\''")),
        Place::Single => value.replace('\'', r"'\''"),
        Place::Double => {
            let mut quoted = String::new();
            for letter in value.chars() {
                if matches!(letter, '"' | '\\' | '$' | '`') {
                    quoted.push('\\');
                }
                quoted.push(letter);
            }
            quoted
        }
        Place::Comment => value.split(['\n', '\r']).collect::<Vec<_>>().join(" "),
    }
}

/// Whether every shell takes it as one word as it stands.
fn is_harmless(value: &str) -> bool {
    !value.is_empty()
        && !value.starts_with('-')
        && value
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "_./:@%+=,-".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(text: &str, value: &str) -> String {
        filled_command("sh", text, &Values::from([("x".to_owned(), value.to_owned())]))
    }

    #[test]
    fn a_value_is_one_word_wherever_it_stands() {
        let nasty = "a'b\"c $(rm -rf /) `id` {{x}}\n;";
        assert_eq!(command("restart {{x}} now", "web-1"), "restart web-1 now");
        assert_eq!(
            command("restart {{x}} now", nasty),
            "restart 'a'\\''b\"c $(rm -rf /) `id` {{x}}\n;' now"
        );
        assert_eq!(
            command("restart \"{{x}}\"", nasty),
            "restart \"a'b\\\"c \\$(rm -rf /) \\`id\\` {{x}}\n;\""
        );
        assert_eq!(command("restart '{{x}}'", "it's"), "restart 'it'\\''s'");
        assert_eq!(
            command("df # don't, {{x}}\ndf {{x}}", "a\nb"),
            "df # don't, a b\ndf 'a\nb'"
        );
        assert_eq!(command("rm {{x}}", ""), "rm ''", "nothing is a word too");
        assert_eq!(command("rm {{x}}", "-rf"), "rm '-rf'");
    }

    #[test]
    fn what_no_shell_reads_is_filled_in_as_it_is() {
        let values = Values::from([("x".to_owned(), "it's".to_owned())]);
        assert_eq!(filled_command("yaml", "name: {{x}}", &values), "name: it's");
        assert_eq!(filled_command("sh", "echo {{y}}", &values), "echo {{y}}");
    }
}
