//! Where runbooks may send requests, and with which secrets: as the operator says, and nowhere else.

use std::collections::BTreeMap;

use url::Url;

use super::{HttpRequest, Values};

/// What the operator allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Where requests may go.
    pub sites: Vec<Site>,
    /// Which secrets there are, and to which host each may go.
    pub secrets: BTreeMap<String, String>,
}

/// A place requests may go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its name, or its address.
    pub host: String,
    /// Its port; the usual one of its scheme when none.
    pub port: Option<u16>,
    /// Whether it may have a private address, and be talked to without encryption.
    pub is_private: bool,
}

/// Why a request may not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forbidden {
    /// Its address is none that could be sent to.
    Address {
        /// As it would be.
        url: String,
    },
    /// Nobody allowed this place.
    Site {
        /// Which, as it would be allowed.
        site: String,
    },
    /// It would travel unencrypted.
    Unencrypted {
        /// Where to.
        site: String,
    },
    /// Nobody allowed this secret.
    Secret {
        /// Its name.
        name: String,
    },
    /// The secret is for somebody else.
    OtherSecret {
        /// Its name.
        name: String,
        /// Whose it is.
        host: String,
    },
}

impl Allowed {
    /// The place a request goes to, when that is allowed with everything in it.
    ///
    /// # Errors
    /// Why it may not be sent.
    pub fn judge(&self, request: &HttpRequest, values: &Values) -> Result<&Site, Forbidden> {
        let written = request.shown(values).url;
        let no_address = || Forbidden::Address { url: written.clone() };
        // A secret's name in braces is nothing that an address has; what it will be is percent-encoded.
        let written_plainly = written.replace(['{', '}'], "_");
        let url = Url::parse(&written_plainly).map_err(|_| no_address())?;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(no_address());
        };
        // A value of `..` would lead to another path than the page says.
        if !url.username().is_empty() || url.password().is_some() || depth(&url) != depth_as_written(&written_plainly) {
            return Err(no_address());
        }
        let usual = match url.scheme() {
            "https" => 443,
            "http" => 80,
            _ => return Err(no_address()),
        };
        let is_this = |site: &&Site| site.host.eq_ignore_ascii_case(host) && site.port.unwrap_or(usual) == port;
        let name = || match port {
            port if port == usual => host.to_owned(),
            port => format!("{host}:{port}"),
        };
        let found = self
            .sites
            .iter()
            .find(is_this)
            .ok_or_else(|| Forbidden::Site { site: name() })?;
        if url.scheme() == "http" && !found.is_private {
            return Err(Forbidden::Unencrypted { site: name() });
        }
        for secret in request.secrets() {
            match self.secrets.get(secret) {
                Some(of) if of.eq_ignore_ascii_case(host) => {}
                Some(of) => {
                    return Err(Forbidden::OtherSecret {
                        name: secret.to_owned(),
                        host: of.clone(),
                    });
                }
                None => {
                    return Err(Forbidden::Secret {
                        name: secret.to_owned(),
                    });
                }
            }
        }
        Ok(found)
    }
}

fn depth(url: &Url) -> usize {
    url.path().matches('/').count()
}

/// How deep the path is before anybody has tidied it.
fn depth_as_written(url: &str) -> usize {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    path.matches('/').count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(host: &str, port: Option<u16>, is_private: bool) -> Site {
        Site {
            host: host.to_owned(),
            port,
            is_private,
        }
    }

    fn allowed() -> Allowed {
        Allowed {
            sites: vec![
                site("ci.example.com", None, false),
                site("ci.example.com", Some(8443), false),
                site("10.0.0.5", Some(8080), true),
            ],
            secrets: BTreeMap::from([("TOKEN".to_owned(), "ci.example.com".to_owned())]),
        }
    }

    fn judged(url: &str) -> Result<bool, Forbidden> {
        let request = HttpRequest {
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers: Vec::new(),
            body: String::new(),
        };
        let values = Values::from([
            ("up".to_owned(), "..".to_owned()),
            ("at".to_owned(), "@evil.com".to_owned()),
        ]);
        allowed().judge(&request, &values).map(|site| site.is_private)
    }

    fn no_site(site: &str) -> Result<bool, Forbidden> {
        Err(Forbidden::Site { site: site.to_owned() })
    }

    #[test]
    fn only_what_is_allowed_is_allowed() {
        assert_eq!(
            judged("https://ci.example.com/job/{{at}}?token={{env.TOKEN}}"),
            Ok(false)
        );
        assert_eq!(judged("https://CI.example.com:8443"), Ok(false));
        assert_eq!(judged("http://10.0.0.5:8080/x"), Ok(true));
        assert_eq!(judged("https://ci.example.com:9999/"), no_site("ci.example.com:9999"));
        assert_eq!(
            judged("https://ci.example.com.evil.com/"),
            no_site("ci.example.com.evil.com")
        );
        assert_eq!(judged("https://10.0.0.5/"), no_site("10.0.0.5"));
        let unencrypted = Forbidden::Site {
            site: "ci.example.com".to_owned(),
        };
        assert_ne!(judged("http://ci.example.com/"), Err(unencrypted));
        assert_eq!(
            judged("http://ci.example.com/"),
            Err(Forbidden::Unencrypted {
                site: "ci.example.com".to_owned()
            })
        );
    }

    #[test]
    fn a_value_leads_nowhere_else_and_a_secret_goes_to_its_host_only() {
        for odd in [
            "https://ci.example.com/job/{{up}}/build",
            "https://ana:pw@ci.example.com/",
            "ftp://ci.example.com/",
            "nonsense",
        ] {
            assert!(
                matches!(judged(odd), Err(Forbidden::Address { .. })),
                "{odd}: {:?}",
                judged(odd)
            );
        }
        assert!(matches!(
            judged("http://10.0.0.5:8080/{{env.TOKEN}}"),
            Err(Forbidden::OtherSecret { .. })
        ));
        assert!(matches!(
            judged("https://ci.example.com/{{env.HOME}}"),
            Err(Forbidden::Secret { .. })
        ));
    }
}
