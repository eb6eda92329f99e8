//! Values put into commands: whatever a value is, a shell takes it as one word and runs nothing of it.
//!
//! How a value is quoted depends on where its blank stands: outside of quotes, between single ones, or between double ones.
//! Everywhere else (in `$(…)`, backticks, here-documents, arithmetic, comments, in what another shell reads once more) a
//! shell's rules are many and differ, so a value is put in only when there is nothing in it that any of them could take for
//! something else; any other blank is left as it is written, for whoever copies the command.

use super::fill::{Part, Values, parts};

/// Where in a command one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Bare,
    Single,
    Double,
    Comment,
    /// Anywhere else, to the end of the block.
    Unclear,
}

/// How a block's language treats values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A shell of the Bourne family reads it; so it is with a block that says nothing.
    Shell,
    /// The same, with prompts, and with what came of it.
    Console,
    /// Another shell reads it.
    OtherShell,
    /// Nothing that runs.
    Text,
}

fn kind(language: &str) -> Kind {
    match language.to_lowercase().as_str() {
        "" | "sh" | "bash" | "zsh" | "ksh" | "dash" | "shell" => Kind::Shell,
        "console" | "shell-session" | "shellsession" | "terminal" => Kind::Console,
        "fish" | "powershell" | "pwsh" | "ps1" | "bat" | "batch" | "cmd" | "csh" | "tcsh" | "nu" => Kind::OtherShell,
        _ => Kind::Text,
    }
}

/// Code with its blanks filled in, quoted where a shell will read it. What has no value, or none that can stand there, stays
/// as it is written.
pub fn filled_command(language: &str, text: &str, values: &Values) -> String {
    put_in(language, text, values).0
}

/// The names of blanks whose values cannot stand where they are, each once.
pub fn left_blank(language: &str, text: &str, values: &Values) -> Vec<String> {
    put_in(language, text, values).1
}

fn put_in(language: &str, text: &str, values: &Values) -> (String, Vec<String>) {
    let kind = kind(language);
    if kind == Kind::Text {
        return (super::filled(text, values), Vec::new());
    }
    let mut reader = Reader::new(kind);
    let (mut command, mut left) = (String::new(), Vec::new());
    for part in parts(text) {
        match part {
            Part::Text(text) => {
                reader.read(text);
                command.push_str(text);
            }
            Part::Blank(name, written) => {
                let value = values.get(name);
                match value.and_then(|value| reader.quoted(value)) {
                    Some(quoted) => command.push_str(&quoted),
                    None => command.push_str(written),
                }
                let is_left = value.is_some_and(|value| reader.quoted(value).is_none());
                if is_left && !left.iter().any(|known| known == name) {
                    left.push(name.to_owned());
                }
                reader.pass_a_word();
            }
        }
    }
    (command, left)
}

/// Words after which another shell reads what follows once more.
const READ_AGAIN: [&str; 5] = ["eval", "ssh", "su", "xargs", "watch"];

/// Follows a command as a shell reads it.
struct Reader {
    kind: Kind,
    place: Place,
    /// The letter before, when it was not escaped.
    before: Option<char>,
    /// Whether the next letter is escaped.
    escaped: bool,
    /// The word one is in, as far as it was written.
    word: String,
    /// What ends here-documents.
    ends: Vec<String>,
}

impl Reader {
    fn new(kind: Kind) -> Self {
        let place = match kind {
            Kind::Shell => Place::Bare,
            Kind::Console | Kind::OtherShell | Kind::Text => Place::Unclear,
        };
        Self {
            kind,
            place,
            before: None,
            escaped: false,
            word: String::new(),
            ends: Vec::new(),
        }
    }

    fn read(&mut self, text: &str) {
        let letters: Vec<char> = text.chars().collect();
        for at in 0..letters.len() {
            self.take(letters[at], &letters[at + 1..]);
        }
    }

    /// A value stood here.
    fn pass_a_word(&mut self) {
        self.before = Some('x');
        self.escaped = false;
        self.word.push('x');
    }

