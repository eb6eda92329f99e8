//! Values put into commands: whatever a value is, a shell takes it as one word and runs nothing of it.
//!
//! How a value is quoted depends on where its blank stands: between single quotes, between double quotes, in a here-document,
//! or outside of all of them, and a `$(…)` begins anew within any of them. A comment ends with its line, so a value in one
//! stays on that line.

use super::fill::{Part, Values, parts};

/// Where in a command one is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Bare,
    Single,
    Double,
    Comment,
    /// Between backticks.
    Ticks,
    /// In `$(…)`, with so many parentheses open within.
    Inner(usize),
    /// In a here-document that ends with this line, and whether a shell looks for `$` in it.
    Here(String, bool),
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
    let mut reader = Reader::default();
    let mut command = String::new();
    for part in parts(text) {
        match part {
            Part::Text(text) => {
                reader.read(text);
                command.push_str(text);
            }
            Part::Blank(name, written) => match values.get(name) {
                Some(value) => command.push_str(&reader.quoted(value)),
                None => command.push_str(written),
            },
        }
        reader.before = command.chars().last();
    }
    command
}

/// Follows a command as a shell reads it.
#[derive(Default)]
struct Reader {
    /// Places within places, the innermost last; outside of all of them when empty.
    places: Vec<Place>,
    before: Option<char>,
    /// Here-documents that begin with the next line.
    announced: Vec<(String, bool)>,
    /// What stands in the current line of a here-document so far.
    line: String,
}

impl Reader {
    fn place(&self) -> &Place {
        self.places.last().unwrap_or(&Place::Bare)
    }

    fn read(&mut self, text: &str) {
        let letters: Vec<char> = text.chars().collect();
        let mut at = 0;
        while at < letters.len() {
            at += self.take(&letters[at..]);
        }
    }

    /// Takes in what comes next; how many letters that was.
    fn take(&mut self, rest: &[char]) -> usize {
        let letter = rest[0];
        let next = rest.get(1).copied();
        let starts_word = self
            .before
            .is_none_or(|before| before.is_whitespace() || matches!(before, ';' | '(' | '&' | '|' | '`'));
        self.before = Some(letter);
        match (self.place().clone(), letter) {
            (Place::Here(end, _), '\n') => {
                if self.line.trim_start_matches('\t') == end {
                    self.places.pop();
                    self.open_announced();
                }
                self.line.clear();
            }
            (Place::Here(_, true), '$') if next == Some('(') => return self.enter(Place::Inner(0), 2),
            (Place::Here(..), letter) => self.line.push(letter),
            (Place::Single, '\'') | (Place::Double, '"') | (Place::Ticks, '`') | (Place::Inner(0), ')') => {
                self.places.pop();
            }
            (Place::Comment, '\n') => {
                self.places.pop();
                self.open_announced();
            }
            (Place::Single | Place::Comment, _) => {}
            (_, '\\') => return 2,
            (_, '$') if next == Some('(') => return self.enter(Place::Inner(0), 2),
            (_, '`') => return self.enter(Place::Ticks, 1),
            (Place::Double, _) => {}
            (_, '\'') => return self.enter(Place::Single, 1),
            (_, '"') => return self.enter(Place::Double, 1),
            (_, '#') if starts_word => return self.enter(Place::Comment, 1),
            (Place::Inner(open), ')') => self.change(Place::Inner(open - 1)),
            (Place::Inner(open), '(') => self.change(Place::Inner(open + 1)),
            (_, '<') if next == Some('<') && rest.get(2) != Some(&'<') => return self.announce(rest),
            (_, '<') if next == Some('<') => return 3,
            (_, '\n') => self.open_announced(),
            _ => {}
        }
        1
    }

    fn enter(&mut self, place: Place, letters: usize) -> usize {
        self.places.push(place);
        self.before = None;
        letters
    }

    fn change(&mut self, place: Place) {
        if let Some(last) = self.places.last_mut() {
            *last = place;
        }
    }

