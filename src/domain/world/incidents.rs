//! What happens to incidents, where it takes more than one of them: alerts they page with, and those who follow them.

use chrono::{DateTime, Utc};

use super::World;
use crate::domain::alert::{self, Alike, Page, Raise, Refusal};
use crate::domain::ids::{AlertId, IncidentId, SubscriptionId, UserId};
use crate::domain::incident::{
    Ask, Event as Happened, Incident, Incidents, Recipient, Subscription, Subscriptions, Topic, Turn, Wish,
};
use crate::domain::oncall::Staff;
use crate::domain::priority::Priority;
use crate::domain::{Event, Request};

impl World {
    pub(super) fn about_incidents(
        &self,
        by: &UserId,
        what: &Request,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let alerts = |id: AlertId| id.0 > 0 && id.0 <= self.last_alert;
        let mut events: Vec<Event> = Vec::new();
        match what {
            Request::Declare(declaration) => {
                let declared = self.incidents.declare(by, declaration, &alerts, staff, now);
                let (id, declared) = declared.map_err(Refusal::Incident)?;
                events.extend(declared.into_iter().map(|what| Event::Incident { id, what }));
            }
            Request::Incident { id, ask } => {
                let asked = self.incidents.decide(by, *id, ask, &alerts, staff, now);
                let asked = asked.map_err(Refusal::Incident)?;
                if let Ask::Page { team, message } = ask {
                    let incident = self.incidents.meant(*id).map_err(Refusal::Incident)?;
                    events.extend(self.page(by, incident, team, message.as_deref(), staff, now)?);
                }
                for (id, what) in asked {
                    let merged = match &what {
                        Happened::MergedInto { into, .. } => Some((id, *into)),
                        _ => None,
                    };
                    events.push(Event::Incident { id, what });
                    events.extend(merged.map_or_else(Vec::new, |(from, into)| self.followers_move(by, from, into)));
                }
            }
            Request::Subscription(wish) => events.extend(self.subscribed(by, wish, staff)?),
            _ => {}
        }
        let mut followed = self.followed(&events, staff, now);
        events.append(&mut followed);
        Ok(events)
    }

