//! Who is let in.

use axum::http::{HeaderMap, HeaderValue, Method, header};

use super::is_ours;

fn headers(host: &str, origin: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
    if let Some(origin) = origin {
        headers.insert(header::ORIGIN, HeaderValue::from_str(origin).unwrap());
    }
    headers
}

#[test]
fn our_own_page_is_let_in() {
    for host in ["127.0.0.1:7000", "localhost:7000"] {
        let own = format!("http://{host}");
        assert_eq!(is_ours(&Method::GET, &headers(host, None), 7000), Ok(()));
        assert_eq!(is_ours(&Method::POST, &headers(host, Some(&own)), 7000), Ok(()));
    }
}

#[test]
fn a_name_that_resolves_here_another_port_and_another_origin_are_not() {
    for host in ["evil.example:7000", "127.0.0.1:7001", "127.0.0.1", ""] {
        assert!(is_ours(&Method::GET, &headers(host, None), 7000).is_err(), "{host}");
    }
    for origin in [
        "http://evil.example",
        "http://127.0.0.1:7001",
        "https://127.0.0.1:7000",
        "null",
    ] {
        let headers = headers("127.0.0.1:7000", Some(origin));
        assert!(is_ours(&Method::GET, &headers, 7000).is_err(), "{origin}");
        assert!(is_ours(&Method::POST, &headers, 7000).is_err(), "{origin}");
    }
}

#[test]
fn what_changes_something_says_where_it_comes_from() {
    assert!(is_ours(&Method::POST, &headers("127.0.0.1:7000", None), 7000).is_err());
}
