//! Reports that came while no bot was there: a file each, in a folder beside the data folder, so that a restore of the
//! data leaves them alone.
//!
//! A file is removed once its report is stored. Its name goes to the store with it, so that a crash in between takes the
//! report once. What cannot be read is renamed and said aloud; nothing is thrown away.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tokio::sync::{mpsc, oneshot};
use tracing::{info, warn};

use super::{Cry, LONGEST_LINE};
use crate::clock::Clock;
use crate::engine::{Letter, LocalReport, Notice};

/// How many are taken at one look; the rest at the next.
const AT_ONCE: usize = 1000;

fn folder(data: &Path) -> PathBuf {
    let mut name: OsString = data.as_os_str().to_owned();
    name.push(".spool");
    PathBuf::from(name)
}

/// Keeps a report, durably.
pub(super) fn keep(data: &Path, cry: &Cry) -> io::Result<()> {
    let folder = folder(data);
    fs::create_dir_all(&folder)?;
    let now = Clock::System.now().timestamp_micros();
    let name = format!("{now:020}-{}.json", std::process::id());
    let part = folder.join(format!("{name}.part"));
    let mut file = File::create_new(&part)?;
    file.write_all(&serde_json::to_vec(cry).map_err(io::Error::other)?)?;
    file.sync_all()?;
    fs::rename(part, folder.join(name))?;
    File::open(folder)?.sync_all()
}

/// Gives what was kept to the engine, the oldest first; none when the engine is gone.
pub(super) async fn take(data: &Path, mailbox: &mpsc::Sender<Letter>) -> Option<()> {
    for path in waiting(&folder(data)) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let unusable = match read(&path) {
            Ok(cry) => {
                let message = cry.message.clone();
                let (done, told) = oneshot::channel();
                let report = LocalReport {
                    name: Some(name.clone()),
                    report: cry.report(),
                    done,
                };
                mailbox.send(Letter::Report(Box::new(report))).await.ok()?;
                match told.await.ok()? {
                    Ok(said) => {
                        info!(spool.file = name, "a report that was kept is taken: {said}");
                        if let Err(error) = fs::remove_file(&path) {
                            warn!(%error, spool.file = name, "a report that was taken cannot be removed");
                        }
                        continue;
                    }
                    Err(why) => format!("{why}\n{message}"),
                }
            }
            Err(error) => format!("{}: {error}", path.display()),
        };
        warn!(spool.file = name, "a report that was kept cannot be used");
        let aside = path.with_extension("unusable");
        if fs::rename(&path, &aside).is_ok() {
            let notice = Notice::Unusable(format!("{unusable}\nIt is kept as {}", aside.display()));
            mailbox.send(Letter::Notice(notice)).await.ok()?;
        }
    }
    Some(())
}

/// What waits, the oldest first.
fn waiting(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .take(AT_ONCE)
        .collect();
    paths.sort_unstable();
    paths
}

fn read(path: &Path) -> io::Result<Cry> {
    let mut text = String::new();
    let limit = LONGEST_LINE as u64 + 1;
    let length = File::open(path)?.take(limit).read_to_string(&mut text)?;
    if length as u64 == limit {
        return Err(io::Error::other("it is larger than any report"));
    }
    serde_json::from_str(&text).map_err(io::Error::other)
}
