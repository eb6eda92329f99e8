//! A real browser, driven over its `DevTools` protocol: what somebody does with the mouse and the keyboard, and what they
//! then see. <https://chromedevtools.github.io/devtools-protocol/>

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long the page may take to show something, in milliseconds; far more than it needs.
const PATIENCE: u32 = 30_000;

/// A browser that runs; it ends with the test.
pub(super) struct Browser {
    child: Child,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    sent: u64,
    /// What pages complained of: errors of scripts, and what the policy kept out.
    complaints: Vec<String>,
    _profile: TempDir,
}

/// One window.
#[derive(Debug, Clone)]
pub(super) struct Window(String);

impl Browser {
    /// Starts Chromium; `None` where there is none.
    pub(super) async fn start() -> Option<Self> {
        let program = found()?;
        let profile = tempfile::tempdir().unwrap();
        let mut child = Command::new(program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--no-proxy-server",
                "--remote-debugging-port=0",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (says, said) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let address = lines
                .by_ref()
                .map_while(Result::ok)
                .find_map(|line| line.strip_prefix("DevTools listening on ").map(str::to_owned));
            drop(says.send(address));
            // What else it says has to go somewhere.
            lines.for_each(drop);
        });
        let address = said.await.unwrap().expect("the browser says where it listens");
        let (socket, _) = connect_async(address).await.unwrap();
        Some(Self {
            child,
            socket,
            sent: 0,
            complaints: Vec::new(),
            _profile: profile,
        })
    }

    /// Opens a page in a window of its own, so many pixels wide.
    pub(super) async fn opens(&mut self, address: &str, width: u32) -> Window {
        let target = self
            .asks(None, "Target.createTarget", json!({"url": "about:blank"}))
            .await;
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = self.asks(None, "Target.attachToTarget", attach).await;
        let window = Window(attached["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Runtime.enable", "Log.enable", "Page.enable"] {
            self.asks(Some(&window), domain, json!({})).await;
        }
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.asks(Some(&window), "Emulation.setDeviceMetricsOverride", size)
            .await;
        self.asks(Some(&window), "Page.navigate", json!({"url": address})).await;
        window
    }

    /// What pages have complained of.
    pub(super) fn complaints(&self) -> &[String] {
        &self.complaints
    }

    /// What an expression of JavaScript is worth; a promise is waited for.
    pub(super) async fn reads(&mut self, window: &Window, expression: &str) -> Value {
        let ask = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.asks(Some(window), "Runtime.evaluate", ask).await;
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Waits until an expression is true, looking whenever the page changes.
    pub(super) async fn sees(&mut self, window: &Window, condition: &str) {
        let wait = format!(
            "new Promise((done) => {{
                const look = () => {{ try {{ return Boolean({condition}); }} catch {{ return false; }} }};
                const seen = (it) => (watch.disconnect(), clearTimeout(late), done(it));
                const watch = new MutationObserver(() => look() && seen(true));
                const late = setTimeout(() => seen(false), {PATIENCE});
                watch.observe(document, {{subtree: true, childList: true, attributes: true, characterData: true}});
                if (look()) seen(true);
            }})"
        );
        let seen = self.reads(window, &wait).await;
        if seen != true {
            let page = self.reads(window, "document.body.innerText").await;
            panic!("not seen: {condition}\n{}", page.as_str().unwrap_or_default());
        }
    }

    /// Waits until some text can be read in what a selector finds.
    pub(super) async fn reads_in(&mut self, window: &Window, selector: &str, text: &str) {
        let (selector, text) = (json!(selector), json!(text));
        let condition =
            format!("[...document.querySelectorAll({selector})].some((it) => it.innerText.includes({text}))");
        self.sees(window, &condition).await;
    }

    /// Clicks with the mouse in the middle of the last thing a selector finds that reads so.
    pub(super) async fn clicks(&mut self, window: &Window, selector: &str, label: &str) {
        let (selector, label) = (json!(selector), json!(label));
        let find = format!(
            "[...document.querySelectorAll({selector})].filter((it) => it.checkVisibility() && it.innerText.includes({label})).at(-1)"
        );
        self.sees(window, &find).await;
        let place = format!(
            "(() => {{ const it = {find}; it.scrollIntoView({{block: 'nearest'}}); const at = it.getBoundingClientRect();
               return [at.x + at.width / 2, at.y + at.height / 2]; }})()"
        );
        let place = self.reads(window, &place).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1});
            self.asks(Some(window), "Input.dispatchMouseEvent", event).await;
        }
    }

    /// Types into what has the focus.
    pub(super) async fn types(&mut self, window: &Window, text: &str) {
        self.asks(Some(window), "Input.insertText", json!({"text": text})).await;
    }

    /// Presses a key.
    pub(super) async fn presses(&mut self, window: &Window, key: &str) {
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            "Tab" => 9,
            _ => 0,
        };
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text});
            self.asks(Some(window), "Input.dispatchKeyEvent", event).await;
        }
    }

    async fn asks(&mut self, window: Option<&Window>, method: &str, parameters: Value) -> Value {
        self.sent += 1;
        let mut ask = json!({"id": self.sent, "method": method, "params": parameters});
        if let Some(Window(session)) = window {
            ask["sessionId"] = json!(session);
        }
        self.socket.send(Frame::text(ask.to_string())).await.unwrap();
        loop {
            let Frame::Text(text) = self.socket.next().await.unwrap().unwrap() else {
                continue;
            };
            let said: Value = serde_json::from_str(&text).unwrap();
            if said["id"] == self.sent {
                assert!(said.get("error").is_none(), "{method}: {said}");
                return said["result"].clone();
            }
            let is_error = said["params"]["entry"]["level"] == "error";
            if said["method"] == "Runtime.exceptionThrown" || is_error {
                self.complaints.push(said["params"].to_string());
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Where Chromium is.
fn found() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut all = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    all.find(|program| program.is_file())
}
