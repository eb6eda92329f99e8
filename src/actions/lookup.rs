//! Looking up the addresses of a host, in threads of their own: a name server that hangs must hold up nothing else.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;

use once_cell::sync::Lazy;
use tokio::sync::{Semaphore, oneshot};

/// How many look-ups hang at the same time at the most; whoever comes then waits, and gives up in time.
const AT_ONCE: usize = 4;
static ROOM: Lazy<Arc<Semaphore>> = Lazy::new(|| Arc::new(Semaphore::new(AT_ONCE)));

/// The addresses of a host; none when it has none.
pub(super) async fn addresses(host: &str, port: u16) -> Option<Vec<SocketAddr>> {
    let room = Arc::clone(&ROOM).acquire_owned().await.ok()?;
    let (found, answer) = oneshot::channel();
    let asked = (host.to_owned(), port);
    let look_up = move || {
        let addresses: Option<Vec<SocketAddr>> = asked.to_socket_addrs().ok().map(Iterator::collect);
        // Whoever asked may have given up.
        found.send(addresses).ok();
        drop(room);
    };
    std::thread::Builder::new()
        .name("look-up".to_owned())
        .spawn(look_up)
        .ok()?;
    answer.await.ok().flatten()
}
