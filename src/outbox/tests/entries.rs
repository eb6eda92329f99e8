//! What is stored, and what is kept in memory of it.

use super::*;
use crate::slack::ResponseUrl;
use crate::slack::call::Replace;

#[test]
fn an_entry_survives_the_store() {
    let entry = Entry {
        expires: Some(dawn()),
        ..post("card/17", "disk full")
    };
    let row = serde_json::to_vec(&entry).expect("an entry is JSON");
    assert_eq!(serde_json::from_slice::<Entry>(&row).expect("and back"), entry);
}

#[test]
fn a_row_without_the_optional_fields_is_read() {
    let mut row = serde_json::to_value(ephemeral("raiser/17", "done")).expect("an entry is JSON");
    let fields = row.as_object_mut().expect("an object");
    assert_eq!(fields.remove("about"), Some(json!(17)));
    assert!(!fields.contains_key("expires"), "what is absent is not stored");
    assert_eq!(fields["subject"], json!("raiser/17"));
    assert_eq!(fields["urgency"], json!("reply"));
    let entry: Entry = serde_json::from_value(row).expect("it is an entry");
    assert_eq!((entry.expires, entry.about), (None, None));
}

#[test]
fn only_new_messages_count_against_a_channel_and_can_be_doubtful() {
    let view = json!({ "type": "modal" });
    let table = [
        (post("a", "x").call, "C1", Fate::Doubtful),
        (edit("a", "x").call, "", Fate::Fresh),
        (ephemeral("a", "x").call, "", Fate::Fresh),
        (
            Call::PublishHome {
                user: "U1".to_owned(),
                view,
            },
            "",
            Fate::Fresh,
        ),
    ];
    for (call, channel, fate) in table {
        let header = entry("a", Urgency::Reply, call.clone()).header(Fate::Doubtful);
        assert_eq!(
            header.channel.as_deref().unwrap_or_default(),
            channel,
            "{}",
            call.method()
        );
        assert_eq!(header.fate, fate, "{}", call.method());
        assert_eq!(header.method, call.method());
    }
}

#[test]
fn a_reply_that_replaces_may_be_repeated_and_one_that_adds_may_not() {
    use crate::outbox::entry::{Repetition, repetition};
    let respond = |replace| Call::Respond {
        url: ResponseUrl::new("https://hooks.example/1"),
        replace,
        message: message("done"),
    };
    assert_eq!(repetition(&respond(Replace::Original)), Repetition::Harmless);
    assert_eq!(repetition(&respond(Replace::Nothing)), Repetition::Never);
}
