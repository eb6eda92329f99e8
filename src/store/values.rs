//! Values as they are stored: small ones as they are, big ones in pieces.
//!
//! A big value is laid down first, in pieces each small enough for sled, and only then named by the row that holds it.
//! Pieces that no row names, because the process died between the two, are removed at the next start.

use super::disk::{Disk, Name};
use super::error::StoreError;
use super::group::Group;

/// The size of a piece, well below the 100 KiB that sled bears.
const PIECE: usize = 64 << 10;
/// First byte of a value that is here.
const HERE: u8 = 0;
/// First byte of a value that is in pieces.
const APART: u8 = 1;

/// A small value.
pub(super) fn here(json: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(json.len() + 1);
    value.push(HERE);
    value.extend(json);
    value
}

/// A value in pieces: what stands in its row, and the pieces, each a group of its own.
pub(super) fn apart(blob: u64, json: &[u8]) -> (Vec<u8>, Vec<Group>) {
    let mut value = vec![APART];
    value.extend(blob.to_be_bytes());
    value.extend((json.len().div_ceil(PIECE) as u64).to_be_bytes());
    let pieces = json.chunks(PIECE).zip(0_u64..).map(|(piece, number)| {
        let mut group = Group::default();
        group.put(Name::Pieces, piece_key(blob, number), piece.to_vec());
        group
    });
    (value, pieces.collect())
}

/// Puts a value together again.
pub(super) fn whole(disk: &Disk, value: &[u8]) -> Result<Vec<u8>, StoreError> {
    if let Some((&HERE, json)) = value.split_first() {
        return Ok(json.to_vec());
    }
    let mut json = Vec::new();
    for key in pieces_of(value).ok_or_else(|| disk.damaged("a row is of an unknown shape"))? {
        let piece = disk.get(Name::Pieces, &key)?;
        json.extend_from_slice(&piece.ok_or_else(|| disk.damaged("a piece of a big value is missing"))?);
    }
    Ok(json)
}

/// Removes the pieces of a value that is given up.
pub(super) fn release(value: &[u8], group: &mut Group) {
    for key in pieces_of(value).into_iter().flatten() {
        group.remove(Name::Pieces, key);
    }
}

/// Removes pieces that were laid down and never named: those after `last`.
pub(super) fn remove_orphans(disk: &Disk, last: u64) -> Result<(), StoreError> {
    let mut group = Group::default();
    for piece in disk.range(Name::Pieces, piece_key(last.saturating_add(1), 0)..) {
        group.remove(Name::Pieces, piece?.0.to_vec());
    }
    disk.write(&group)
}

fn piece_key(blob: u64, number: u64) -> Vec<u8> {
    let mut key = blob.to_be_bytes().to_vec();
    key.extend(number.to_be_bytes());
    key
}

/// The keys of a value's pieces; none when it is not in pieces.
fn pieces_of(value: &[u8]) -> Option<impl Iterator<Item = Vec<u8>> + use<>> {
    let (&APART, rest) = value.split_first()? else {
        return None;
    };
    let (blob, count) = rest.split_first_chunk()?;
    let blob = u64::from_be_bytes(*blob);
    let count = u64::from_be_bytes(count.try_into().ok()?);
    Some((0..count).map(move |number| piece_key(blob, number)))
}
