//! What a page says and this workspace cannot do: the page itself is right, and something else is missing.

use super::{Allowed, Block, Forbidden, Runbook, Values, names};

/// Something that will not work here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit<'b> {
    /// The team that keeps it is none.
    Owner {
        /// As it is written.
        team: &'b str,
    },
    /// A team that a step pages is none.
    Page {
        /// The step.
        step: &'b str,
        /// As it is written.
        team: &'b str,
    },
    /// A request that a step sends is not allowed.
    Request {
        /// The step.
        step: &'b str,
        /// Why.
        why: Forbidden,
    },
}

impl Runbook {
    /// What of it will not work where these are the teams and that is allowed.
    pub fn misfits(&self, is_team: &dyn Fn(&str) -> bool, allowed: &Allowed) -> Vec<Misfit<'_>> {
        let owner = self.owner.as_deref().filter(|owner| !is_team(owner));
        let mut misfits: Vec<Misfit<'_>> = owner.map(|team| Misfit::Owner { team }).into_iter().collect();
        for step in &self.steps {
            let title = step.title.as_str();
            for block in &step.body {
                match block {
                    // Whom a filled blank means, only a run knows.
                    Block::Page { team, .. } if names(team).next().is_none() && !is_team(team) => {
                        misfits.push(Misfit::Page { step: title, team });
                    }
                    Block::Http { request } => {
                        let why = allowed.judge(request, &Values::new()).err();
                        misfits.extend(why.map(|why| Misfit::Request { step: title, why }));
                    }
                    _ => {}
                }
            }
        }
        misfits
    }
}