    fn take(&mut self, letter: char, rest: &[char]) {
        let next = rest.first().copied();
        if self.kind == Kind::Console {
            self.prompt(letter, rest);
        }
        let starts_word = self
            .before
            .is_none_or(|before| before.is_whitespace() || "|&;()<>".contains(before));
        if std::mem::take(&mut self.escaped) {
            // A line that goes on in the next one is one line.
            if letter != '\n' {
                self.before = Some('x');
            }
            return;
        }
        let unclear = match (self.place, letter) {
            (Place::Bare | Place::Double, '\\') => {
                self.escaped = true;
                return;
            }
            (Place::Bare | Place::Double, '`') => true,
            (Place::Bare | Place::Double, '$') => next.is_some_and(|next| "({".contains(next)),
            (Place::Bare, '\'' | '"') if self.before == Some('$') => true,
            (Place::Bare, '(' | '[') => next == Some(letter),
            (Place::Bare, '<') if next == Some('<') => {
                self.ends.extend(end_of(rest));
                true
            }
            _ => false,
        };
        self.place = match (self.place, letter) {
            _ if unclear => Place::Unclear,
            (Place::Bare, '\'') => Place::Single,
            (Place::Bare, '"') => Place::Double,
            (Place::Bare, '#') if starts_word => Place::Comment,
            (Place::Single, '\'') | (Place::Double, '"') | (Place::Comment, '\n') => Place::Bare,
            (place, _) => place,
        };
        if self.place == Place::Bare {
            self.follow_word(letter);
        }
        self.before = Some(letter);
    }

    /// In a console only what stands behind a prompt is a command, and it ends with its line.
    fn prompt(&mut self, letter: char, rest: &[char]) {
        let begins_line = self.before.is_none_or(|before| before == '\n');
        if begins_line && "$#>%".contains(letter) && rest.first() == Some(&' ') {
            self.place = Place::Bare;
            self.escaped = false;
            self.word.clear();
        } else if letter == '\n' {
            self.place = Place::Unclear;
            self.escaped = false;
        }
        // The prompt itself is no sign of the command's.
        if begins_line && self.place == Place::Bare {
            self.before = Some('x');
        }
    }

    fn follow_word(&mut self, letter: char) {
        if letter.is_whitespace() || "|&;()<>".contains(letter) {
            let word = std::mem::take(&mut self.word);
            let name = word.rsplit('/').next().unwrap_or_default();
            if READ_AGAIN.contains(&name) || word == "-c" {
                self.place = Place::Unclear;
            }
        } else {
            self.word.push(letter);
        }
    }

    /// A value as it can stand here; none when it cannot.
    fn quoted(&self, value: &str) -> Option<String> {
        let is_after_a_sign = self.escaped || self.before == Some('$');
        let ends_line = self.kind == Kind::Console && value.contains('\n');
        if is_after_a_sign || ends_line || value.contains(['\r', '\0']) {
            return None;
        }
        match self.place {
            Place::Bare if is_harmless(value) => Some(value.to_owned()),
            Place::Bare => Some(format!("'{}'", value.replace('\'', r"'\''"))),
            Place::Single => Some(value.replace('\'', r"'\''")),
            Place::Double => {
                let mut quoted = String::new();
                for letter in value.chars() {
                    match letter {
                        '"' | '\\' | '$' | '`' => quoted.extend(['\\', letter]),
                        // Where people type, double quotes do not keep it from meaning an earlier command.
                        '!' => quoted.push_str("\"'!'\""),
                        _ => quoted.push(letter),
                    }
                }
                Some(quoted)
            }
            Place::Comment | Place::Unclear => {
                let ends_something = self.ends.iter().any(|end| end == value);
                (is_harmless(value) && !ends_something).then(|| value.to_owned())
            }
        }
    }
}

/// What ends the here-document that `<EOF`, `<-EOF`, `<'EOF'` begins, after the first `<`.
fn end_of(rest: &[char]) -> Option<String> {
    let word: String = rest
        .iter()
        .skip_while(|letter| "<- \t".contains(**letter))
        .take_while(|letter| !letter.is_whitespace() && !";&|()<>".contains(**letter))
        .filter(|letter| !"'\"\\".contains(**letter))
        .collect();
    (!word.is_empty()).then_some(word)
}

