//! Answering programs on this machine.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tracing::{debug, warn};

use super::{Answer, LONGEST_LINE, Question, socket, spool};
use crate::clock;
use crate::engine::{Letter, LocalReport};

/// How many programs are answered at once; the others wait.
const AT_ONCE: usize = 16;
/// How long a program may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often the spool is looked at: a report may be kept just before we listen.
const SPOOL_EVERY: Duration = Duration::from_secs(30);

/// Listens until it is dropped. Being unable to is no reason not to page: it is logged.
pub(in crate::app) async fn serve(data: PathBuf, mailbox: mpsc::Sender<Letter>) {
    match listen(&data) {
        Ok(listener) => {
            tokio::join!(accept(&listener, &mailbox), take_spooled(&data, &mailbox));
        }
        Err(error) => {
            warn!(%error, "the command line cannot reach this bot; `nightbell alert` is kept and taken every half minute");
            take_spooled(&data, &mailbox).await;
        }
    }
}

fn listen(data: &Path) -> std::io::Result<UnixListener> {
    let path = socket(data);
    // The data folder is ours alone, so whoever left it is gone.
    drop(fs::remove_file(&path));
    let listener = UnixListener::bind(&path)?;
    fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

async fn accept(listener: &UnixListener, mailbox: &mpsc::Sender<Letter>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let mailbox = mailbox.clone();
                tokio::spawn(async move {
                    converse(stream, &mailbox).await;
                    drop(place);
                });
            }
            Err(error) => {
                warn!(%error, "a program on this machine could not be heard");
                clock::pause(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn converse(mut stream: UnixStream, mailbox: &mpsc::Sender<Letter>) {
    let mut line = String::new();
    let (reading, mut writing) = stream.split();
    let mut limited = BufReader::new(reading.take(LONGEST_LINE as u64));
    let heard = tokio::select! {
        heard = limited.read_line(&mut line) => heard.is_ok(),
        () = clock::pause(PATIENCE) => false,
    };
    if !heard || line.is_empty() {
        debug!("a program connected and said nothing");
        return;
    }
    let answer = match serde_json::from_str(&line) {
        Ok(question) => answer(question, mailbox).await,
        Err(_) => Some(Answer::Refused(
            "this is not a question of this version's; use the `nightbell` that runs".to_owned(),
        )),
    };
    // Without an answer the connection just ends, and whoever asked knows that nobody can say.
    if let Some(answer) = answer
        && let Ok(mut text) = serde_json::to_string(&answer)
    {
        text.push('\n');
        if let Err(error) = writing.write_all(text.as_bytes()).await {
            debug!(%error, "a program did not wait for its answer");
        }
    }
}

async fn answer(question: Question, mailbox: &mpsc::Sender<Letter>) -> Option<Answer> {
    match question {
        Question::Alert(cry) => {
            let (done, told) = oneshot::channel();
            let report = LocalReport {
                name: None,
                report: cry.report(),
                done,
            };
            mailbox.send(Letter::Report(Box::new(report))).await.ok()?;
            Some(match told.await.ok()? {
                Ok(said) => Answer::Done(said),
                Err(why) => Answer::Refused(why),
            })
        }
        Question::Backup { file } => {
            let (done, told) = oneshot::channel();
            mailbox.send(Letter::Backup { file, done }).await.ok()?;
            Some(match told.await.ok()? {
                Ok(size) => Answer::Done(size.to_string()),
                Err(error) => Answer::Refused(error.to_string()),
            })
        }
        Question::Names { of } => {
            let (done, told) = oneshot::channel();
            mailbox.send(Letter::Names { of, done }).await.ok()?;
            serde_json::to_string(&told.await.ok()?).ok().map(Answer::Done)
        }
    }
}

async fn take_spooled(data: &Path, mailbox: &mpsc::Sender<Letter>) {
    loop {
        if spool::take(data, mailbox).await.is_none() {
            return;
        }
        clock::pause(SPOOL_EVERY).await;
    }
}
