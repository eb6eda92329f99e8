//! What follows from what became of a message.

use chrono::{DateTime, Utc};

use super::{World, about};
use crate::domain::alert;
use crate::domain::ids::ChannelId;
use crate::domain::oncall::{self, Staff, WatchEvent};
use crate::domain::roster::Roster;
use crate::domain::{Errand, Event, Outcome};

impl World {
    /// What follows when nothing can be said in a channel any more.
    pub(super) fn lost(&self, channel: &ChannelId, code: &str, roster: &Roster) -> Vec<Event> {
        let lost = self.incidents.lost(channel, code, roster).into_iter();
        lost.map(|(id, what)| Event::Incident { id, what }).collect()
    }

    pub(super) fn settled(
        &self,
        errand: &Errand,
        outcome: &Outcome,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Vec<Event> {
        if let Errand::Group { of } = errand {
            let before = self.watches.get(*of).and_then(|watch| watch.group_refused.as_ref());
            let what = match outcome {
                // The same trouble is said once.
                Outcome::Refused { code } if before == Some(code) => return Vec::new(),
                Outcome::Refused { code } => WatchEvent::GroupRefused { code: code.clone() },
                Outcome::Delivered(_) if before.is_some() => WatchEvent::GroupSet,
                Outcome::Delivered(_) | Outcome::Read(_) => return Vec::new(),
            };
            return vec![Event::Watch { id: *of, what }];
        }
        if let (Errand::Duties { of, round }, Outcome::Delivered(Some(at))) = (errand, outcome) {
            let what = WatchEvent::DutiesPosted {
                round: *round,
                at: at.clone(),
            };
            return vec![Event::Watch { id: *of, what }];
        }
        if let (Errand::Ask { of }, Outcome::Delivered(Some(at))) = (errand, outcome) {
            let what = oncall::Event::AskPosted { at: at.clone() };
            return vec![Event::OnCall { id: *of, what }];
        }
        if let (Errand::Keep { by }, Outcome::Read(quote)) = (errand, outcome) {
            let kept = self.incidents.kept(by, quote).into_iter();
            return kept.map(|(id, what)| Event::Incident { id, what }).collect();
        }
        if let Errand::Incident { id, what } = errand {
            let events = self.incidents.settled(*id, what, outcome, staff.roster);
            return events
                .into_iter()
                .map(|what| Event::Incident { id: *id, what })
                .collect();
        }
        if let Some(event) = self.run_settled(errand, outcome, staff) {
            return vec![event];
        }
        // An alert that was retired in the meantime no longer needs to know where its messages are.
        let Some((id, alert)) = errand.alert().and_then(|id| Some((id, self.alerts.get(&id)?))) else {
            return Vec::new();
        };
        let events = match (errand, outcome) {
            (Errand::Card { shows, .. }, Outcome::Delivered(Some(at))) => {
                vec![alert::Event::CardPosted {
                    at: at.clone(),
                    shows: *shows,
                }]
            }
            (Errand::Card { channel, .. }, Outcome::Refused { code }) => alert.card_refused(channel, code, staff),
            (Errand::Page { to, shows, .. }, Outcome::Delivered(Some(at))) => {
                vec![alert::Event::PageDelivered {
                    to: to.clone(),
                    at: at.clone(),
                    shows: *shows,
                }]
            }
            (Errand::Page { to, step, .. }, Outcome::Refused { code }) => {
                alert.page_refused(to, *step, code, staff, now)
            }
            (Errand::Raiser { shows, .. }, Outcome::Delivered(Some(at))) => {
                vec![alert::Event::RaiserTold {
                    at: at.clone(),
                    shows: *shows,
                }]
            }
            (Errand::Fallback { .. }, Outcome::Refused { code }) => {
                vec![alert::Event::FallbackRefused { code: code.clone() }]
            }
            // The raiser hears of it in the thread of the card too; a message without a place is not one of ours.
            (Errand::Raiser { .. }, Outcome::Refused { .. })
            | (Errand::Card { .. } | Errand::Page { .. } | Errand::Raiser { .. }, Outcome::Delivered(None))
            | (Errand::Fallback { .. }, Outcome::Delivered(_))
            | (_, Outcome::Read(_))
            | (
                Errand::Group { .. }
                | Errand::Duties { .. }
                | Errand::Ask { .. }
                | Errand::Incident { .. }
                | Errand::Keep { .. }
                | Errand::Root { .. }
                | Errand::StepCard { .. }
                | Errand::RunThread { .. }
                | Errand::StepDrawn { .. }
                | Errand::Nothing,
                _,
            ) => Vec::new(),
        };
        about(id, events)
    }
}
