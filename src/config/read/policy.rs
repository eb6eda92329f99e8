//! A team's `[policy]`: how its people are paged, and who may do what to its alerts.

use super::{
    super::{
        file::{May, Policy},
        problem::Problem,
    },
    collector::Collector,
    section::{Key, Section, Shape},
    time, value,
};

const POLICY: Shape = Shape {
    keys: &[
        Key("repeat", "repeat = 2"),
        Key("posts_only", r#"posts_only = ["p4", "p5"]"#),
        Key("ack", r#"ack = "30m""#),
        Key("resolve", r#"resolve = "team""#),
        Key("assign", r#"assign = "team""#),
        Key("snooze", r#"snooze = ["@ana", "@ben"]"#),
    ],
    later: &[],
};

/// Reads it; what is not said is as usual.
pub(super) fn read(team: &str, section: &Section<'_>, out: &mut Collector<'_>) -> Policy {
    let usual = Policy::default();
    let Some((mark, entries)) = section.table("policy", out) else {
        return usual;
    };
    let section = Section::open(&format!("`[teams.{team}.policy]`"), Some(mark), entries, &POLICY, out);
    let posts_only = section
        .list("posts_only", out)
        .map(|texts| texts.iter().filter_map(|text| value::priority(text, out)).collect());
    Policy {
        repeat: section.number("repeat", 0..101, out).unwrap_or(usual.repeat),
        posts_only: posts_only.unwrap_or(usual.posts_only),
        lease: section
            .text("ack", out)
            .and_then(|text| time::lease(&text, out))
            .unwrap_or(usual.lease),
        resolve: may("resolve", &section, out),
        assign: may("assign", &section, out),
        snooze: may("snooze", &section, out),
    }
}

/// Who may do something: `anyone`, `team`, or a list of people.
fn may(key: &str, section: &Section<'_>, out: &mut Collector<'_>) -> May {
    if section.is_list(key) {
        let people = section.filled_list(key, "nobody could do it", out);
        return May::People(people.iter().filter_map(|text| value::person(text, out)).collect());
    }
    let Some(text) = section.text(key, out) else {
        return May::Anyone;
    };
    match text.value.to_lowercase().as_str() {
        "anyone" => May::Anyone,
        "team" => May::Team,
        _ => {
            let what = format!("`{}` does not say who may {key}", text.value);
            let help = format!("write `{key} = \"anyone\"`, `{key} = \"team\"`, or people: `{key} = [\"@ana\"]`");
            out.push(Problem::at(&text.mark, what).help(help));
            May::Anyone
        }
    }
}
