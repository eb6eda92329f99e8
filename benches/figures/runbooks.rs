//! Runbooks: a folder with 1,000 of them, and a search over all.

use std::fs;
use std::path::Path;

use nightbell::clock::monotonic;
use nightbell::runbooks;

use crate::{Figure, milliseconds};

const RUNBOOKS: usize = 1000;
const SEARCHES: u32 = 100;

pub(crate) fn measure() -> anyhow::Result<Vec<Figure>> {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("runbooks");
    let mut pages = Vec::new();
    for file in fs::read_dir(shipped)? {
        pages.push(fs::read(file?.path())?);
    }
    let folder = tempfile::tempdir()?;
    for (number, page) in (0..RUNBOOKS).zip(pages.iter().cycle()) {
        fs::write(folder.path().join(format!("page-{number}.md")), page)?;
    }

    let begun = monotonic();
    let library = runbooks::load(folder.path());
    let loaded = begun.elapsed();
    anyhow::ensure!(library.books().len() == RUNBOOKS, "{} were read", library.books().len());

    let begun = monotonic();
    for _ in 0..SEARCHES {
        anyhow::ensure!(!library.search("restart pods customer").is_empty(), "nothing was found");
    }
    let searched = begun.elapsed() / SEARCHES;

    Ok(vec![
        Figure {
            what: "1,000 runbooks of the shipped kind, read from a folder".to_owned(),
            measured: milliseconds(loaded),
            target: "< 500 ms",
        },
        Figure {
            what: "a search for three words over them".to_owned(),
            measured: milliseconds(searched),
            target: "< 10 ms",
        },
    ])
}
