//! What Slack delivers, turned into a request, a question, or silence.
//!
//! Slash commands and presses reach us at most once; events are repeated until they are acknowledged, and a message that
//! mentions us comes twice, as a message and as a mention. So everything that has effects has names (`event_id`,
//! `trigger_id`, the message), stored with what it caused: whatever brings one of them again is acknowledged and
//! otherwise left alone.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tracing::{debug, info};

use super::answer::{Surface, Tone, Way};
use super::batch::{Batch, Payload};
use super::{Engine, EngineError};
use crate::command::{self, About, AboutRun, Draft, Question, Reading, RunScope, Speaker, Which, form};
use crate::domain::ids::{ChannelId, UserId};
use crate::domain::run::{Ask, Target};
use crate::domain::{Input, Refusal, Request, incident};
use crate::outbox::Urgency;
use crate::slack::envelope::{Action, Envelope, FieldValue, Inbound, Slash, Submission};
use crate::slack::{Call, Delivery, Message, Replace, Reply, ResponseUrl};
use crate::view::{self, Archive};

/// How long Slack lets a press open a form.
const TRIGGER_LASTS: TimeDelta = TimeDelta::seconds(3);
/// How many alerts of the archive a list shows.
const LISTED: usize = 200;

/// Who did something, and how to answer.
pub(super) struct Asker {
    pub(super) by: UserId,
    pub(super) way: Way,
    /// Opens a form.
    pub(super) trigger: Option<String>,
    /// The names of the delivery.
    pub(super) names: Vec<String>,
}

impl Asker {
    /// Somebody who said or did something that opens no form.
    pub(super) fn by_event(by: UserId, way: Way, names: Vec<String>) -> Self {
        Self {
            by,
            way,
            trigger: None,
            names,
        }
    }
}

impl Engine {
    /// Deals with one delivery; its acknowledgement goes out after the commit.
    pub(super) fn deliver(&mut self, delivery: Delivery, batch: &mut Batch) -> Result<(), EngineError> {
        let Delivery { envelope, reply } = delivery;
        let Envelope { id, inbound, .. } = envelope;
        debug!(envelope.id = id, "an envelope came in");
        match inbound {
            Inbound::Slash(slash) => self.slash(slash, reply, batch)?,
            Inbound::Action(action) => self.action(action, reply, batch)?,
            Inbound::Submission(submission) => self.submission(submission, reply, batch)?,
            Inbound::MessageShortcut(shortcut) => self.shortcut(shortcut, reply, batch)?,
            Inbound::Event(event) => self.event(event, reply, batch)?,
            Inbound::Closed(_) | Inbound::Shortcut(_) | Inbound::Suggestion(_) | Inbound::Unknown { .. } => {
                batch.replies.push((reply, None));
            }
        }
        batch.close();
        Ok(())
    }

    fn slash(&mut self, slash: Slash, reply: Reply, batch: &mut Batch) -> Result<(), EngineError> {
        let asker = Asker {
            by: UserId::new(slash.user),
            way: Way::Command {
                url: slash.response_url,
            },
            names: named("press", &slash.trigger),
            trigger: Some(slash.trigger).filter(|trigger| !trigger.is_empty()),
        };
        if self.is_stranger(slash.team.as_deref()) {
            self.say(view::stranger(), Tone::Beside, asker.way, reply, batch);
            return Ok(());
        }
        let channel = ChannelId::new(slash.channel);
        let incident = self.incident_at(&channel, None)?;
        let speaker = Speaker {
            roster: &self.configuration.roster,
            by: &asker.by,
            channel: &channel,
            now: self.clock.now(),
            here: None,
            incident,
            run: None,
        };
        let shortcuts = &self.configuration.shortcuts;
        let reading = command::slash(&slash.command, &slash.text, shortcuts, &speaker);
        let reading = self.placed(reading, Some(channel))?;
        self.react(reading, asker, reply, batch)
    }

    fn action(&mut self, action: Action, reply: Reply, batch: &mut Batch) -> Result<(), EngineError> {
        let on_home = action.view.as_ref().is_some_and(|view| view.kind == "home");
        let private = action.place.as_ref().is_some_and(|place| place.ephemeral);
        let asker = Asker {
            by: UserId::new(action.user.as_str()),
            way: if on_home {
                Way::Home {
                    user: UserId::new(action.user.as_str()),
                }
            } else {
                Way::Press {
                    url: action.response_url,
                    on: if private { Surface::Private } else { Surface::Posted },
                }
            },
            names: named("press", &action.trigger),
            trigger: Some(action.trigger).filter(|trigger| !trigger.is_empty()),
        };
        if self.is_stranger(action.user_team.as_deref()) {
            self.say(view::stranger(), Tone::Beside, asker.way, reply, batch);
            return Ok(());
        }
        if self.picked(action.view.as_ref(), &action.block, action.value.as_deref(), batch)? {
            batch.replies.push((reply, None));
            return Ok(());
        }
        // What else is picked in a form counts when the form is submitted.
        let Some(value) = action.value.filter(|_| action.view.is_none() || on_home) else {
            batch.replies.push((reply, None));
            return Ok(());
        };
        let place = action
            .place
            .as_ref()
            .map(|place| ChannelId::new(place.channel.as_str()));
        match self.placed(command::click(&action.action, &value), place)? {
            Reading::NotForUs => self.say(view::stale_button(), Tone::Beside, asker.way, reply, batch),
            reading => self.react(reading, asker, reply, batch)?,
        }
        Ok(())
    }

