//! What somebody in front of the page sees and does, in a real browser. Where there is no Chromium these tests say so and
//! pass.

use serde_json::{Value, json};

use super::browser::{Browser, Window};
use super::{comes, http, live};

/// The box one types into, in the middle.
const BOX: &str = "#composer textarea";

async fn says(browser: &mut Browser, window: &Window, place: &str, text: &str) {
    browser.clicks(window, "#places .place", place).await;
    browser
        .reads_in(window, "#place h1", place.trim_start_matches("# "))
        .await;
    browser
        .reads(window, &format!("document.querySelector('{BOX}').focus()"))
        .await;
    browser.types(window, text).await;
    browser.presses(window, "Enter").await;
}

/// Every button, box and menu has a name that a screen reader can say.
const NAMELESS: &str = "[...document.querySelectorAll('button, input, select, textarea, dialog')]
    .filter((it) => it.checkVisibility() && !(it.innerText || it.ariaLabel || it.labels?.length || it.title))
    .map((it) => it.outerHTML)";

#[tokio::test]
async fn somebody_raises_an_alert_answers_it_and_fills_in_a_form() {
    let Some(mut browser) = Browser::start().await else {
        eprintln!("skipped: there is no Chromium here");
        return;
    };
    let (live, _folder) = live().await;
    let window = &browser.opens(&live.address(), 1400).await;
    let browser = &mut browser;

    // The day before has been played once Ana has said so.
    browser
        .reads_in(window, "#messages", "customers are writing to us")
        .await;
    says(browser, window, "# ops", "/alert checkout is slow for cloud").await;
    browser
        .reads_in(window, ".message.private", "checkout is slow: paging")
        .await;

    // The card is in the team's channel; Acknowledge changes it where it stands.
    browser.clicks(window, "#places .place", "# cloud").await;
    browser.reads_in(window, ".message h3", "checkout is slow").await;
    browser.clicks(window, ".message .button", "Acknowledge").await;
    browser.reads_in(window, ".message", "Acknowledged by @ana").await;

    // Its thread, and a word in it.
    browser.clicks(window, ".message .replies", "repl").await;
    browser.reads_in(window, "#thread .message", "acknowledged").await;
    browser
        .reads(window, "document.querySelector('#thread textarea').focus()")
        .await;
    browser.types(window, "note it began at nine").await;
    browser.presses(window, "Enter").await;
    browser.reads_in(window, "#thread .message", "it began at nine").await;
    assert_eq!(browser.reads(window, NAMELESS).await, json!([]));

    // A form with nonsense in it: the word is said at its field, what was typed stays.
    browser.clicks(window, "#main .message .button", "Snooze…").await;
    browser.sees(window, "document.querySelector('dialog .field')").await;
    assert_eq!(browser.reads(window, NAMELESS).await, json!([]));
    browser
        .reads(window, "document.querySelector('dialog input').select()")
        .await;
    browser.types(window, "until the cows come home").await;
    browser.clicks(window, "dialog .button.primary", "").await;
    browser
        .sees(window, "document.querySelector('dialog [data-error]:not(:empty)')")
        .await;
    let kept = browser
        .reads(window, "document.querySelector('dialog input').value")
        .await;
    assert_eq!(kept, "until the cows come home");
    browser.presses(window, "Escape").await;
    browser.sees(window, "!document.querySelector('dialog')").await;

    // A loud button asks first.
    browser.clicks(window, "#main .message .button", "Escalate").await;
    browser.sees(window, "document.querySelector('dialog.small')").await;
    browser.clicks(window, "dialog.small .button", "").await;
    browser.sees(window, "!document.querySelector('dialog')").await;
    // Its line moves the others, and a mouse would miss what it aims at meanwhile.
    browser
        .reads_in(window, "#thread .message", "level 2 of 2. There is time")
        .await;

    // An emoji, put there with the mouse.
    browser.clicks(window, "#thread .message .tool", "🙂").await;
    browser.clicks(window, ".popover .tool", "👀").await;
    browser.reads_in(window, "#thread .reaction", "👀 1").await;

    // Whoever is paged sees it in a window of their own, narrow as a phone.
    let paged = browser
        .reads(
            window,
            "[...document.querySelectorAll('#thread .mention')].map((it) => it.innerText.slice(1))[0]",
        )
        .await;
    let members = live.workspace().members();
    let paged = members
        .iter()
        .find(|member| paged == member.name)
        .expect("whoever was paged");
    let phone = &browser
        .opens(&format!("{}#{}/D{}", live.address(), paged.id, &paged.id[1..]), 390)
        .await;
    browser.reads_in(phone, "#messages .message", "checkout is slow").await;
    browser.reads_in(phone, "#messages .message", "You were paged").await;
    let fits = "document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(
        browser.reads(phone, fits).await,
        true,
        "nothing is wider than the phone"
    );

    // The Home tab, and the clock.
    browser.clicks(window, "#places .place", "Home").await;
    browser.sees(window, "document.querySelector('#home .block')").await;
    let before = browser.reads(window, "document.querySelector('#now').innerText").await;
    browser.clicks(window, "[data-pass='10']", "").await;
    browser
        .sees(
            window,
            &format!("document.querySelector('#now').innerText.slice(0, -3) !== {before}.slice(0, -3)"),
        )
        .await;

    assert_eq!(browser.complaints(), [""; 0]);
    assert_eq!(live.workspace().complaints(), [""; 0]);
    live.close().await.unwrap();
}

