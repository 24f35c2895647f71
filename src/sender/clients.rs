//! The HTTP clients: one for nearly all, and one for each way of checking
//! certificates that jobs ask for, so that connections are used again.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder};

use super::connecting::{SystemResolver, Watched};
use super::http::{SenderError, SenderSettings, chain};
use crate::domain::target::Tls;

/// How long an idle connection is kept: less than the 5 s after which common
/// servers (uvicorn, Node) close it from their side.
const IDLE: Duration = Duration::from_secs(4);
/// How many clients of their own kind are kept; the least recently used goes.
const MANY: usize = 64;

/// The clients of a sender.
#[derive(Debug, Clone)]
pub(super) struct Clients {
    settings: SenderSettings,
    default: Client,
    /// The most recently used last.
    special: Arc<Mutex<Vec<(Tls, Client)>>>,
}

impl Clients {
    pub fn new(settings: &SenderSettings) -> Result<Self, SenderError> {
        let default = match builder(settings).build() {
            Ok(client) => client,
            Err(error) => {
                let error = chain(error);
                tracing::warn!(error, "https targets cannot be called; http ones can");
                let plain = builder(settings).tls_certs_only([]).build();
                plain.map_err(|e| SenderError(chain(e)))?
            }
        };
        Ok(Self {
            settings: settings.clone(),
            default,
            special: Arc::default(),
        })
    }

    /// The client that checks certificates so, or why there is none.
    pub fn get(&self, tls: &Tls) -> Result<Client, String> {
        if tls.is_default() {
            return Ok(self.default.clone());
        }
        // The list is whole even when a holder of the guard panicked.
        let mut special = self.special.lock().unwrap_or_else(PoisonError::into_inner);
        let client = match special.iter().position(|(known, _)| known == tls) {
            Some(at) => special.remove(at).1,
            None => self.build(tls)?,
        };
        if special.len() >= MANY {
            special.remove(0);
        }
        special.push((tls.clone(), client.clone()));
        Ok(client)
    }

    fn build(&self, tls: &Tls) -> Result<Client, String> {
        let mut builder = builder(&self.settings);
        if let Some(pem) = &tls.ca_pem {
            let certificates = Certificate::from_pem_bundle(pem.as_bytes());
            builder = builder.tls_certs_only(certificates.map_err(unusable)?);
        }
        if tls.skip_verification {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        builder.build().map_err(unusable)
    }
}

fn unusable(error: reqwest::Error) -> String {
    format!("the job's TLS options cannot be used: {}", chain(error))
}

fn builder(settings: &SenderSettings) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("schedule-server/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .http1_only()
        .tcp_nodelay(true)
        .dns_resolver(SystemResolver)
        .connector_layer(Watched)
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(settings.idle_per_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_clients_are_kept() {
        super::super::http::install_tls();
        let clients = Clients::new(&SenderSettings {
            deadline: Duration::from_secs(1),
            connect_timeout: Duration::from_secs(1),
            idle_per_host: 1,
        })
        .unwrap();
        let special = || clients.special.lock().unwrap();
        clients.get(&Tls::default()).unwrap();
        assert_eq!(special().len(), 0);

        let skip = Tls {
            skip_verification: true,
            ..Tls::default()
        };
        // Distinct options that cost little: the text before a PEM is free.
        let key = rcgen::generate_simple_self_signed(["h".to_owned()]).unwrap();
        let own = |n| Tls {
            ca_pem: Some(format!("{n}\n{}", key.cert.pem())),
            ..Tls::default()
        };
        clients.get(&skip).unwrap();
        for n in 0..MANY {
            clients.get(&own(n)).unwrap();
            clients.get(&skip).unwrap();
        }
        assert_eq!(special().len(), MANY);
        assert!(
            special().iter().any(|(tls, _)| *tls == skip),
            "it is in use"
        );
        assert!(
            special().iter().all(|(tls, _)| *tls != own(0)),
            "the oldest"
        );
    }

    #[test]
    fn what_is_no_certificate_is_told() {
        super::super::http::install_tls();
        let settings = SenderSettings {
            deadline: Duration::from_secs(1),
            connect_timeout: Duration::from_secs(1),
            idle_per_host: 1,
        };
        let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let tls = Tls {
            ca_pem: Some(pem.to_owned()),
            ..Tls::default()
        };
        let why = Clients::new(&settings).unwrap().get(&tls).unwrap_err();
        assert!(why.contains("TLS options cannot be used"), "{why}");
    }
}