    fn submission(&mut self, submission: Submission, reply: Reply, batch: &mut Batch) -> Result<(), EngineError> {
        let names = named("press", &submission.trigger);
        if self.is_stranger(submission.user_team.as_deref()) || self.is_repeated(&names, batch)? {
            batch.replies.push((reply, None));
            return Ok(());
        }
        let by = UserId::new(submission.user);
        let view = submission.view;
        let asked: Vec<String> = view.values.keys().cloned().collect();
        let fields = fields(view.values);
        let roster = &self.configuration.roster;
        let errors = match command::submission(&view.callback, &view.private_metadata, &fields, roster) {
            None => BTreeMap::new(),
            Some(Err(problems)) => view::form::problems(&problems),
            Some(Ok(request)) => {
                batch.remember(names, self.clock.now());
                self.submitted(&by, &view.callback, request, batch)?
            }
        };
        // What is about no field of the form takes the form's place, or nobody would read it.
        let is_on_a_field = errors.keys().any(|field| asked.contains(field));
        let carried = if is_on_a_field {
            json!({"response_action": "errors", "errors": errors})
        } else {
            json!({"response_action": "update", "view": view::form::refused(errors.values())})
        };
        let payload = (!errors.is_empty()).then_some(Payload {
            carried,
            otherwise: None,
        });
        batch.replies.push((reply, payload));
        Ok(())
    }

    /// Does what the form says; a refusal appears on the field that has to change.
    fn submitted(
        &mut self,
        by: &UserId,
        callback: &str,
        request: Request,
        batch: &mut Batch,
    ) -> Result<BTreeMap<String, String>, EngineError> {
        self.recall_for(by, &request)?;
        let input = Input::Asked {
            by: by.clone(),
            what: request,
        };
        Ok(
            match self.world.decide(&input, &self.configuration.roster, self.clock.now()) {
                Ok(events) => {
                    self.happen(&events, batch);
                    let Input::Asked { what, .. } = &input else {
                        return Ok(BTreeMap::new());
                    };
                    if let Some(entry) = view::incident::after_form(self.scene(), by, what, &events) {
                        self.enqueue(&entry, batch);
                    }
                    BTreeMap::new()
                }
                Err(refusal) => {
                    let field = match (About::called(callback), AboutRun::called(callback), &refusal) {
                        (_, Some(about), Refusal::Run(refusal)) => about.field_of(refusal),
                        (Some(about), ..) => about.field_of(&refusal).to_owned(),
                        (None, ..) if let Some(field) = view::incident::sheet::field_of(callback, &refusal) => {
                            field.to_owned()
                        }
                        (None, _, Refusal::NoSuchTeam { .. }) => form::Field::Team.block_id().to_owned(),
                        (None, ..) => form::Field::Summary.block_id().to_owned(),
                    };
                    let said = view::answer_text(self.scene(), by, &refusal);
                    BTreeMap::from([(field, said)])
                }
            },
        )
    }

