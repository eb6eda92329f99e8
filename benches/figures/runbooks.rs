//! Runbooks: a folder with 1,000 of them, a search over all, and a click on a step's card.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use nightbell::clock::monotonic;
use nightbell::domain::runbook::Library;
use nightbell::outbox::Pace;
use nightbell::runbooks;
use nightbell::sim::{Message, Workspace};

use crate::{Figure, bot, milliseconds, percentile};

const RUNBOOKS: usize = 1000;
const SEARCHES: u32 = 100;
const CLICKS: usize = 100;

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

/// From the press of *Done* to its acknowledgement, which comes when the next step is stored with its card.
pub(crate) async fn click() -> anyhow::Result<Figure> {
    let steps: Vec<String> = (0..=CLICKS)
        .map(|number| format!("## Step {number}\n\nLook at {number} of them, then say how it went.\n\n"))
        .collect();
    let page = steps.concat();
    let book = runbooks::read(&page, "runbooks/long.md").map_err(|problems| anyhow::anyhow!("{problems}"))?;
    let (workspace, ana) = bot::workspace().await?;
    let folder = tempfile::tempdir()?;
    let library = Library::new([book.runbook], Vec::new());
    let app = bot::start_with(&workspace.api_url(), folder.path(), Pace::lifted(), library).await?;
    ana.types("#ops", "/runbook run long")
        .await
        .ok()
        .context("start a run")?;
    let mut took = Vec::new();
    for number in 0..CLICKS {
        let card = card(&workspace, number + 1).await?;
        let begun = monotonic();
        ana.clicks(&card, "Done").await.ok().context("press Done")?;
        took.push(begun.elapsed());
    }
    took.sort_unstable();
    app.run_until(std::future::ready(())).await?;
    workspace.stop();
    Ok(Figure {
        what: "a click on a step's card, with the next card stored, p50".to_owned(),
        measured: milliseconds(percentile(&took, 50)),
        target: "under 3 ms",
    })
}

/// The card of a step, once it stands in the thread.
async fn card(workspace: &Workspace, number: usize) -> anyhow::Result<Message> {
    let mut changes = workspace.changes();
    loop {
        let heads = workspace.messages("#ops");
        let cards = heads.iter().flat_map(|head| workspace.thread(head));
        let mut cards =
            cards.filter(|card| card.reads.starts_with(&format!("{number}. ")) && !card.buttons().is_empty());
        if let Some(card) = cards.next() {
            return Ok(card);
        }
        changes.changed().await.context("the workspace has ended")?;
    }
}
