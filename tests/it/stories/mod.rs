//! What people do, paragraph by paragraph of what is promised, on real sockets.

mod bad_input;
mod paging;
mod raising;
mod testing;
mod working;

use nightbell::demo::{Configuration, Stage};
use nightbell::sim::{Message, Person};
use tempfile::TempDir;

/// A stage that complains at its end about what Slack disliked.
struct Story {
    stage: Stage,
    _folder: TempDir,
}

impl std::ops::Deref for Story {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.stage
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(
                self.stage.workspace.complaints(),
                Vec::<String>::new(),
                "a strict Slack disliked something"
            );
        }
    }
}

impl Story {
    async fn begins() -> Self {
        Self::with(Configuration::default()).await
    }

    async fn with(configuration: Configuration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let stage = Stage::open(folder.path().to_owned(), configuration).await.unwrap();
        Self { stage, _folder: folder }
    }

    /// Types something, and lets everything happen that follows; the answer only they see.
    async fn types(&self, who: &Person, channel: &str, text: &str) -> Message {
        let answer = who.types(channel, text).await.unwrap();
        self.settles().await.unwrap();
        answer.unwrap_or_else(|| panic!("`{text}` was not answered"))
    }

    /// Types something as ana in #ops; what the answer says.
    async fn ana_types(&self, text: &str) -> String {
        self.types(&self.ana, "#ops", text).await.reads
    }

    /// The card of the newest alert in a channel.
    fn card(&self, channel: &str) -> Message {
        self.workspace
            .messages(channel)
            .pop()
            .unwrap_or_else(|| panic!("no card in {channel}"))
    }

    /// The lines under the newest card of a channel.
    fn thread(&self, channel: &str) -> Vec<String> {
        self.workspace
            .thread(&self.card(channel))
            .into_iter()
            .map(|message| message.reads)
            .collect()
    }

    /// The newest thing that only this person was told.
    fn told(&self, who: &Person) -> Message {
        self.workspace
            .ephemerals(who)
            .pop()
            .unwrap_or_else(|| panic!("{} was told nothing", who.name()))
    }
}
