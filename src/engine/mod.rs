//! The one writer: decide, apply, announce, commit, answer.
//!
//! The engine is synchronous and has a thread of its own. It takes the letters that wait in its mailbox, deals with each
//! in order, stores everything that follows **together, with one sync**, and only then answers: acknowledgements to
//! Slack, news to the outbox, the next deadline to whoever keeps the time. So what anybody hears is on disk, and a busy
//! moment costs little more than a quiet one.
//!
//! If storing fails, memory is ahead of the disk: the engine ends with the error, and the process with it. Nobody has
//! been told anything untrue, and a restart is not special.
//!
//! - `start` folds what is stored;
//! - `delivery` and `events` turn what Slack delivers into a request, a question or silence;
//! - `alias` names whoever is on call where a mention of their user group goes nowhere;
//! - `report` does the same with what programs report, and `home` draws the Home tab;
//! - `staff` follows who is on call: user groups, the next change, gaps ahead;
//! - `answer` knows by which way a reply reaches whoever asked;
//! - `batch` gathers what one round changes;
//! - `ledger`, `journal` and `archive` are the bookkeeping.

mod alias;
mod answer;
mod archive;
mod batch;
mod delivery;
mod events;
mod home;
mod incidents;
pub mod journal;
mod ledger;
mod mailbox;
mod report;
mod runs;
mod staff;
mod start;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Notify, mpsc, watch};
use tracing::{debug, info_span};

pub use crate::view::Notice;
pub use mailbox::{CAPACITY, Configuration, Letter, LocalReport};
pub use start::{EngineError, Parts};

use crate::clock::{self, Clock};
use crate::domain::ids::{GroupId, MessageRef, UserId};
use crate::domain::incident::Change;
use crate::domain::run::Order;
use crate::domain::{Event, Input, Subject as About, World};
use crate::outbox::{Entry, Header, News, Settled, Urgency};
use crate::slack::Call;
use crate::store::{Commit, Store};
use crate::view::{self, Scene};
use batch::Batch;
use home::Homes;
use ledger::Ledger;

/// How many letters are dealt with together.
const ROUND: usize = 256;
/// After how many rows an alert's state is stored, so that a long one is quickly folded at start.
const ROWS_PER_SNAPSHOT: usize = 64;
/// How long the name of a delivery is remembered; Slack repeats one for about an hour.
const REMEMBERED: TimeDelta = TimeDelta::hours(24);
/// How often old names are looked for, in rounds, and how many are looked at.
const SWEEP_EVERY: u64 = 64;
const SWEEP: usize = 512;

/// What the engine tells about itself after every round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EngineStatus {
    /// Whether what was stored before has been taken up again.
    pub started: bool,
    /// When something happens by itself next.
    pub next_deadline: Option<DateTime<Utc>>,
    /// How many ticks were dealt with.
    pub ticks: u64,
    /// How many outcomes of calls were dealt with.
    pub settled: u64,
    /// How many pieces of news the outbox was told.
    pub news: u64,
    /// How many requests of runs are under way.
    pub under_way: usize,
}

/// The state, and everything that changes it.
#[derive(Debug)]
pub struct Engine {
    world: World,
    configuration: Arc<Configuration>,
    store: Store,
    clock: Clock,
    ledger: Ledger,
    homes: Homes,
    /// When a rotation may change, or duties are asked for, next; looked for when something changed, because it takes a
    /// look at every rotation.
    next_change: Option<DateTime<Utc>>,
    /// When gaps are looked for next; what has passed is at once, none is never. It takes a walk over the coming weeks.
    next_look: Option<DateTime<Utc>>,
    /// What each user group was set to since the workspace was read last.
    groups: HashMap<GroupId, Vec<UserId>>,
    /// Rows of each subject since its last snapshot; one that is not here has none outside the archive.
    rows: HashMap<About, usize>,
    last_seq: u64,
    last_entry: u64,
    rounds: u64,
    bot: UserId,
    workspace: String,
    mailbox: mpsc::Receiver<Letter>,
    outbox: mpsc::Sender<News>,
    orders: mpsc::Sender<Order>,
    status: watch::Sender<EngineStatus>,
    refresh: Arc<Notify>,
    /// What happens first, before any letter.
    started: Option<Input>,
    /// Calls that were not settled when the last process ended; the outbox is told first of all.
    found: Vec<(u64, Header)>,
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Round,
    Stop,
}

impl Engine {
    /// Runs until told to stop, or until nobody is left to tell it anything.
    ///
    /// # Errors
    /// When something cannot be stored: the process has to end.
    pub fn run(mut self) -> Result<(), EngineError> {
        // What still waits when it ends is dropped with the mailbox, and so never acknowledged.
        self.rounds()
    }

