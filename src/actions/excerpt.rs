//! What people read of an answer: its first lines, as text.

/// How many lines and characters.
const LINES: usize = 15;
const LETTERS: usize = 1500;

/// The first lines of a body, and a word about what was left out.
pub(super) fn of(body: &[u8], is_whole: bool) -> String {
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        // The end of what was read may be in the middle of a character.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
            std::str::from_utf8(&body[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return format!("({} bytes that are no text)", body.len()),
    };
    let readable = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
    let text: String = text.trim().replace("\r\n", "\n").chars().filter(readable).collect();
    let lines: Vec<&str> = text.lines().take(LINES).collect();
    let first = lines.join("\n");
    let cut: String = first.chars().take(LETTERS).collect();
    if cut.len() < text.len() || !is_whole {
        format!("{}\n…", cut.trim_end())
    } else {
        cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_are_read_and_what_is_left_out_is_said() {
        assert_eq!(of(b"", true), "");
        assert_eq!(of(b"{\"ok\": true}\r\n", true), "{\"ok\": true}");
        assert_eq!(of(b"\x1b[31mred\x07", true), "[31mred");
        assert_eq!(
            of("é".repeat(10).as_bytes().split_last().unwrap().1, false),
            format!("{}\n…", "é".repeat(9))
        );
        assert_eq!(of(b"\x89PNG\xff\xff", true), "(6 bytes that are no text)");
        let many = "line\n".repeat(40);
        assert_eq!(of(many.as_bytes(), true).lines().count(), LINES + 1);
        let long = "x".repeat(5000);
        assert_eq!(of(long.as_bytes(), true).chars().count(), LETTERS + 2);
    }
}
