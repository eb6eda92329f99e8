//! What happens because time has passed.

use chrono::{DateTime, Utc};

use super::{World, about};
use crate::domain::Event;
use crate::domain::ids::{TeamId, WatchId};
use crate::domain::oncall::{Staff, WatchEvent};

impl World {
    pub(super) fn overdue(&self, staff: Staff<'_>, now: DateTime<Utc>) -> Vec<Event> {
        let due = self.deadlines.iter().take_while(|(due, _)| *due <= now);
        let alerts = due.filter_map(|(_, id)| Some((*id, self.alerts.get(id)?.tick(staff, now))));
        let overrides = self.overrides.overdue(now).into_iter();
        let handoffs = self.watches.changes(staff, now);
        alerts
            .flat_map(|(id, events)| about(id, events))
            .chain(self.taken_over(&handoffs, staff, now))
            .chain(overrides.map(|(id, what)| Event::OnCall { id, what }))
            .chain(
                self.runs
                    .overdue(now)
                    .into_iter()
                    .map(|(id, what)| Event::Run { id, what }),
            )
            .chain(handoffs.into_iter().map(|(id, what)| Event::Watch { id, what }))
            .chain(self.reminders(now))
            .chain(
                self.reviews
                    .due(staff.roster, now)
                    .into_iter()
                    .map(|what| Event::Reviews { what }),
            )
            .collect()
    }

    /// What people are to be reminded of.
    fn reminders(&self, now: DateTime<Utc>) -> impl Iterator<Item = Event> {
        let due = self.incidents.overdue(now).into_iter();
        due.map(|(id, what)| Event::Incident { id, what })
    }

    /// The pages of whoever comes on call now, about alerts that wait for an answer and go on waiting.
    fn taken_over(&self, handoffs: &[(WatchId, WatchEvent)], staff: Staff<'_>, now: DateTime<Utc>) -> Vec<Event> {
        let changed = handoffs.iter().filter_map(|(id, what)| match what {
            WatchEvent::HandedOver { .. } => self
                .watches
                .get(*id)
                .map(|watch| (&watch.team, watch.rotation.as_str())),
            _ => None,
        });
        let changed: Vec<(&TeamId, &str)> = changed.collect();
        if changed.is_empty() {
            return Vec::new();
        }
        // What is due now pages those on call now as it is.
        let waiting = self
            .alerts
            .iter()
            .filter(|(_, alert)| alert.deadline().is_some_and(|due| due > now));
        waiting
            .flat_map(|(id, alert)| about(*id, alert.taken_over(&changed, staff, now)))
            .collect()
    }
}
