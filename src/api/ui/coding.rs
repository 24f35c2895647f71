//! The compressed copies of a file, and which of them a client takes
//! (RFC 9110, section 12.5.3).

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;

/// How a copy is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// The smaller one; browsers take it over TLS and from the same machine.
    Brotli,
    /// What every browser takes.
    Gzip,
}

/// The smallest first.
const ALL: [Coding; 2] = [Coding::Brotli, Coding::Gzip];

impl Coding {
    /// The name in HTTP.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    /// Where the copy of a file lies.
    pub fn file(self, path: &str) -> String {
        format!("{path}{}", self.ending())
    }

    /// Whether a file is such a copy.
    pub fn of_file(path: &str) -> Option<Self> {
        ALL.into_iter()
            .find(|coding| path.ends_with(coding.ending()))
    }
}

/// The codings that the client takes, the best first.
pub fn taken(headers: &HeaderMap) -> impl Iterator<Item = Coding> {
    ALL.into_iter()
        .filter(|coding| takes(headers, coding.name()))
}

/// Named and not with a weight of 0; `*` stands for those that are not named.
fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter();
    let items = values.filter_map(|value| value.to_str().ok());
    let items = items.flat_map(|value| value.split(','));
    let weights = items.map(|item| {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        (name.trim().to_ascii_lowercase(), !is_zero(parameters))
    });
    let weights: Vec<(String, bool)> = weights.collect();
    let of = |wanted: &str| weights.iter().find(|(name, _)| name == wanted);
    of(coding)
        .or_else(|| of("*"))
        .is_some_and(|(_, taken)| *taken)
}

fn is_zero(parameters: &str) -> bool {
    let weight = parameters.trim().strip_prefix("q=");
    weight.is_some_and(|weight| weight.trim().parse() == Ok(0.0_f32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_get_the_smallest_copy_they_take() {
        use Coding::{Brotli, Gzip};
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", &[Brotli, Gzip][..]),
            ("gzip, deflate", &[Gzip]),
            ("BR;q=0.5", &[Brotli]),
            ("br;q=0, gzip;q=0.1", &[Gzip]),
            ("br ; q=0.000, *", &[Gzip]),
            ("*", &[Brotli, Gzip]),
            ("*;q=0", &[]),
            ("identity", &[]),
            ("brotli, x-gzip", &[]),
            ("", &[]),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, accepted.parse().unwrap());
            assert_eq!(
                taken(&headers).collect::<Vec<_>>(),
                expected,
                "{accepted:?}"
            );
        }
        assert_eq!(taken(&HeaderMap::new()).count(), 0);
    }

    #[test]
    fn copies_lie_beside_their_files() {
        assert_eq!(Coding::Brotli.file("a.js"), "a.js.br");
        assert_eq!(Coding::of_file("a.js.gz"), Some(Coding::Gzip));
        assert_eq!(Coding::of_file("a.js"), None);
    }
}