/// Whether every shell takes it as a part of a word, wherever it stands.
fn is_harmless(value: &str) -> bool {
    !value.is_empty()
        && value
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "_./:@%+,-".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(text: &str, value: &str) -> String {
        filled_command("sh", text, &Values::from([("x".to_owned(), value.to_owned())]))
    }

    #[test]
    fn a_value_is_one_word_wherever_it_stands() {
        let nasty = "a'b\"c $(rm -rf /) `id` {{x}} ;";
        assert_eq!(command("restart {{x}} now", "web-1"), "restart web-1 now");
        assert_eq!(
            command("restart {{x}} now", nasty),
            "restart 'a'\\''b\"c $(rm -rf /) `id` {{x}} ;' now"
        );
        assert_eq!(
            command("restart \"{{x}}\"", nasty),
            "restart \"a'b\\\"c \\$(rm -rf /) \\`id\\` {{x}} ;\""
        );
        assert_eq!(command("restart '{{x}}'", "it's"), "restart 'it'\\''s'");
        assert_eq!(command("say \"{{x}}\"", "no!"), "say \"no\"'!'\"\"");
        assert_eq!(command("df # don't\ndf {{x}}", "a b"), "df # don't\ndf 'a b'");
        assert_eq!(command("(df)# don't\ndf {{x}}", "a b"), "(df)# don't\ndf 'a b'");
        assert_eq!(command("df \\\n# don't\ndf {{x}}", "a b"), "df \\\n# don't\ndf 'a b'");
        assert_eq!(command("echo \\\" {{x}}", "$a"), "echo \\\" '$a'");
        assert_eq!(command("rm {{x}}", ""), "rm ''", "nothing is a word too");
        assert_eq!(command("{{x}} ls", "PATH=/x"), "'PATH=/x' ls");
    }

    #[test]
    fn where_a_shell_could_read_more_into_it_only_what_is_harmless_is_put_in() {
        for template in [
            "a \"$(b \"{{x}}\")\"",
            "a `b {{x}}`",
            "cat <<EOF\n{{x}}\nEOF",
            "cat <<EOF>f\n1\nEOF\nrm {{x}}",
            "echo $((1 << 3))\necho {{x}}",
            "echo $(( {{x}} ))",
            "(( {{x}} > 5 ))",
            "[[ {{x}} -gt 5 ]]",
            "echo $'it\\'s {{x}}'",
            "echo ${a:-{{x}}}",
            "sh -c \"echo {{x}}\"",
            "ssh host \"ls {{x}}\"",
            "eval ls {{x}}",
            "ls # {{x}}",
        ] {
            assert_eq!(command(template, "web-1"), template.replace("{{x}}", "web-1"));
            for nasty in ["a; id", "$(id)", "`id`", "it's", "a\nid", "(id)"] {
                assert_eq!(command(template, nasty), template, "{nasty}");
            }
        }
        for template in ["echo ${{x}}", "echo \"${{x}}\"", "echo \\{{x}}", "echo \"C:\\{{x}}\""] {
            assert_eq!(command(template, "HOME"), template);
        }
        assert_eq!(
            command("cat <<-'E'\n{{x}}\nE", "E"),
            "cat <<-'E'\n{{x}}\nE",
            "it would end the text"
        );
        assert_eq!(command("rm {{x}}", "a\nb"), "rm 'a\nb'");
        assert_eq!(
            command("rm {{x}}", "a\rb"),
            "rm {{x}}",
            "nobody sees what stands before it"
        );
        let values = Values::from([("x".to_owned(), "a b".to_owned())]);
        assert_eq!(left_blank("sh", "a {{x}} `b {{x}}` {{y}}", &values), ["x"]);
        assert_eq!(filled_command("powershell", "del {{x}}", &values), "del {{x}}");
    }

    #[test]
    fn in_a_console_only_what_stands_behind_a_prompt_is_a_command() {
        let values = Values::from([("x".to_owned(), "a b".to_owned())]);
        let filled = |text: &str| filled_command("console", text, &values);
        assert_eq!(
            filled("$ rm {{x}}\ncan't {{x}}\n# rm {{x}}"),
            "$ rm 'a b'\ncan't {{x}}\n# rm 'a b'"
        );
    }

    #[test]
    fn what_no_shell_reads_is_filled_in_as_it_is() {
        let values = Values::from([("x".to_owned(), "it's".to_owned())]);
        assert_eq!(filled_command("yaml", "name: {{x}}", &values), "name: it's");
        assert_eq!(filled_command("sh", "echo {{y}}", &values), "echo {{y}}");
    }
}
