//! What every HTTP client of ours has in common: one TLS provider, no redirects, no proxy, and what an error says.
//!
//! No redirect is followed because what is sent carries secrets, and those go to the address that was looked at and
//! nowhere else.

use std::error::Error;

use reqwest::redirect::Policy;
use reqwest::{Certificate, ClientBuilder};

/// The beginning of every client.
pub fn client(is_encrypted: bool) -> ClientBuilder {
    // `main` has installed the one TLS provider already; whoever uses the library without it gets the same.
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        drop(rustls::crypto::ring::default_provider().install_default());
    }
    let builder = reqwest::Client::builder().redirect(Policy::none()).no_proxy();
    // Plain http needs no certificates, and a machine without any must be able to run the demo.
    if is_encrypted {
        builder
    } else {
        builder.tls_certs_only(std::iter::empty::<Certificate>())
    }
}

/// Why something failed, with what lies below it; without the address, which may have a secret in it.
pub fn cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut why = error.to_string();
    let mut source = error.source();
    while let Some(below) = source {
        why = format!("{why}: {below}");
        source = below.source();
    }
    why
}