    fn rounds(&mut self) -> Result<(), EngineError> {
        if let Some(started) = self.started.take() {
            let mut batch = Batch::default();
            batch.resume(std::mem::take(&mut self.found));
            self.pass(&started, &mut batch);
            self.conclude(batch)?;
        }
        while let Some(first) = self.mailbox.blocking_recv() {
            let mut letters = vec![first];
            while letters.len() < ROUND
                && let Ok(letter) = self.mailbox.try_recv()
            {
                letters.push(letter);
            }
            if self.round(letters)? == Next::Stop {
                break;
            }
        }
        Ok(())
    }

    fn round(&mut self, letters: Vec<Letter>) -> Result<Next, EngineError> {
        let span = info_span!("engine.round", letters = letters.len());
        let _inside = span.enter();
        let begun = clock::monotonic();
        let mut next = Next::Round;
        let mut batch = Batch::default();
        for letter in letters {
            if matches!(letter, Letter::Stop) {
                next = Next::Stop;
            }
            self.deal(letter, &mut batch)?;
        }
        self.conclude(batch)?;
        debug!(duration_ms = begun.elapsed().as_secs_f64() * 1000.0, "round done");
        Ok(next)
    }

    fn deal(&mut self, letter: Letter, batch: &mut Batch) -> Result<(), EngineError> {
        match letter {
            Letter::Delivery(delivery) => self.deliver(*delivery, batch)?,
            Letter::Settled(settled) => self.settle(*settled, batch),
            Letter::Heard(heard) => self.pass(&Input::Answered(heard), batch),
            Letter::Tick => {
                self.pass(&Input::Tick, batch);
                batch.ticks += 1;
            }
            Letter::Configuration(configuration) => {
                self.configuration = configuration;
                self.groups.clear();
                // Somebody else may be on call by it.
                self.next_look = Some(DateTime::UNIX_EPOCH);
                self.pass(&Input::Tick, batch);
            }
            Letter::Report(report) => self.local_report(*report, batch)?,
            Letter::Backup { file, done } => {
                // What this round has not stored yet is not in it, and nobody was told of it either.
                drop(done.send(self.store.backup(&file)));
            }
            Letter::Names { of, done } => drop(done.send(self.handles(of))),
            Letter::Notice(notice) => {
                let call = view::notice(&self.configuration.roster, &notice);
                let entry = self.reply_entry(call);
                self.enqueue(&entry, batch);
            }
            // The round ends as any other; then the engine does.
            Letter::Stop => {}
        }
        Ok(())
    }

    /// Stores what a round changed, then tells everybody: whoever waits for an acknowledgement first.
    fn conclude(&mut self, mut batch: Batch) -> Result<(), EngineError> {
        if batch.happened {
            self.refresh_homes(&mut batch);
        } else {
            self.homes.age();
        }
        self.homes.round_over();
        let news = self.commit(&mut batch)?;
        batch.answer();
        for (reply, payload) in std::mem::take(&mut batch.replies) {
            if let Some(owed) = answer::acknowledge(reply, payload) {
                batch.owe(self.reply_entry(owed));
            }
        }
        self.tell(news);
        self.order(&mut batch);
        // Nobody waits for the rest: answers that could not ride on an acknowledgement, and what may be let go.
        for owed in std::mem::take(&mut batch.owed) {
            self.enqueue(&owed, &mut batch);
        }
        self.retire(&mut batch);
        let news = self.commit(&mut batch)?;
        self.tell(news);
        self.rounds += 1;
        if self.rounds.is_multiple_of(SWEEP_EVERY) {
            self.store.forget_seen(self.clock.now() - REMEMBERED, SWEEP)?;
        }
        Ok(())
    }

    /// Stores what there is, and says how things stand; the outbox is still to be told.
    fn commit(&mut self, batch: &mut Batch) -> Result<Vec<News>, EngineError> {
        let commits = batch.take_commits();
        if !commits.is_empty() {
            self.store.commit(&commits)?;
        }
        let news = batch.take_news();
        let of_staff = self.next_change.into_iter().chain(self.next_look);
        let next_deadline = self.world.next_deadline().into_iter().chain(of_staff).min();
        let under_way = self.world.runs().under_way();
        let (ticks, settled) = (std::mem::take(&mut batch.ticks), std::mem::take(&mut batch.settled));
        self.status.send_modify(|status| {
            // The first commit of a life is that of the start.
            status.started = true;
            status.next_deadline = next_deadline;
            status.ticks += ticks;
            status.settled += settled;
            status.news += news.len() as u64;
            status.under_way = under_way;
        });
        Ok(news)
    }