/// Every kind of block and element there is, as the reference lists them.
fn gallery() -> Value {
    let plain = |text: &str| json!({"type": "plain_text", "text": text});
    let options = json!([
        {"text": plain("One"), "value": "1"},
        {"text": plain("Two"), "value": "2", "description": plain("the second")},
    ]);
    let input = |id: &str, element: Value| json!({"type": "input", "block_id": id, "label": plain(id), "hint": plain("a hint"), "element": element});
    json!([
        {"type": "header", "text": plain("A header <b>of plain text</b>")},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*bold* _italic_ ~strike~ `code <b>` &lt;i&gt; <https://a.example|a link> <@U0002> <#C0009> <!here> <!date^1772614800^{date_short_pretty} {time}|then>\n> quoted\n```a block\nof code```\n:eyes: :nosuch: 2*3*4 snake_case_name"},
            "accessory": {"type": "button", "action_id": "a", "text": plain("Danger"), "style": "danger"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Where*\nEurope"}, {"type": "plain_text", "text": "*plain*"}],
            "accessory": {"type": "image", "image_url": "https://a.example/x.png", "alt_text": "a picture"}},
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "image", "image_url": "https://a.example/x.png", "alt_text": "small"}, {"type": "mrkdwn", "text": "small _print_"}]},
        {"type": "image", "image_url": "https://a.example/x.png", "alt_text": "a graph", "title": plain("A graph")},
        {"type": "actions", "elements": [
            {"type": "button", "action_id": "b", "text": plain("Primary"), "style": "primary"},
            {"type": "static_select", "action_id": "c", "placeholder": plain("Choose"), "options": options},
            {"type": "users_select", "action_id": "d", "placeholder": plain("Who?")},
            {"type": "conversations_select", "action_id": "e", "placeholder": plain("Where?")},
            {"type": "channels_select", "action_id": "f", "placeholder": plain("Which channel?")},
            {"type": "multi_static_select", "action_id": "g", "placeholder": plain("Several"), "options": options},
            {"type": "multi_users_select", "action_id": "h", "placeholder": plain("Several people")},
            {"type": "overflow", "action_id": "i", "options": options},
            {"type": "datepicker", "action_id": "j", "initial_date": "2026-03-04"},
            {"type": "timepicker", "action_id": "k", "initial_time": "09:30"},
            {"type": "datetimepicker", "action_id": "l", "initial_date_time": 1_772_614_800},
            {"type": "checkboxes", "action_id": "m", "options": options},
            {"type": "radio_buttons", "action_id": "n", "options": options},
        ]},
        {"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "rich ", "style": {"bold": true}}, {"type": "emoji", "name": "tada"}, {"type": "user", "user_id": "U0002"}, {"type": "link", "url": "https://a.example", "text": "there"}, {"type": "link", "url": "javascript:alert(1)", "text": "not this"}]},
            {"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "an item"}]}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "let x = 1;"}]},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
        ]},
        input("line", json!({"type": "plain_text_input", "action_id": "x"})),
        input("lines", json!({"type": "plain_text_input", "action_id": "x", "multiline": true, "initial_value": "two\nlines"})),
        input("number", json!({"type": "number_input", "action_id": "x", "is_decimal_allowed": false})),
        input("mail", json!({"type": "email_text_input", "action_id": "x"})),
        input("address", json!({"type": "url_text_input", "action_id": "x"})),
        input("grouped", json!({"type": "static_select", "action_id": "x", "option_groups": [{"label": plain("Group"), "options": options}]})),
    ])
}