    /// Does what was meant, and answers.
    pub(super) fn react(
        &mut self,
        reading: Reading,
        asker: Asker,
        reply: Reply,
        batch: &mut Batch,
    ) -> Result<(), EngineError> {
        if reading == Reading::NotForUs || self.is_repeated(&asker.names, batch)? {
            batch.replies.push((reply, None));
            return Ok(());
        }
        let only_looked = matches!(reading, Reading::Show(_) | Reading::Confused(_));
        // What only rides on an acknowledgement leaves nothing behind that could be repeated.
        if !(only_looked && matches!(asker.way, Way::Command { .. })) {
            batch.remember(asker.names, self.clock.now());
        }
        let (message, tone) = match reading {
            Reading::NotForUs => return Ok(()),
            Reading::Ask(Request::StartRun(start))
                if asker.trigger.is_some() && self.wants_a_form(&asker.by, &start) =>
            {
                self.open_start(&start, asker.trigger, asker.way, batch);
                batch.replies.push((reply, None));
                return Ok(());
            }
            Reading::AboutRun(about, target) => {
                if let Target::Run(run) | Target::Visit(run, _) = target {
                    self.recall_run(run)?;
                }
                match (
                    view::runbook::form::open(self.scene(), about, &asker.by, target),
                    asker.trigger,
                ) {
                    (Ok(form), Some(trigger)) => {
                        let too_late = view::runbook::form::too_late(about, target);
                        self.open_view(trigger, form, too_late, asker.way.url(), batch);
                        batch.replies.push((reply, None));
                        return Ok(());
                    }
                    (Ok(_), None) => (view::runbook::form::too_late(about, target), Tone::Beside),
                    (Err(refused), _) => (refused, Tone::Beside),
                }
            }
            Reading::Ask(request) => {
                let (said, tone) = self.asked(&asker.by, &request, batch)?;
                // The list or reminder it stands on is not drawn again.
                let is_an_action = matches!(
                    request,
                    Request::Incident {
                        ask: incident::Ask::Did(_),
                        ..
                    }
                );
                let tone = match asker.way {
                    Way::Press { .. } if is_an_action => Tone::Beside,
                    _ => tone,
                };
                (said, tone)
            }
            Reading::Several(requests) => {
                let mut replies = Vec::with_capacity(requests.len());
                for request in requests {
                    replies.push(self.asked(&asker.by, &request, batch)?.0);
                }
                (view::together(replies), Tone::Instead)
            }
            Reading::Show(question) => {
                let tone = match question {
                    Question::Alerts { .. } => Tone::Instead,
                    _ => Tone::Beside,
                };
                (self.shown(&question)?, tone)
            }
            Reading::Calendar(whose) => {
                let (said, file) = view::oncall::send_calendar(self.scene(), &asker.by, &whose);
                if let Some(entry) = file {
                    self.enqueue(&entry, batch);
                }
                (said, Tone::Beside)
            }
            Reading::Form(draft) => match asker.trigger {
                Some(trigger) => {
                    self.open_form(trigger, &draft, asker.way.url(), batch);
                    batch.replies.push((reply, None));
                    return Ok(());
                }
                None => (view::form::offer(&draft), Tone::Beside),
            },
            Reading::About(about, id) => {
                self.recall(id)?;
                match (view::about::open(self.scene(), about, id), asker.trigger) {
                    (Ok(form), Some(trigger)) => {
                        let too_late = view::about::too_late(about, id);
                        self.open_view(trigger, form, too_late, asker.way.url(), batch);
                        batch.replies.push((reply, None));
                        return Ok(());
                    }
                    (Ok(_), None) => (view::about::too_late(about, id), Tone::Beside),
                    (Err(refused), _) => (refused, Tone::Beside),
                }
            }
            Reading::Sheet(sheet) => {
                if let Some(id) = sheet.incident() {
                    self.recall_incident(id)?;
                }
                match (view::incident::sheet::open(self.scene(), &sheet), asker.trigger) {
                    (Ok(form), Some(trigger)) => {
                        let too_late = view::incident::sheet::too_late(&sheet);
                        self.open_view(trigger, form, too_late, asker.way.url(), batch);
                        batch.replies.push((reply, None));
                        return Ok(());
                    }
                    (Ok(_), None) => (view::incident::sheet::offer(&sheet), Tone::Beside),
                    (Err(refused), _) => (refused, Tone::Beside),
                }
            }
            Reading::Export(id) | Reading::Postmortem(id) => {
                if let Some(id) = id {
                    self.recall_incident(id)?;
                }
                self.recall_alerts_of(id)?;
                let (said, files) = match reading {
                    Reading::Export(_) => view::incident::send_export(self.scene(), &asker.by, id),
                    _ => view::incident::send_draft(self.scene(), &asker.by, id),
                };
                for entry in files {
                    self.enqueue(&entry, batch);
                }
                (said, Tone::Beside)
            }
            Reading::Keep { incident, at } => {
                self.keep(&asker.by, incident, &at, batch);
                match (asker.way, incident) {
                    // A reaction says enough by itself.
                    (way @ Way::Press { .. }, Some(id)) => {
                        self.say(view::incident::keeps(id), Tone::Instead, way, reply, batch);
                    }
                    _ => batch.replies.push((reply, None)),
                }
                return Ok(());
            }
            Reading::Confused(misread) => (view::confused(self.scene(), &misread), Tone::Beside),
        };
        self.say(message, tone, asker.way, reply, batch);
        Ok(())
    }