    fn tell(&self, news: Vec<News>) {
        for news in news {
            // An outbox that has ended is nobody's loss: what is stored is sent after the next start.
            if self.outbox.blocking_send(news).is_err() {
                debug!("the outbox has ended");
            }
        }
    }

    /// Something happens that nobody asked for: time, or the start.
    fn pass(&mut self, input: &Input, batch: &mut Batch) {
        let now = self.clock.now();
        let Ok(events) = self.world.decide(input, &self.configuration.roster, now) else {
            return;
        };
        self.happen(&events, batch);
        batch.close();
        if let Some(entry) = view::admit(self.scene(), &events) {
            self.enqueue(&entry, batch);
        }
        self.staff_changed(batch);
        if self.next_look.is_some_and(|due| due <= now) {
            self.look_ahead(batch);
        }
    }

    fn settle(&mut self, settled: Settled, batch: &mut Batch) {
        batch.settled += 1;
        self.ledger.settle(settled.entry);
        batch.current().settled.push(settled.entry);
        if let Some(call) = settled.otherwise {
            let entry = self.reply_entry(call);
            self.enqueue(&entry, batch);
        }
        let input = Input::Settled {
            errand: settled.errand,
            outcome: settled.outcome,
        };
        let now = self.clock.now();
        if let Ok(events) = self.world.decide(&input, &self.configuration.roster, now) {
            self.happen(&events, batch);
        }
        batch.close();
    }

    /// Takes in what happened, alert by alert: the events of one alert and the messages that tell of them are one
    /// commit.
    fn happen(&mut self, events: &[Event], batch: &mut Batch) {
        let now = self.clock.now();
        let chunks = events.chunk_by(|one, other| one.subject() == other.subject());
        for (place_in_line, events) in chunks.enumerate() {
            let Some(subject) = events.first().map(Event::subject) else {
                continue;
            };
            if place_in_line > 0 {
                // A tick that is due for many alerts need not be one commit.
                batch.close();
            }
            for event in events {
                self.last_seq += 1;
                batch.happened = true;
                self.world.apply(event, now);
                self.ordered(event, batch);
                batch.current().events.push(journal::row(event, now, self.last_seq));
                if let Some(message) = event.message() {
                    batch.current().places.push((place(message), journal::stream(subject)));
                }
                if let Some(room) = event.room() {
                    batch
                        .current()
                        .places
                        .push((room.as_str().to_owned(), journal::stream(subject)));
                }
            }
            for entry in view::announce(self.scene(), events) {
                self.enqueue(&entry, batch);
            }
            self.snapshot(subject, events.len(), batch);
            if let Some(Event::Subscription {
                what: Change::Ended { .. },
                ..
            }) = events.last()
            {
                self.rows.remove(&subject);
                batch.current().retired.push(journal::stream(subject));
            }
        }
        // An override that holds from now on is a handoff.
        if events.iter().any(|event| matches!(event, Event::OnCall { .. })) {
            self.next_look = Some(DateTime::UNIX_EPOCH);
            self.pass(&Input::Tick, batch);
        }
    }

    fn snapshot(&mut self, subject: About, rows: usize, batch: &mut Batch) {
        let since = self.rows.entry(subject).or_default();
        *since += rows;
        if *since < ROWS_PER_SNAPSHOT {
            return;
        }
        *since = 0;
        let snapshot = journal::snapshot(&self.world, subject, self.last_seq);
        batch.current().snapshots.extend(snapshot);
    }

    /// Gives an outgoing call its id and puts it into the commit.
    ///
    /// # Panics
    /// Never: entries are plain data that serializes.
    fn enqueue(&mut self, entry: &Entry, batch: &mut Batch) {
        self.last_entry += 1;
        let id = self.last_entry;
        let json = serde_json::to_vec(entry).expect("entries are plain data");
        if let Some(replaced) = self.ledger.add(id, entry) {
            batch.replace(replaced);
        }
        batch.enqueue(id, json, entry);
    }

    /// A call that nobody waits for the outcome of.
    fn reply_entry(&self, call: Call) -> Entry {
        let subject = format!("reply/{}", self.last_entry + 1);
        let errand = crate::domain::Errand::Nothing;
        Entry::new(&subject, Urgency::Reply, call, errand, self.clock.now())
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            world: &self.world,
            roster: &self.configuration.roster,
            now: self.clock.now(),
        }
    }
}

/// The key under which the store finds the alert of a message.
fn place(message: &MessageRef) -> String {
    format!("{}/{}", message.channel, message.message)
}