    /// `<<EOF`, `<<-EOF`, `<<'EOF'`.
    fn announce(&mut self, rest: &[char]) -> usize {
        let mut at = 2;
        let is = |letter: Option<&char>, wanted: &[char]| letter.is_some_and(|letter| wanted.contains(letter));
        while is(rest.get(at), &['-', ' ', '\t']) {
            at += 1;
        }
        let is_quoted = is(rest.get(at), &['\'', '"', '\\']);
        let word: String = rest[at..]
            .iter()
            .take_while(|letter| !letter.is_whitespace() && !";&|)".contains(**letter))
            .collect();
        let letters = word.chars().count();
        let end = word.replace(['\'', '"', '\\'], "");
        if !end.is_empty() {
            self.announced.push((end, !is_quoted));
        }
        at + letters
    }

    fn open_announced(&mut self) {
        self.line.clear();
        let announced = std::mem::take(&mut self.announced).into_iter().rev();
        self.places
            .extend(announced.map(|(end, looks)| Place::Here(end, looks)));
    }

    fn quoted(&self, value: &str) -> String {
        match self.place() {
            Place::Bare | Place::Inner(_) | Place::Ticks if is_harmless(value) => value.to_owned(),
            // Between backticks a shell takes backslashes away once before it looks.
            Place::Ticks => format!("'{}'", escaped(&value.replace('\'', r"'\''"), "\\`$")),
            Place::Bare | Place::Inner(_) => format!("'{}'", value.replace('\'', r"'\''")),
            Place::Single => value.replace('\'', r"'\''"),
            Place::Double => escaped(value, "\"\\$`"),
            // A line of its own could end the document.
            Place::Here(_, looks) => {
                let line = one_line(value);
                if *looks { escaped(&line, "\\$`") } else { line }
            }
            Place::Comment => one_line(value),
        }
    }
}

fn escaped(value: &str, special: &str) -> String {
    let mut quoted = String::new();
    for letter in value.chars() {
        if special.contains(letter) {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted
}

fn one_line(value: &str) -> String {
    value.split(['\n', '\r']).collect::<Vec<_>>().join(" ")
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
    fn quotes_within_quotes_and_documents_change_nothing() {
        let nasty = "$(id)`id`'\"";
        assert_eq!(
            command("a \"$(b \"{{x}}\")\" {{x}}", "it's"),
            "a \"$(b \"it's\")\" 'it'\\''s'"
        );
        assert_eq!(command("a \"$(b {{x}})\"", nasty), "a \"$(b '$(id)`id`'\\''\"')\"");
        assert_eq!(command("a \"$(b (c) '{{x}}')\"", "it's"), "a \"$(b (c) 'it'\\''s')\"");
        assert_eq!(
            command("cat <<EOF >f\n{{x}}\nEOF\nrm {{x}}", "$(id)\nEOF\nid"),
            "cat <<EOF >f\n\\$(id) EOF id\nEOF\nrm '$(id)\nEOF\nid'"
        );
        assert_eq!(
            command("cat <<-'E' {{x}}\n{{x}}\n\tE\n{{x}}", "$a"),
            "cat <<-'E' '$a'\n$a\n\tE\n'$a'"
        );
        assert_eq!(command("grep {{x}} <<< \"{{x}}\"", "$a"), "grep '$a' <<< \"\\$a\"");
        assert_eq!(command("echo `ls {{x}}` {{x}}", "a b"), "echo `ls 'a b'` 'a b'");
        assert_eq!(command("echo \\\" {{x}}", "$a"), "echo \\\" '$a'");
    }

    #[test]
    fn what_no_shell_reads_is_filled_in_as_it_is() {
        let values = Values::from([("x".to_owned(), "it's".to_owned())]);
        assert_eq!(filled_command("yaml", "name: {{x}}", &values), "name: it's");
        assert_eq!(filled_command("sh", "echo {{y}}", &values), "echo {{y}}");
    }
}
