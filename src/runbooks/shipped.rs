//! The runbooks that come with us, for whoever wants to see some.

use super::{Readable, read};
use crate::domain::runbook::Library;

/// Each file and its text; a test reads every one of them.
const FILES: [(&str, &str); 11] = [
    (
        "runbooks/build-tracker-alerts.md",
        include_str!("../../runbooks/build-tracker-alerts.md"),
    ),
    ("runbooks/disk-full.md", include_str!("../../runbooks/disk-full.md")),
    (
        "runbooks/from-alert-to-postmortem.md",
        include_str!("../../runbooks/from-alert-to-postmortem.md"),
    ),
    (
        "runbooks/oncall-handover.md",
        include_str!("../../runbooks/oncall-handover.md"),
    ),
    ("runbooks/outage.md", include_str!("../../runbooks/outage.md")),
    (
        "runbooks/reset-admin-password.md",
        include_str!("../../runbooks/reset-admin-password.md"),
    ),
    (
        "runbooks/restart-cloud-frontend.md",
        include_str!("../../runbooks/restart-cloud-frontend.md"),
    ),
    (
        "runbooks/restart-symxchange.md",
        include_str!("../../runbooks/restart-symxchange.md"),
    ),
    (
        "runbooks/scale-database.md",
        include_str!("../../runbooks/scale-database.md"),
    ),
    (
        "runbooks/symxchange-requests-failing.md",
        include_str!("../../runbooks/symxchange-requests-failing.md"),
    ),
    (
        "runbooks/terraform-cloud-access.md",
        include_str!("../../runbooks/terraform-cloud-access.md"),
    ),
];

/// All of them.
pub fn shipped() -> Library {
    let readable = FILES.iter().filter_map(|(file, text)| read(text, file).ok());
    Library::new(readable.map(|Readable { runbook, .. }| runbook), Vec::new())
}
