//! Whatever is done to the files, the answer is a sentence, not a panic.

use std::fs;
use std::path::PathBuf;

use super::*;

/// A folder with some alerts, closed.
fn written() -> TempDir {
    let folder = folder();
    let mut store = Store::open(folder.path()).unwrap();
    for id in 1..=200 {
        let entries = vec![(id, vec![b'e'; 300])];
        store
            .commit(&[Commit {
                entries,
                ..events(&[row(alert(id), id, &"r".repeat(300))])
            }])
            .unwrap();
    }
    drop(store);
    folder
}

fn database(folder: &TempDir) -> PathBuf {
    folder.path().join("db")
}

/// Opens and reads everything; how it ended.
fn attempt(folder: &TempDir) -> Result<usize, StoreError> {
    let store = Store::open(folder.path())?;
    Ok(store.load(|_, _| ())?.streams.len())
}

#[test]
fn a_log_cut_short_is_said_to_be_damaged() {
    for percent in [0, 1, 10, 35, 60, 90] {
        let folder = written();
        let length = fs::metadata(database(&folder)).unwrap().len();
        let file = fs::OpenOptions::new().write(true).open(database(&folder)).unwrap();
        file.set_len(length * percent / 100).unwrap();
        let ended = attempt(&folder);
        assert!(
            matches!(ended, Err(StoreError::Damaged { .. })),
            "cut to {percent}%: {ended:?}"
        );
    }
}

#[test]
fn flipped_bytes_lose_nothing_silently() {
    for at in [0, 8, 30, 100, 4_096, 20_000, 60_000, 150_000, 300_000] {
        let folder = written();
        let mut bytes = fs::read(database(&folder)).unwrap();
        let Some(byte) = bytes.get_mut(at) else { continue };
        *byte ^= 0xff;
        fs::write(database(&folder), bytes).unwrap();
        match attempt(&folder) {
            Err(error @ StoreError::Damaged { .. }) => {
                assert!(error.to_string().contains("put a backup in its place"), "{error}");
            }
            Ok(streams) => assert_eq!(streams, 200, "byte {at}"),
            Err(other) => panic!("byte {at}: {other}"),
        }
    }
}

#[test]
fn a_half_written_index_of_a_killed_start_is_no_trouble() {
    let folder = written();
    fs::write(folder.path().join("snap.00000000000012AB.generating"), b"half").unwrap();
    assert_eq!(attempt(&folder).unwrap(), 200);
}

#[test]
fn a_damaged_index_is_built_anew() {
    let folder = written();
    let indexes = fs::read_dir(folder.path()).unwrap().flatten().map(|file| file.path());
    let indexes: Vec<_> = indexes
        .filter(|path| path.to_string_lossy().contains("snap."))
        .collect();
    for index in &indexes {
        fs::write(index, b"nonsense").unwrap();
    }
    if indexes.is_empty() {
        fs::write(folder.path().join("snap.00000000000012AB"), b"nonsense").unwrap();
    }
    assert_eq!(attempt(&folder).unwrap(), 200);
}

#[test]
fn a_file_where_the_folder_should_be_is_said() {
    let folder = folder();
    let path = folder.path().join("data");
    fs::write(&path, b"").unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(error.to_string().contains("create the data folder"), "{error}");
}

#[test]
fn errors_of_the_system_are_told_apart() {
    let full = std::io::Error::from_raw_os_error(28);
    assert!(error::is_full(&full));
    assert!(error::is_full(&std::io::Error::other(
        "write: No space left on device (os error 28)"
    )));
    assert!(!error::is_full(&std::io::Error::from(
        std::io::ErrorKind::PermissionDenied
    )));
}
