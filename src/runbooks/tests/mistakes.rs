//! What can be wrong with a page, and what is said of it.

use std::fs;

use super::super::{LARGEST, load, read, read_bytes};
use crate::config::Colours;

/// All that is said of a page, errors or else warnings.
fn said(text: &str) -> String {
    match read(text, "test.md") {
        Ok(readable) => readable.drawn(Colours::Without).unwrap_or_else(|| "nothing".to_owned()),
        Err(problems) => problems.to_string(),
    }
}

#[test]
fn each_mistake_points_to_its_line_and_says_what_would_work() {
    let cases = [
        ("no steps", "# Only a title\n\nWords, and a list:\n\n- one\n"),
        ("nothing", ""),
        (
            "a dead link",
            "## Look\n\n- [Fine](#done)\n- [Bad](#restrat)\n\n## Restart\n\n## Done\n",
        ),
        ("a circle", "## A\n\n- [on](#b)\n\n## B\n\n- [back](#a)\n\n## C\n"),
        ("a step nobody gets to", "## A\n\n- [on](#c)\n\n## B\n\n## C\n"),
        ("two decisions", "## A\n\n- [on](#b)\n\nor\n\n- [on](#b)\n\n## B\n"),
        ("the same heading twice", "## Check\n\n## Restart\n\n## check\n"),
        ("an open fence", "## A\n\n```sh\nls\n\n## B\n"),
        ("an open comment", "## A\n\n<!-- step: secret\n\n## B\n"),
        ("an unknown key", "---\nownr: cloud\nlayout: page\n---\n## A\n"),
        ("front matter that never ends", "---\ntitle: A\n\n## A\n"),
        ("front matter that is no YAML", "---\ntitle: a: b\n---\n## A\n"),
        ("front matter that is no map", "---\n- a\n- b\n---\n## A\n"),
        ("an alias", "---\ntitle: &a x\nowner: *a\n---\n## A\n"),
        ("a key twice", "---\ntitle: a\ntitle: b\n---\n## A\n"),
        (
            "a parameter nobody uses",
            "---\nparameters:\n  server: Which server\n---\n## A {{sever}}\n",
        ),
        ("a parameter nobody declares", "## Restart {{server}}\n"),
        ("parameters as a list", "---\nparameters: [server]\n---\n## A\n"),
        (
            "a bad parameter",
            "---\nparameters:\n  s:\n    prmpt: x\n    required: maybe\n    choices: [a, b]\n    default: c\n    pattern: '('\n---\n## A {{s}}\n",
        ),
        ("a bad name", "---\nparameters:\n  the server: x\n---\n## A\n"),
        (
            "bad values",
            "---\nexpected: soon\nreview: next year\ntitle: [a]\n---\n## A\n",
        ),
        (
            "a bad option",
            "## A\n\n<!-- step: expcet=10m repeat undo=#b expect=never -->\n",
        ),
        ("an option above all steps", "<!-- step: secret -->\n\n## A\n"),
        (
            "a bad request",
            "## A\n\n```http\nSEND x\n```\n\n## B\n\n```http\nPOST ci.example.com\n```\n\n## C\n\n```http\nGET https://x\nbody without a line before it\n```\n",
        ),
        (
            "requests that could not be sent",
            "## A\n\n```http\nGET https://{{host}}/x\n```\n\n```http\nGET https://me:pw@x.com/\n```\n\n```http\nGET https://x.com/\nBad name: 1\n```\n\n```http\nGET https://x.com/\nContent-Length: 1\n```\n",
        ),
        (
            "more requests that could not be sent",
            "## A\n\n```http\nGET https://x.com/a b\n```\n\n```http\nGET https://x.com/\n\n###\nGET https://y.com/\n```\n\n```http\nGET https://x.com/\nHost: y.com\n```\n\n```http\nPOST https://x.com/\nContent-Type: application/graphql\n\n{{q}}\n```\n",
        ),
        ("a request without a host", "## A\n\n```http\nGET /status\n```\n"),
        ("blocks without anything", "## A\n\n```http\n```\n\n```alert\n```\n"),
        (
            "ways that nobody can say",
            "## A\n\n- [On](#b)\n- [on](#c)\n\n## B\n\n- [Done](#c)\n- [Wait](#c)\n\n## C\n",
        ),
        ("a step that takes itself back", "## A\n\n<!-- step: undo=#a -->\n"),
        ("an alert for nobody", "## A\n\n```alert\nit burns\n```\n"),
        ("a heading without words", "## \n\ntext\n"),
    ];
    let all: Vec<String> = cases
        .iter()
        .map(|(name, text)| format!("=== {name}\n{}", said(text)))
        .collect();
    insta::assert_snapshot!("mistakes", all.join("\n\n"));
}

