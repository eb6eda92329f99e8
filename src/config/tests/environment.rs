//! Tokens, addresses and places.

use super::super::environment::*;

const APP: &str = "xapp-1-A0B1-234-abc";
const BOT: &str = "xoxb-12-34-AbC";

/// An environment with these variables and no others.
fn environment<'v>(variables: &'v [(&'v str, &'v str)]) -> impl Fn(&str) -> Option<String> + 'v {
    move |name| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    }
}

fn slack(variables: &[(&str, &str)]) -> Result<SlackSettings, SlackMistakes> {
    SlackSettings::read(&Flags::default(), &environment(variables))
}

fn mistake(name: &str, value: &str) -> SlackMistake {
    let mut variables = vec![("SLACK_APP_TOKEN", APP), ("SLACK_BOT_TOKEN", BOT)];
    variables.retain(|(known, _)| *known != name);
    variables.push((name, value));
    let SlackMistakes(mut mistakes) = slack(&variables).expect_err("this is a mistake");
    assert_eq!(mistakes.len(), 1);
    mistakes.remove(0)
}

#[test]
fn tokens_and_the_usual_address_are_read() {
    let slack = slack(&[("SLACK_APP_TOKEN", APP), ("SLACK_BOT_TOKEN", BOT)]).unwrap();
    assert_eq!(slack.app_token.expose(), APP);
    assert_eq!(slack.bot_token.expose(), BOT);
    assert_eq!(slack.api_url.as_str(), "https://slack.com/api");
    let shown = format!("{slack:?}");
    assert!(!shown.contains(APP) && !shown.contains(BOT));
}

#[test]
fn everything_that_is_missing_is_said_at_once_and_where_to_get_it() {
    let mistakes = slack(&[("SLACK_BOT_TOKEN", " "), ("SLACK_API_URL", "slack.com")]).unwrap_err();
    insta::assert_snapshot!(mistakes, @r##"
    SLACK_APP_TOKEN is not set; get it at https://api.slack.com/apps, your app, Basic Information, App-Level Tokens, with the scope `connections:write`
    SLACK_BOT_TOKEN is not set; get it at https://api.slack.com/apps, your app, OAuth & Permissions, Bot User OAuth Token, after Install to Workspace
    SLACK_API_URL is not an address such as `https://slack.com/api`
    "##);
}

#[test]
fn each_mistake_with_a_token_has_its_own_sentence() {
    use SlackMistake::*;
    let dirty = |kind, found| Dirty { kind, found };
    for (name, value, expected) in [
        ("SLACK_APP_TOKEN", BOT, Swapped(TokenKind::App)),
        ("SLACK_BOT_TOKEN", APP, Swapped(TokenKind::Bot)),
        ("SLACK_BOT_TOKEN", "xoxp-1-2", OtherKind(TokenKind::Bot)),
        ("SLACK_APP_TOKEN", "hunter2", OtherKind(TokenKind::App)),
        (
            "SLACK_APP_TOKEN",
            " xapp-1-A",
            dirty(TokenKind::App, "a blank or a line break"),
        ),
        (
            "SLACK_BOT_TOKEN",
            "xoxb-1-2\n",
            dirty(TokenKind::Bot, "a blank or a line break"),
        ),
        ("SLACK_BOT_TOKEN", "\"xoxb-1-2\"", dirty(TokenKind::Bot, "quotes")),
        ("SLACK_BOT_TOKEN", "xoxb-", Damaged(TokenKind::Bot)),
        ("SLACK_BOT_TOKEN", "xoxb-12…", Damaged(TokenKind::Bot)),
    ] {
        let found = mistake(name, value);
        assert_eq!(found, expected, "{value:?}");
        assert!(
            !found.to_string().contains(value.trim()),
            "a token is never shown: {found}"
        );
    }
    insta::assert_snapshot!(mistake("SLACK_APP_TOKEN", BOT), @r##"
    SLACK_APP_TOKEN holds the token that belongs in SLACK_BOT_TOKEN; get it at https://api.slack.com/apps, your app, Basic Information, App-Level Tokens, with the scope `connections:write`
    "##);
}

#[test]
fn only_this_machine_may_be_spoken_to_unencrypted() {
    for (address, expected) in [
        ("http://slack.com/api", SlackMistake::Unencrypted),
        ("http://127.0.0.1.example.com/api", SlackMistake::Unencrypted),
        ("http://192.168.0.1/api", SlackMistake::Unencrypted),
        ("ftp://127.0.0.1/api", SlackMistake::NotAnAddress),
        ("127.0.0.1:8080/api", SlackMistake::NotAnAddress),
        ("file:///etc/passwd", SlackMistake::NotAnAddress),
        ("https://me:word@slack.com/api", SlackMistake::Overloaded),
        ("https://slack.com/api?x=1", SlackMistake::Overloaded),
    ] {
        assert_eq!(mistake("SLACK_API_URL", address), expected, "{address}");
    }
    for (address, read) in [
        ("http://127.0.0.1:8080/api/", "http://127.0.0.1:8080/api"),
        ("http://[::1]:8080/api", "http://[::1]:8080/api"),
        ("http://localhost:8080/api", "http://localhost:8080/api"),
        ("https://slack.example.com/api", "https://slack.example.com/api"),
    ] {
        let variables = [
            ("SLACK_APP_TOKEN", APP),
            ("SLACK_BOT_TOKEN", BOT),
            ("SLACK_API_URL", address),
        ];
        assert_eq!(slack(&variables).unwrap().api_url.as_str(), read);
    }
}

#[test]
fn flags_win_over_the_environment_and_the_environment_over_what_is_usual() {
    let flags = Flags {
        config: Some("mine.toml".into()),
        bot_token: Some(Token::new("xoxb-flag")),
        ..Flags::default()
    };
    let variables = [
        ("NIGHTBELL_CONFIG", "theirs.toml"),
        ("NIGHTBELL_DATA", "/var/lib/nightbell"),
        ("SLACK_APP_TOKEN", APP),
        ("SLACK_BOT_TOKEN", BOT),
        ("RUST_LOG", "debug"),
    ];
    let lookup = environment(&variables);
    let settings = Settings::read(&flags, &lookup);
    assert_eq!(settings.config.to_str(), Some("mine.toml"));
    assert_eq!(settings.data.to_str(), Some("/var/lib/nightbell"));
    assert_eq!(settings.log.as_deref(), Some("debug"));
    assert_eq!(
        SlackSettings::read(&flags, &lookup).unwrap().bot_token.expose(),
        "xoxb-flag"
    );

    let usual = Settings::read(&Flags::default(), &environment(&[("NIGHTBELL_DATA", "")]));
    assert_eq!(usual.config.to_str(), Some("nightbell.toml"));
    assert_eq!(usual.data.to_str(), Some("data"));
    assert_eq!(usual.log, None);
}