    fn asked(&mut self, by: &UserId, request: &Request, batch: &mut Batch) -> Result<(Message, Tone), EngineError> {
        self.recall_for(by, request)?;
        let input = Input::Asked {
            by: by.clone(),
            what: request.clone(),
        };
        let outcome = self.world.decide(&input, &self.configuration.roster, self.clock.now());
        let tone = match (&outcome, request.alert()) {
            (Ok(_), _) if matches!(request, Request::Join { .. }) => Tone::Instead,
            (Ok(_), _) if matches!(request, Request::Duty { .. }) => Tone::Drawn,
            // Who ends an incident is asked what it took.
            (Ok(_), _)
                if matches!(
                    request,
                    Request::Incident {
                        ask: incident::Ask::Resolve { .. },
                        ..
                    }
                ) =>
            {
                Tone::Instead
            }
            (Ok(events), _) if matches!(request, Request::Incident { .. }) && !events.is_empty() => Tone::Done,
            (Ok(_), _) if matches!(request, Request::Incident { .. }) => Tone::Beside,
            (Ok(events), _) if matches!(request, Request::Run { .. }) => {
                let is_said = matches!(
                    request,
                    Request::Run {
                        ask: Ask::Say { .. },
                        ..
                    }
                );
                if is_said || !events.is_empty() {
                    Tone::Drawn
                } else {
                    Tone::Beside
                }
            }
            (Ok(_), _) if matches!(request, Request::StartRun(_)) => Tone::Beside,
            (Ok(events), Some(_)) if !events.is_empty() => Tone::Done,
            // Whoever raises something wants to hear who is paged, wherever they said it; so does who joins.
            (Ok(_), None) => Tone::Instead,
            (Ok(_), Some(_)) | (Err(_), _) => Tone::Beside,
        };
        if let Ok(events) = &outcome {
            self.happen(events, batch);
        }
        Ok((view::answer(self.scene(), by, request, &outcome), tone))
    }

    fn shown(&mut self, question: &Question) -> Result<Message, EngineError> {
        let mut archive = Archive::default();
        match question {
            Question::Alert(id) => self.recall(*id)?,
            Question::Alerts { which: Which::All, .. } => archive.alerts = self.archive(LISTED)?,
            Question::Analyses(_) | Question::Incidents { which: Which::All, .. } => {
                archive.incidents = self.archived_incidents(LISTED)?;
            }
            Question::Incident(Some(id))
            | Question::Timeline(Some(id))
            | Question::Roles(Some(id))
            | Question::Updates(Some(id))
            | Question::Actions(Some(id)) => self.recall_incident(*id)?,
            Question::OpenActions { .. } => archive.incidents = self.archived_incidents(LISTED)?,
            Question::RunHistory(_) | Question::Runs(RunScope::All) => archive.runs = self.archived_runs(LISTED)?,
            Question::Run {
                target: Target::Run(id),
                ..
            } => self.recall_run(*id)?,
            _ => {}
        }
        Ok(view::show(self.scene(), question, &archive))
    }

    pub(super) fn open_form(&mut self, trigger: String, draft: &Draft, url: Option<ResponseUrl>, batch: &mut Batch) {
        let view = view::form::raise(self.scene(), draft);
        self.open_view(trigger, view, view::form::too_late(draft), url, batch);
    }

    /// Opens a form; when that comes too late, `otherwise` takes its place.
    pub(super) fn open_view(
        &mut self,
        trigger: String,
        view: Value,
        otherwise: Message,
        url: Option<ResponseUrl>,
        batch: &mut Batch,
    ) {
        let mut entry = self.reply_entry(Call::OpenView { trigger, view });
        entry.urgency = Urgency::Page;
        entry.expires = Some(self.clock.now() + TRIGGER_LASTS);
        entry.otherwise = url.map(|url| Call::Respond {
            url,
            replace: Replace::Nothing,
            message: otherwise,
        });
        self.enqueue(&entry, batch);
    }

    pub(super) fn is_repeated(&self, names: &[String], batch: &Batch) -> Result<bool, EngineError> {
        for name in names {
            if batch.has_seen(name) || self.store.seen(name)? {
                info!("a repeated delivery is left alone");
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether somebody belongs to another workspace, in a channel that is shared with it.
    pub(super) fn is_stranger(&self, workspace: Option<&str>) -> bool {
        workspace.is_some_and(|workspace| !self.workspace.is_empty() && workspace != self.workspace)
    }
}

pub(super) fn named(kind: &str, id: &str) -> Vec<String> {
    if id.is_empty() {
        Vec::new()
    } else {
        vec![format!("{kind}/{id}")]
    }
}

/// What was filled in, as words.
pub(super) fn fields(values: BTreeMap<String, FieldValue>) -> BTreeMap<String, String> {
    let word = |value| match value {
        FieldValue::Text(text) | FieldValue::Choice(text) | FieldValue::User(text) => Some(text),
        FieldValue::Moment(seconds) => Some(seconds.to_string()),
        FieldValue::Choices(chosen) if !chosen.is_empty() => Some(chosen.join(",")),
        _ => None,
    };
    values
        .into_iter()
        .filter_map(|(block, value)| Some((block, word(value)?)))
        .collect()
}
