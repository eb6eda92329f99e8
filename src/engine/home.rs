//! The Home tab: drawn when somebody opens it, when they press something on it, and again while they may still look at
//! it, whenever something happened.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use super::Engine;
use super::batch::Batch;
use crate::domain::ids::UserId;
use crate::outbox::{Subject, Urgency};
use crate::slack::{Call, Message};
use crate::view;

/// How long somebody who opened their Home tab is thought to look at it.
const LOOKS_FOR: TimeDelta = TimeDelta::minutes(10);
/// How many of them are kept up to date; the latest.
const LOOKING: usize = 20;
/// How long an answer stands at the top.
const ANSWERED_FOR: TimeDelta = TimeDelta::minutes(1);

/// Who may be looking at their Home tab, the latest last.
#[derive(Debug, Default)]
pub(super) struct Homes(VecDeque<Home>);

#[derive(Debug)]
struct Home {
    user: UserId,
    /// When they last did something with it.
    at: DateTime<Utc>,
    /// What they were told about that.
    answer: Option<Message>,
    /// Whether it was drawn in this round, after what happened in it.
    is_fresh: bool,
}

impl Homes {
    fn used(&mut self, user: &UserId, answer: Option<Message>, at: DateTime<Utc>) {
        self.0.retain(|home| home.user != *user);
        self.0.push_back(Home {
            user: user.clone(),
            at,
            answer,
            is_fresh: true,
        });
        if self.0.len() > LOOKING {
            self.0.pop_front();
        }
    }

    /// A round in which nothing happened is over: what happens next is news to everybody.
    pub(super) fn age(&mut self) {
        for home in &mut self.0 {
            home.is_fresh = false;
        }
    }

    /// Those that no longer show what is so, with the answer that is to stay.
    fn stale(&mut self, now: DateTime<Utc>) -> Vec<(UserId, Option<Message>)> {
        self.0.retain(|home| now - home.at < LOOKS_FOR);
        let homes = self.0.iter();
        homes
            .filter_map(|home| {
                let answer = home.answer.clone().filter(|_| now - home.at < ANSWERED_FOR);
                (!home.is_fresh).then(|| (home.user.clone(), answer))
            })
            .collect()
    }

    /// A round is over: whatever happens next is on none of them.
    pub(super) fn round_over(&mut self) {
        for home in &mut self.0 {
            home.is_fresh = false;
        }
    }
}

impl Engine {
    /// Somebody opened it, or pressed something on it and is answered there.
    pub(super) fn home(&mut self, user: &UserId, answer: Option<Message>, batch: &mut Batch) {
        self.homes.used(user, answer.clone(), self.clock.now());
        self.publish(user, answer, Urgency::Reply, batch);
    }

    /// Something happened: whoever may be looking sees it.
    pub(super) fn refresh_homes(&mut self, batch: &mut Batch) {
        for (user, answer) in self.homes.stale(self.clock.now()) {
            self.publish(&user, answer, Urgency::Routine, batch);
        }
    }

    fn publish(&mut self, user: &UserId, answer: Option<Message>, urgency: Urgency, batch: &mut Batch) {
        let call = Call::PublishHome {
            user: user.as_str().to_owned(),
            view: view::home(self.scene(), user, answer),
        };
        let mut entry = self.reply_entry(call);
        entry.subject = Subject::new(&format!("home/{user}"));
        entry.urgency = urgency;
        self.enqueue(&entry, batch);
    }
}
