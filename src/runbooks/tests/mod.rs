//! Reading runbooks: what each part of a page becomes, and the shipped ones.

mod mistakes;
mod properties;

use super::{Readable, load, print, read};
use crate::config::Colours;
use crate::domain::runbook::{Asked, Block, Runbook};

fn readable(text: &str) -> Readable {
    read(text, "runbooks/test.md").unwrap_or_else(|problems| panic!("{problems}"))
}

fn book(text: &str) -> Runbook {
    readable(text).runbook
}

const WHOLE: &str = "---
title: Restart SymXchange
owner: pupper
services: symxchange
alerts:
  - SymXchange*fails
  - symxchange down
parameters:
  server:
    prompt: Which servers, in order
    default: [symxchange-http-server, symxchange-rpc-server]
  ticket:
    prompt: The ticket
    required: true
    pattern: '[A-Z]+-[0-9]+'
  where: {prompt: Where it runs, choices: [Marathon, Kubernetes]}
expected: 20m
review: 2027-03-31
---

# Not the title

For {{ticket}}. See [the plan](https://example.com/plan).

## 1. Where does it run?

- [Marathon](#2-marathon)
- [Kubernetes](#3-kubernetes)

## 2. Marathon

<!-- step: expect=10m repeat=server -->

> [!WARNING]
> Customers notice.
>
> - Tell them

```sh
restart {{server}}
```

- [ ] It is up
- [x] Nobody complains about {{where}}

Go on:

- [Look](#4-look)

## 3. Kubernetes

<!-- step: undo=#4-look secret -->

```http
POST https://ci.example.com/job/restart/build
Authorization: Basic {{env.CI}}

server={{server}}
```

```alert
{{server}} does not come up for cloud
```

1. First
   - inner
2. Second

| a | bee |
|---|-----|
| 1 | 2 |

![graph](https://example.com/graph.png)

<details><summary>More</summary>hidden</details>

> quoted
> [!note]

## 4. Look

`curl` it, **now**, ~~or~~ *later*.\\
Done.
";

#[test]
fn every_part_of_a_page_is_read() {
    let read = readable(WHOLE);
    insta::assert_snapshot!("whole", print(&read.runbook));
    assert_eq!(read.drawn(Colours::Without), None, "nothing is odd about it");
    let ticket = &read.runbook.parameters[1];
    assert_eq!(ticket.asked, Asked::AtTheStart);
    assert!(ticket.accepts("PUP-12").is_ok() && ticket.accepts("xPUP-12").is_err());
    assert_eq!(read.runbook.steps[1].needs(), ["server", "where"]);
}

#[test]
fn what_is_stored_of_a_runbook_can_be_read_again() {
    let before = book(WHOLE);
    let json = serde_json::to_string(&before).expect("plain data");
    assert_eq!(serde_json::from_str::<Runbook>(&json).expect("the same"), before);
    insta::assert_snapshot!("stored", serde_json::to_string_pretty(&before).expect("plain data"));
}

#[test]
fn a_page_without_second_headings_has_the_items_of_its_list_as_steps() {
    let read = book(
        "# Restart\n\nIntro.\n\n1. Open Jenkins\n2. Press **Build** on [Jenkins](https://ci.example.com). Wait until it is blue.\n\n   ```sh\n   echo\n   ```\n\nBetween.\n\n3. Look\n",
    );
    let titles: Vec<&str> = read.steps.iter().map(|step| step.title.as_str()).collect();
    assert_eq!(
        titles,
        ["Open Jenkins", "Press Build on Jenkins. Wait until it is blue.", "Look"]
    );
    assert_eq!(read.steps[0].body, []);
    assert_eq!(
        read.steps[1].body.len(),
        3,
        "its words with the link, its command, and what stands after it"
    );
    assert_eq!(read.title, "Restart");
    assert_eq!(read.introduction.len(), 1);
}

#[test]
fn a_table_of_contents_is_no_decision() {
    let read = book(
        "# T\n\n- [One](#one)\n- [Two](#two)\n\n## One\n\n- [A](#a)\n- [B](#b)\n\n### A\n### B\n\n## Two\n\n- [docs](https://example.com)\n",
    );
    assert!(read.steps.iter().all(|step| step.ways().is_empty()));
    assert_eq!(read.introduction.len(), 2, "and its links are still there");
}

#[test]
fn a_circle_with_a_way_out_is_fine() {
    let read = book("## Try\n\n## Better?\n\n- [No](#try)\n- [Yes](#tell)\n\n## Tell\n");
    assert_eq!(
        read.steps[1].ways().iter().map(|way| way.to).collect::<Vec<_>>(),
        [0, 2]
    );
}

#[test]
fn a_page_of_another_template_language_is_left_alone() {
    let read = readable("## A\n\n`{{ .Values.x }}` {{ $x }} {{#if}}\n");
    assert_eq!(read.runbook.parameters, []);
    assert_eq!(read.drawn(Colours::Without), None);
}

#[test]
fn html_becomes_its_words() {
    let read = book("## A\n\nOne<br>two <b>bold</b>\n\n<div align=center>\n\nMiddle\n\n</div>\n\n<!-- nothing -->\n");
    let texts: Vec<&str> = read.steps[0].body.iter().flat_map(Block::texts).collect();
    assert_eq!(texts, ["One\ntwo bold", "Middle"]);
}

#[test]
fn the_shipped_runbooks_have_no_mistakes() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("runbooks");
    let library = load(&folder);
    let drawn: Vec<&str> = library
        .mistakes()
        .iter()
        .map(|mistake| mistake.drawn.as_str())
        .collect();
    assert!(drawn.is_empty(), "{}", drawn.join("\n\n"));
    assert_eq!(
        super::shipped().books().len(),
        library.books().len(),
        "each of them is in shipped.rs"
    );
    assert!(library.books().len() >= 11, "{} are there", library.books().len());
    for book in library.books() {
        assert!(book.steps.len() >= 2, "{} has something to do", book.id);
    }
}