#[tokio::test]
async fn all_of_block_kit_is_drawn_and_a_choice_reaches_the_bot() {
    let Some(mut browser) = Browser::start().await else {
        eprintln!("skipped: there is no Chromium here");
        return;
    };
    let (live, _folder) = live().await;
    comes(&live, |live| live.workspace().connections() > 0).await;
    let ana = live.workspace().person("U0001").unwrap();
    let places = live.workspace().places(&ana);
    let place = places.iter().find(|place| place.name == "alerts").unwrap();
    let posted: Value = http()
        .post(format!("{}/chat.postMessage", live.workspace().api_url()))
        .bearer_auth(live.workspace().bot_token())
        .json(&json!({"channel": place.id, "text": "a gallery", "blocks": gallery()}))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(posted["ok"], true, "{posted}");

    let window = &browser
        .opens(&format!("{}#U0001/{}", live.address(), place.id), 1400)
        .await;
    browser
        .reads_in(window, ".message .header", "<b>of plain text</b>")
        .await;
    let unknown = "[...document.querySelectorAll('.unknown')].map((it) => it.innerText)";
    assert_eq!(browser.reads(window, unknown).await, json!([]));
    assert_eq!(browser.reads(window, NAMELESS).await, json!([]));
    let said = browser
        .reads(window, "document.querySelector('.message .section').innerText")
        .await;
    let said = said.as_str().unwrap();
    for part in [
        "bold italic strike",
        "code <b>",
        "<i>",
        "a link",
        "@ben",
        "@here",
        "👀 :nosuch: 2*3*4 snake_case_name",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let links = "[...document.querySelectorAll('.message a')].map((it) => it.getAttribute('href'))";
    assert_eq!(
        browser.reads(window, links).await,
        json!(["https://a.example", "https://a.example"]),
        "and no script"
    );

    // What is chosen arrives in Slack's own words.
    let choose = "(() => { const it = document.querySelector('.actions select'); it.value = '2'; it.dispatchEvent(new Event('change')); })()";
    browser.reads(window, choose).await;
    comes(&live, |live| {
        let envelopes = live.workspace().envelopes(10);
        let mut actions = envelopes.iter().map(|it| &it["frame"]["payload"]["actions"][0]);
        actions.any(|action| action["action_id"] == "c" && action["selected_option"]["value"] == "2")
    })
    .await;
    assert_eq!(browser.complaints(), [""; 0]);
    live.close().await.unwrap();
}

#[tokio::test]
async fn a_pick_in_a_form_draws_it_again_with_other_words() {
    let Some(mut browser) = Browser::start().await else {
        eprintln!("skipped: there is no Chromium here");
        return;
    };
    let (live, _folder) = live().await;
    let window = &browser.opens(&live.address(), 1400).await;
    let browser = &mut browser;
    browser
        .reads_in(window, "#messages", "customers are writing to us")
        .await;
    for words in ["half of them cannot pay", "nobody can pay"] {
        says(browser, window, "# ops", &format!("/incident update INC-3 {words}")).await;
        browser.reads_in(window, ".message.private", "readers are told").await;
    }
    says(browser, window, "# ops", "/incident edit INC-3").await;
    browser
        .sees(
            window,
            "document.querySelector('dialog textarea')?.value === 'nobody can pay'",
        )
        .await;
    let pick = "(() => { const it = document.querySelector('dialog select'); it.value = '1'; it.dispatchEvent(new Event('change')); })()";
    browser.reads(window, pick).await;
    browser
        .sees(
            window,
            "document.querySelector('dialog textarea')?.value === 'half of them cannot pay'",
        )
        .await;
    assert_eq!(browser.reads(window, NAMELESS).await, json!([]));
    browser.clicks(window, "dialog .button.primary", "").await;
    browser.sees(window, "!document.querySelector('dialog')").await;
    assert_eq!(browser.complaints(), [""; 0]);
    live.close().await.unwrap();
}
