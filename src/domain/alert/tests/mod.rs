//! The alert and its page: every answer in one table, paging as stories, and how both are written down for people.

mod escalation;
mod paging;
mod raising;
mod render;
mod reports;
mod table;
mod underwater;
