//! Asking the bot of a data folder.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use super::{Answer, Cry, LONGEST_LINE, LONGEST_MESSAGE, Question, socket, spool};

/// How long an answer is waited for: a backup of years takes a while.
const PATIENCE: Duration = Duration::from_mins(2);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// No bot listens.
    #[error("no Nightbell runs on this data folder")]
    NobodyThere,
    /// The bot said no.
    #[error("{0}")]
    Refused(String),
    /// It is more than the bot takes.
    #[error("the message has more than {LONGEST_MESSAGE} characters; say it shorter, and where the rest is")]
    TooLong,
    /// The bot went away before it answered: it may have taken it.
    #[error("Nightbell did not answer ({0}); it may have taken it, so look before you try again")]
    NoAnswer(io::Error),
    /// It could not even be kept.
    #[error("no Nightbell runs on this data folder, and the report could not be kept beside it: {0}")]
    NotKept(io::Error),
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// It is stored; in a line.
    Stored(String),
    /// No bot was there: it is kept, and taken at the next start.
    Kept,
}

/// Asks, and waits for the answer.
///
/// # Errors
/// When nobody is there, nobody answers, or the answer is no.
pub fn ask(data: &Path, question: &Question) -> Result<String, AskError> {
    // A socket that nobody listens on is left behind by a bot that was killed.
    let stream = UnixStream::connect(socket(data)).map_err(|_| AskError::NobodyThere)?;
    match exchange(&stream, question).map_err(AskError::NoAnswer)? {
        Answer::Done(said) => Ok(said),
        Answer::Refused(why) => Err(AskError::Refused(why)),
    }
}

/// Reports something; when no bot is there, it is kept for the next one.
///
/// # Errors
/// When it is refused, or could not even be kept.
pub fn report(data: &Path, cry: &Cry) -> Result<Asked, AskError> {
    if cry.message.chars().count() > LONGEST_MESSAGE {
        return Err(AskError::TooLong);
    }
    match ask(data, &Question::Alert(cry.clone())) {
        Ok(said) => Ok(Asked::Stored(said)),
        Err(AskError::NobodyThere) => spool::keep(data, cry).map(|()| Asked::Kept).map_err(AskError::NotKept),
        Err(error) => Err(error),
    }
}

fn exchange(mut stream: &UnixStream, question: &Question) -> io::Result<Answer> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut line = serde_json::to_string(question).map_err(io::Error::other)?;
    line.push('\n');
    stream.write_all(line.as_bytes())?;
    let mut answer = String::new();
    BufReader::new(stream.take(LONGEST_LINE as u64)).read_line(&mut answer)?;
    if answer.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    serde_json::from_str(&answer).map_err(io::Error::other)
}
