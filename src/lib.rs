//! Nightbell: the bell you ring at night to wake whoever is on call.
//!
//! A Slack bot for alerts, on-call rotations, incidents and runbooks: one process, no public endpoint (Slack Socket Mode),
//! its state in an embedded database. This page is the tour. `nightbell demo` shows the same thing alive, without a Slack account.
//!
//! # The path of a datum
//!
//! `/alert disk full for payments`, typed by Ana:
//!
//! | where | what it is now | what can go wrong here |
//! |---|---|---|
//! | [`slack::socket`] | a websocket frame | cut, ghost, duplicate: two connections, pings, one acknowledgement |
//! | [`slack::envelope`] | [`slack::envelope::Slash`] | unknown shape: acknowledged, logged with the file to edit |
//! | [`command`] | a [`command::Reading`]: the usage that fits, and its blanks | none fits: the nearest usage, and every word back |
//! | [`engine`] | [`domain::Input::Asked`], in the order of the mailbox | a repetition: recognised by its name in the store |
//! | [`domain`] | `Raised`, `Paged`: what [`domain::World::decide`] says | a [`domain::Refusal`], told to Ana |
//! | [`view`] | finished Slack JSON, an [`outbox::Entry`] per message | nothing: total functions |
//! | [`store`] | one transaction, flushed and synced | the process ends; nobody was told anything untrue |
//! | [`engine`] | "paging @ben for Payments", on the acknowledgement | too late for it: sent to the response URL |
//! | [`outbox`] | an HTTP call, in order within its message, pages first | 429: wait as told; 5xx: look it up; refused: news |
//! | [`engine`] again | [`domain::Input::Settled`]: `CardPosted`, or a refusal that escalates | a crash before: looked up, not repeated |
//!
//! A runbook's step may send something too ([`actions`]): that it is wanted is stored first, what came of it is
//! [`domain::Input::Answered`], and what a crash leaves in between is said to be unknown, never repeated.
//!
//! Three more doors lead to the same place: a bot's post ([`intake`] makes it a report), a script on this machine
//! ([`app::control`], a socket in the data folder), and the Home tab, which is drawn again whenever something happened.
//!
//! And time: after each round the engine says when it must be woken next ([`engine::EngineStatus`]); one task of [`app`]
//! sleeps until then and sends a tick. A timer is a question to the state, never a row or a sleeping task of its own, so
//! a restart cannot lose one. Changes of shift are such questions too: who is on call follows from the configuration, the
//! overrides and the instant ([`domain::oncall::Staff::who`]), and a watch remembers whom each rotation had last.
//!
//! # Who may import whom
//!
//! ```text
//!           main ── demo ── sim            (sim imports nothing of ours)
//!             │       │
//!             └── app ┴──────────┬──────────┬───────────┬─────────┐
//!                  │             │          │           │         │
//!               engine        outbox    directory    command   actions
//!              ┌───┼──────┐     │           │           │         │
//!            view store  clock slack      config ─── intake,     http
//!             │                  │                   command
//!             │                 http
//!     command, outbox's Entry, slack::call       domain, store, clock, http, sim import nothing of ours; intake only
//!                                                domain, runbooks only config (for its problems) and domain
//! ```
//!
//! `tests/it/house.rs` is this picture as a table; it fails with the line to mend.
//!
//! # Why it is so
//!
//! - **Decide, then do.** What should happen is a value ([`domain::Event`]); making it happen is a loop. Events come from
//!   `decide`, messages from `announce`: a wording never edits a rule, a replay never repeats a message.
//! - **One writer.** The engine is synchronous, on its own thread; it commits everything a round changed with one sync.
//! - **The seam for tests is the socket.** [`sim`] is a strict Slack workspace on real sockets; there are no mocks. Slack's
//!   own SDKs run against it, and [`demo::Live`] shows it as a page in a browser.
//! - **Foreign text is literal.** Everything people typed reaches Slack as `plain_text` or escaped ([`view::text`]).
//!
//! Where building taught better than the plan: the outbox's `Entry` is what views produce, since lane, urgency
//! and what to say instead belong to the message; a watermark stands beside the database, because sled can lose its tail
//! silently.
//!
//! # Recipes
//!
//! - *A subcommand*: a `[[usage]]` in `commands/*.toml`, an arm in `command/<feature>.rs` that makes a
//!   [`domain::Request`] or a [`command::Question`], the rule in `domain/`, the sentence in `view/`. The compiler names
//!   what is missing; `tests/it/docs.rs` names the README's table and the manifest.
//! - *An event*: a variant of [`domain::alert::Event`] with its arm in `apply`, its line in `view/alert/told.rs`, its
//!   messages in `view/alert/announce.rs`. Rows are kept for ever: fields may be added with a default, never renamed.
//! - *A timer*: a deadline in the state, its case in `tick`. Nothing else.
//! - *A form about an alert*: a variant of [`command::About`] with its fields, its drawing in `view/about.rs`.
//! - *Something a runbook's page can say*: its shape in [`domain::runbook`], its reader in [`runbooks`] with its mistakes in
//!   `runbooks/tests`, its drawing in `view/runbook/rich.rs`. What a run does with it is in [`domain::run`].
//! - *Something a request of a runbook may be kept from*: [`domain::runbook::Forbidden`] where it can be known before anything
//!   is sent, [`domain::run::Hindrance`] where only sending shows it; both have their sentence in `view/runbook/sending.rs`.
//! - *Something else that has a history*: a [`domain::Subject`], its stream in `engine/journal.rs`, its state in
//!   [`domain::World`].
//! - *Something about an incident*: a variant of [`domain::incident::Ask`] and of its `Event`, its line in
//!   `view/incident/told.rs`; what has to be sent for it is an [`domain::incident::Errand`], and its receipt an event.
//! - *A Slack method*: a variant of [`slack::Call`], its body in `slack/web/deliver.rs`, its rate in `outbox/pace.rs`,
//!   its handler in `sim/methods/`.
//! - *Something to see in the demo*: what happens in `demo/showcase.rs`, whom and where in `demo/showcase.toml`; a kind of
//!   block or element in `sim/blocks/kinds.rs` and `demo/page/blocks.js` or `elements.js`.
//! - *Something Slack tells us*: a reader in `slack/envelope/`, an arm in `engine/delivery.rs`.

pub mod actions;
pub mod app;
pub mod clock;
pub mod command;
pub mod config;
pub mod demo;
pub mod directory;
pub mod domain;
pub mod engine;
pub mod http;
pub mod intake;
pub mod outbox;
pub mod runbooks;
pub mod sim;
pub mod slack;
pub mod store;
pub mod view;
