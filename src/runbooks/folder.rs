//! A folder of runbooks: the good files are read even where others are bad.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{LARGEST, Readable, read_bytes};
use crate::config::{Colours, Problem, Problems};
use crate::domain::ids::RunbookId;
use crate::domain::runbook::{Library, Mistake, Runbook};

/// How many files a folder can have; more is another kind of folder.
const MOST_FILES: usize = 5000;
/// Fewer files than this are not worth a thread.
const FEW: usize = 50;
/// How deep folders are looked into.
const DEEPEST: usize = 4;

/// Reads every `.md` file below a folder. A folder that is not there holds nothing.
pub fn load(folder: &Path) -> Library {
    let mut mistakes = Vec::new();
    let paths = files(folder, &mut mistakes);
    let mut books: BTreeMap<RunbookId, Runbook> = BTreeMap::new();
    for (file, read) in read_all(&paths) {
        let readable = match read {
            Ok(readable) => readable,
            Err(problems) => {
                mistakes.push(left_out(&problems));
                continue;
            }
        };
        if let Some(other) = books.get(&readable.runbook.id) {
            let says = format!("this runbook is called `{}`, as {} is", other.id, other.file);
            mistakes.push(left_out(&alone(&file, &says)));
            continue;
        }
        if let Some(drawn) = readable.drawn(Colours::Without) {
            mistakes.push(Mistake {
                file,
                drawn,
                left_out: false,
            });
        }
        books.insert(readable.runbook.id.clone(), readable.runbook);
    }
    Library::new(books.into_values(), mistakes)
}

/// Each file and what came of reading it, in order; on every core, because each stands for itself.
fn read_all(paths: &[PathBuf]) -> Vec<(String, Result<Readable, Problems>)> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = paths.len().div_ceil(threads).max(FEW);
    if paths.len() <= share {
        return paths.iter().map(|path| read_one(path)).collect();
    }
    std::thread::scope(|scope| {
        let readers: Vec<_> = paths
            .chunks(share)
            .map(|some| {
                (
                    some,
                    scope.spawn(|| some.iter().map(|path| read_one(path)).collect::<Vec<_>>()),
                )
            })
            .collect();
        let all = readers.into_iter().map(|(some, reader)| {
            // A reader that broke off is a bug of ours; its files are read here, where it shows.
            reader
                .join()
                .unwrap_or_else(|_| some.iter().map(|path| read_one(path)).collect())
        });
        all.flatten().collect()
    })
}

fn read_one(path: &Path) -> (String, Result<Readable, Problems>) {
    let file = path.display().to_string();
    let read = match bytes(path) {
        Ok(bytes) => read_bytes(&bytes, &file),
        Err(error) => Err(alone(&file, &format!("this file cannot be read: {error}"))),
    };
    (file, read)
}

/// What changes when any file of a folder does: how many there are, their sizes, and when the last one changed.
pub fn stamp(folder: &Path) -> u64 {
    let mut stamp = crc32fast::Hasher::new();
    let mut newest = 0_u64;
    for path in files(folder, &mut Vec::new()) {
        let Ok(about) = fs::metadata(&path) else { continue };
        let changed = about
            .modified()
            .ok()
            .and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        let changed = changed.map_or(0, |since| since.as_nanos());
        stamp.update(path.as_os_str().as_encoded_bytes());
        stamp.update(&about.len().to_be_bytes());
        stamp.update(&changed.to_be_bytes());
        newest += 1;
    }
    (newest << 32) | u64::from(stamp.finalize())
}

/// Every file of a folder that may be a runbook, in order; hidden ones and `README.md` are not.
fn files(folder: &Path, mistakes: &mut Vec<Mistake>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => {
                let file = folder.display().to_string();
                mistakes.push(left_out(&alone(&file, &format!("this folder cannot be read: {error}"))));
                continue;
            }
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().to_lowercase();
            if name.starts_with('.') || found.len() == MOST_FILES {
                continue;
            }
            if path.is_dir() {
                if depth < DEEPEST {
                    open.push((path, depth + 1));
                }
            } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("md")) && name != "readme.md" {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The beginning of a file, enough to tell that it is too large.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn alone(file: &str, says: &str) -> Problems {
    Problems::new(file, String::new(), vec![Problem::of_file(says)])
}

fn left_out(problems: &Problems) -> Mistake {
    Mistake {
        file: problems.file.clone(),
        drawn: problems.to_string(),
        left_out: true,
    }
}