#[test]
fn a_page_that_is_too_large_is_refused_before_it_is_read() {
    let large = "## A\n\nwords words words\n".repeat(50_000);
    let problems = read_bytes(large.as_bytes(), "large.md").expect_err("too large");
    assert!(problems.to_string().contains("larger than 256 KiB"), "{problems}");
    let just = format!("## A\n\n{}", "x".repeat(LARGEST - 6));
    assert!(read_bytes(just.as_bytes(), "just.md").is_ok());
}

#[test]
fn a_request_is_read_as_files_of_requests_have_it() {
    let request = |text: &str| {
        let page = format!("## A\n\n```http\n{text}\n```\n");
        let readable = read(&page, "test.md").map_err(|problems| problems.to_string());
        let runbook = readable.expect("it is read").runbook;
        let request = runbook.steps[0].requests(0).next().cloned();
        request
            .expect("it is a request")
            .shown(&crate::domain::runbook::Values::new())
            .text()
    };
    assert_eq!(
        request("post https://x.com/job HTTP/1.1\n  ?a={{b}}\n  &c=1\nX-Token:  {{env.T}} \n\n{\n}"),
        "POST https://x.com/job?a={{b}}&c=1\nX-Token: {{env.T}}\n\n{\n}"
    );
    assert_eq!(
        request("DELETE https://x.com/items/{{ id }}/tags HTTP/2"),
        "DELETE https://x.com/items/{{id}}/tags"
    );
    assert_eq!(
        request("POST https://x.com/\nContent-Type: application/x-www-form-urlencoded\n\na=1\n&b={{c}}"),
        "POST https://x.com/\nContent-Type: application/x-www-form-urlencoded\n\na=1&b={{c}}"
    );
    assert_eq!(
        request("GET /status?x=1\nHost: x.com:8443"),
        "GET https://x.com:8443/status?x=1"
    );
}

#[test]
fn an_alert_can_say_how_urgent_it_is() {
    let readable = read("## A\n\n```alert\nP1 it burns for cloud\n```\n", "test.md");
    let printed = crate::runbooks::print(&readable.expect("it is read").runbook);
    assert!(printed.contains("page cloud (P1): it burns"), "{printed}");
}

#[test]
fn five_hundred_steps_are_too_many_for_a_thread() {
    let many = |count: usize| {
        let steps: Vec<String> = (0..count).map(|at| format!("## Step {at}\n\n")).collect();
        steps.concat()
    };
    assert!(said(&many(500)).contains("this has 500 steps, and nobody gets through more than 200 in one thread"));
    assert_eq!(said(&many(200)), "nothing");
}

#[test]
fn what_is_no_text_says_where() {
    let problems = read_bytes(b"## A\n\n\xff\xfe", "bytes.md").expect_err("no text");
    assert!(
        problems.to_string().contains("line 3 has a byte that is no character"),
        "{problems}"
    );
}

#[test]
fn a_byte_order_mark_is_nobodys_concern() {
    assert_eq!(said("\u{feff}---\ntitle: A\n---\n## A\n"), "nothing");
    assert_eq!(said("\u{feff}## A\r\n\r\ntext\r\n"), "nothing");
}

#[test]
fn nesting_without_end_is_read_flat() {
    for deep in [
        ">".repeat(20_000),
        "- ".repeat(5_000),
        "[".repeat(20_000),
        "*".repeat(20_000),
        "<".repeat(20_000),
    ] {
        assert!(read(&format!("## A\n\n{deep} x\n"), "deep.md").is_ok());
    }
    let front = format!("---\ntitle: {}\n---\n## A\n", "[".repeat(20_000));
    assert!(said(&front).contains("recursion limit"), "{}", said(&front));
}

#[test]
fn good_files_load_when_a_bad_one_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).expect("written");
    fs::create_dir(folder.path().join("more")).expect("created");
    write("good.md", b"## A\n");
    write("odd.md", b"## A {{x}}\n");
    write("bad.md", b"no steps\n");
    write("bytes.md", b"\xff");
    write("more/good.md", b"## Another of that name\n");
    write("more/Other Page.md", b"## B\n");
    write("README.md", b"about this folder\n");
    write(".hidden.md", b"\n");
    write("notes.txt", b"\n");
    let library = load(folder.path());
    let ids: Vec<&str> = library.books().map(|book| book.id.as_str()).collect();
    assert_eq!(ids, ["good", "odd", "other-page"]);
    let mistakes: Vec<(&str, bool)> = library
        .mistakes()
        .iter()
        .map(|mistake| (mistake.file.rsplit('/').next().unwrap_or_default(), mistake.left_out))
        .collect();
    assert_eq!(
        mistakes,
        [
            ("bad.md", true),
            ("bytes.md", true),
            ("good.md", true),
            ("odd.md", false)
        ]
    );
    assert_eq!(load(&folder.path().join("nowhere")).books().len(), 0);
}