    /// An alert for a team, and that it belongs to the incident.
    fn page(
        &self,
        by: &UserId,
        incident: &Incident,
        team: &crate::domain::ids::TeamId,
        message: Option<&str>,
        staff: Staff<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Refusal> {
        let alert = AlertId(self.last_alert + 1);
        let raise = Raise {
            team: team.clone(),
            summary: format!("{} {}", incident.id, message.unwrap_or(&incident.title)),
            // P4 and P5 page nobody, and whoever asks for a page wants one.
            priority: match incident.severity.rank() {
                0 => Priority::P1,
                1 => Priority::P2,
                _ => Priority::P3,
            },
            service: incident.services.first().cloned(),
            to: None,
            alike: Alike::Raise,
        };
        let mut raised = alert::raise(by, &raise, staff, now)?;
        // Whoever is woken by it reads what it is about and where to go, whatever it is that they are asked.
        if let Some(alert::Event::Raised { labels, .. }) = raised.first_mut() {
            let subject = format!("{} {} {}", incident.id, incident.severity, incident.title);
            labels.insert("Incident".to_owned(), subject);
            let room = incident.room_name.as_ref().filter(|_| incident.room().is_some());
            labels.extend(room.map(|name| ("Worked on in".to_owned(), format!("#{name}"))));
        }
        let mut events: Vec<Event> = raised
            .into_iter()
            .map(|what| Event::Alert { id: alert, what })
            .collect();
        events.push(Event::Incident {
            id: incident.id,
            what: Happened::TeamPaged {
                by: by.clone(),
                team: team.clone(),
                alert,
                people: alert::on_call(team, staff, now),
            },
        });
        Ok(events)
    }

    /// What follows from a wish to hear of incidents, or no longer. Who unsubscribes from an incident leaves it, whatever
    /// else made them follow it; who subscribes comes back.
    fn subscribed(&self, by: &UserId, wish: &Wish, staff: Staff<'_>) -> Result<Vec<Event>, Refusal> {
        let who = wish.who(by);
        let to = match wish.to() {
            Some(to) => to.clone(),
            None => Topic::Incident(self.incidents.meant(None).map_err(Refusal::Incident)?.id),
        };
        if let (Recipient::Channel(here), Topic::Incident(id), Some(_)) = (&who, &to, wish.level())
            && self.incidents.get(*id).is_some_and(|incident| incident.lives_in(here))
        {
            return Ok(Vec::new());
        }
        let changed = self.subscriptions.decide(by, &who, &to, wish.level());
        let mut events: Vec<Event> = changed
            .map(|(id, what)| Event::Subscription { id, what })
            .into_iter()
            .collect();
        let Topic::Incident(id) = to else {
            return Ok(events);
        };
        let incident = self.incidents.meant(Some(id)).map_err(Refusal::Incident)?;
        let has_left = incident.left.contains(who.key());
        let hears = self
            .subscriptions
            .of(incident, &staff.incidents.standing)
            .contains_key(&who);
        let what = match wish.level() {
            Some(_) if has_left => Happened::Followed { who: vec![who] },
            None if hears => Happened::Unfollowed { who, code: None },
            _ => return Ok(events),
        };
        events.push(Event::Incident { id, what });
        Ok(events)
    }

    /// Subscribers who have to be told of an incident for the first time, after what has just happened.
    fn followed(&self, events: &[Event], staff: Staff<'_>, now: DateTime<Utc>) -> Vec<Event> {
        let mut incidents = Incidents::default();
        let mut subscriptions: Option<Subscriptions> = None;
        let mut concerned: Vec<IncidentId> = Vec::new();
        for event in events {
            match event {
                Event::Incident { id, what } => {
                    if incidents.get(*id).is_none()
                        && let Some(known) = self.incidents.get(*id)
                    {
                        incidents.recall(known.clone());
                    }
                    incidents.apply(*id, what, now);
                    concerned.push(*id);
                }
                Event::Subscription { id, what } => {
                    let known = subscriptions.get_or_insert_with(|| self.subscriptions.clone());
                    known.apply(*id, what);
                    // Who subscribes hears at once of what is open.
                    concerned.extend(self.incidents.open().map(|incident| incident.id));
                }
                _ => {}
            }
        }
        concerned.sort_unstable();
        concerned.dedup();
        let subscriptions = subscriptions.as_ref().unwrap_or(&self.subscriptions);
        let standing = &staff.incidents.standing;
        let mut found = Vec::new();
        for id in concerned {
            let Some(incident) = incidents.get(id).or_else(|| self.incidents.get(id)) else {
                continue;
            };
            // Where it is worked on, or its card stands, everything is told anyway.
            let is_told = |who: &Recipient| matches!(who, Recipient::Channel(channel) if incident.lives_in(channel));
            let is_new = |who: &Recipient| !incident.followers.contains_key(who.key()) && !is_told(who);
            let wanted = subscriptions.of(incident, standing).into_iter();
            let who: Vec<_> = wanted
                .filter(|(who, level)| is_new(who) && wants_now(*level, incident, events))
                .map(|(who, _)| who)
                .collect();
            if !who.is_empty() {
                let what = Happened::Followed { who };
                found.push(Event::Incident { id, what });
            }
        }
        found
    }

    /// What open incidents hear of the pages of their alerts: that somebody has one, that nobody answered, that it is over.
    pub(super) fn alerts_turned(&self, events: &[Event]) -> Vec<Event> {
        let mut turned = Vec::new();
        for event in events {
            let Event::Alert { id: alert, what } = event else {
                continue;
            };
            let page = self.alerts.get(alert).map(|alert| &alert.page);
            let how = match (what, page) {
                (alert::Event::Acknowledged { by, .. }, Some(Page::Acknowledged { by: has, .. })) if has == by => {
                    continue;
                }
                (alert::Event::Acknowledged { by, .. }, _) => Turn::Acknowledged { by: by.clone() },
                (alert::Event::Exhausted { times: 1, .. }, _) => Turn::Exhausted,
                (alert::Event::Resolved { by, .. }, _) => Turn::Resolved { by: by.clone() },
                _ => continue,
            };
            turned.extend(self.incidents.of_alert(*alert).map(|incident| Event::Incident {
                id: incident.id,
                what: Happened::AlertTurned {
                    alert: *alert,
                    how: how.clone(),
                },
            }));
        }
        turned
    }

    /// Who subscribed to an incident follows the one it was merged into, unless they do already.
    fn followers_move(&self, by: &UserId, from: IncidentId, into: IncidentId) -> Vec<Event> {
        let mut known = self.subscriptions.clone();
        let (from, into) = (Topic::Incident(from), Topic::Incident(into));
        let theirs: Vec<Subscription> = known.iter().filter(|it| it.to == from).cloned().collect();
        let mut moved = Vec::new();
        for it in theirs {
            if known.iter().any(|other| other.who == it.who && other.to == into) {
                continue;
            }
            if let Some((id, what)) = known.decide(by, &it.who, &into, Some(it.level)) {
                known.apply(id, &what);
                moved.push(Event::Subscription { id, what });
            }
        }
        moved
    }

    /// All incidents in memory.
    pub fn incidents(&self) -> &Incidents {
        &self.incidents
    }

    /// Takes an incident in, as a snapshot or the archive kept it.
    pub fn recall_incident(&mut self, incident: Incident) {
        self.incidents.recall(incident);
    }

    /// Lets an incident go, for the archive.
    pub fn retire_incident(&mut self, id: IncidentId) -> Option<Incident> {
        self.incidents.retire(id)
    }

    /// Every subscription that holds.
    pub fn subscriptions(&self) -> &Subscriptions {
        &self.subscriptions
    }

    /// Takes a subscription in, as a snapshot kept it.
    pub fn recall_subscription(&mut self, id: SubscriptionId, known: Subscription) {
        self.subscriptions.recall(id, known);
    }
}

/// Whether somebody who has not been told of an incident is told now: who wants only its end waits for that.
fn wants_now(level: crate::domain::incident::Level, incident: &Incident, events: &[Event]) -> bool {
    let happened = events
        .iter()
        .any(|event| matches!(event, Event::Incident { id, what } if *id == incident.id && level.wants(what)));
    happened || (level > crate::domain::incident::Level::Resolved && incident.is_open())
}
