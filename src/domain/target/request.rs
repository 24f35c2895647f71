//! What is sent for a job, and what of it an attempt fills in.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::body::Body;
use super::headers::{self, Header, value_faults};
use super::placeholders::{Encoding, Values, fill};
use super::secret::{Form, MaybeSecret};
use super::success::SuccessRule;
use super::tls::Tls;
use super::{address, body, fault, short};
use crate::domain::trigger::FieldFault;

/// The longest deadline of a request, in milliseconds.
pub const MAX_TIMEOUT_MS: u64 = 600_000;
/// How many redirects may be followed at most.
pub const MAX_REDIRECTS: u8 = 10;
/// How much of an answer is kept when nothing else is said.
pub const CAPTURE_BYTES: u32 = 4096;
/// How much of an answer can be kept at most.
pub const MAX_CAPTURE_BYTES: u32 = 64 * 1024;
/// How many query parameters a request may add.
pub const MAX_QUERY_PARAMS: usize = 64;

const QUERY: &str = "request.query";

/// What is sent for a job. As JSON an object in which everything but the URL
/// may be absent: with only a URL it is the GET of the inherited API.
///
/// It cannot be serialized by serde: [`Request::for_store`] and
/// [`Request::for_display`] say for whom.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The address; placeholders in its path and query are filled in.
    pub url: String,
    /// The method.
    #[serde(default)]
    pub method: Method,
    /// Sent beside the server's own.
    #[serde(default)]
    pub headers: Vec<Header>,
    /// Added to the query of the URL.
    #[serde(default)]
    pub query: Vec<QueryParam>,
    /// What is sent with it.
    #[serde(default)]
    pub body: Option<Body>,
    /// The deadline from send to the end of the answer, redirects included;
    /// `None`: the server's own. 1..=600000.
    #[serde(default)]
    pub timeout_ms: Option<u64>,
    /// How many redirects are followed; 0: a redirect is the answer.
    #[serde(default)]
    pub redirects: u8,
    /// What counts as success.
    #[serde(default)]
    pub success: SuccessRule,
    /// How an https target proves who it is.
    #[serde(default)]
    pub tls: Tls,
    /// How much of the answer is kept.
    #[serde(default = "capture_bytes")]
    pub capture_bytes: u32,
    /// Whether it is sent as it stands, placeholders and all: so are the jobs
    /// of the inherited API, which knows none.
    #[serde(skip)]
    pub literal: bool,
}

fn capture_bytes() -> u32 {
    CAPTURE_BYTES
}

/// One parameter of the query.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueryParam {
    /// Its name.
    pub name: String,
    /// Its value; placeholders are filled in.
    pub value: MaybeSecret,
}

/// The methods a job may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    #[default]
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Head,
    Options,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 7] = [
        Self::Get,
        Self::Post,
        Self::Put,
        Self::Patch,
        Self::Delete,
        Self::Head,
        Self::Options,
    ];

    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
        }
    }
}

/// A request as one attempt sends it. Holds secrets: it has no `Debug`.
pub struct Filled<'a> {
    /// The address, query and all.
    pub url: Cow<'a, str>,
    /// The headers the job names.
    pub headers: Vec<FilledHeader<'a>>,
    /// The bytes, and the content type unless the headers name one.
    pub body: Option<(Cow<'a, [u8]>, Option<&'static str>)>,
}

/// A header as one attempt sends it.
pub struct FilledHeader<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value.
    pub value: Cow<'a, str>,
    /// Whether it must not be shown.
    pub secret: bool,
}

impl Request {
    /// The inherited default: a GET.
    #[must_use]
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            method: Method::Get,
            headers: Vec::new(),
            query: Vec::new(),
            body: None,
            timeout_ms: None,
            redirects: 0,
            success: SuccessRule::default(),
            tls: Tls::default(),
            capture_bytes: CAPTURE_BYTES,
            literal: false,
        }
    }

    /// A GET of the inherited API: the URL is taken as it is.
    #[must_use]
    pub fn inherited(url: impl Into<String>) -> Self {
        Self {
            literal: true,
            ..Self::get(url)
        }
    }

    /// What one attempt sends. Without placeholders, headers, query and body
    /// nothing is copied.
    #[must_use]
    pub fn filled(&self, values: &Values<'_>) -> Filled<'_> {
        let headers = self.headers.iter().map(|header| FilledHeader {
            name: &header.name,
            value: fill(header.value.reveal(), values, Encoding::Header),
            secret: header.value.is_secret(),
        });
        let body = self.body.as_ref().map(|body| {
            let named = self.has_header("content-type");
            (body.filled(values), (!named).then(|| body.content_type()))
        });
        Filled {
            url: match self.literal {
                true => Cow::Borrowed(&self.url),
                false => address::filled(&self.url, &self.query, values),
            },
            headers: headers.collect(),
            body,
        }
    }

    fn has_header(&self, name: &str) -> bool {
        self.headers
            .iter()
            .any(|h| h.name.eq_ignore_ascii_case(name))
    }

    /// Everything that is wrong with it; nothing: it can be sent.
    #[must_use]
    pub fn check(&self) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        address::check(&self.url, &mut faults);
        headers::check(&self.headers, &mut faults);
        self.check_query(&mut faults);
        if let Some(body) = &self.body {
            if matches!(self.method, Method::Get | Method::Head) {
                let method = self.method.as_str();
                let why = format!("a {method} request has no body; POST, PUT and PATCH have");
                faults.push(fault(body::FIELD, method, why));
            }
            body.check(&mut faults);
        }
        self.check_numbers(&mut faults);
        self.success.check(&mut faults);
        if self.method == Method::Head && self.success.reads_body() {
            let why = "the answer to a HEAD request has no body to look at";
            faults.push(fault(super::success::FIELD, "HEAD", why));
        }
        self.tls.check(&mut faults);
        faults
    }

    fn check_query(&self, faults: &mut Vec<FieldFault>) {
        if self.query.len() > MAX_QUERY_PARAMS {
            let count = self.query.len();
            let why = format!("a request adds at most {MAX_QUERY_PARAMS} parameters, not {count}");
            faults.push(fault(QUERY, format!("{count} parameters"), why));
        }
        for param in &self.query {
            let (name, given) = (short(&param.name), short(param.value.shown()));
            let mut wrong = value_faults(&param.value);
            if param.name.is_empty() {
                wrong.push("a name must not be empty".to_owned());
            }
            let bytes = param.name.len() + param.value.reveal().len();
            if bytes > address::MAX_URL_BYTES {
                let max = address::MAX_URL_BYTES;
                wrong.push(format!(
                    "name and value have at most {max} bytes, not {bytes}"
                ));
            }
            let faulty = |why| fault(QUERY, given.clone(), format!("parameter {name:?}: {why}"));
            faults.extend(wrong.into_iter().map(faulty));
        }
    }

    fn check_numbers(&self, faults: &mut Vec<FieldFault>) {
        let given = self.timeout_ms.unwrap_or(1);
        for (field, given, min, max) in [
            ("request.timeout_ms", given, 1, MAX_TIMEOUT_MS),
            (
                "request.redirects",
                self.redirects.into(),
                0,
                MAX_REDIRECTS.into(),
            ),
            (
                "request.capture_bytes",
                self.capture_bytes.into(),
                0,
                MAX_CAPTURE_BYTES.into(),
            ),
        ] {
            if !(min..=max).contains(&given) {
                let why = format!("must lie in {min}..={max}, not {given}");
                faults.push(fault(field, given.to_string(), why));
            }
        }
    }

    /// Puts the secrets of `old` where this one says `{"secret": true}`: by
    /// name, and by their order where several have that name. What finds none
    /// is left for [`Request::check`] to refuse, as are all when the request
    /// goes elsewhere: else whoever may change a job could have its secrets sent
    /// to a host of theirs.
    pub fn merge_secrets(&mut self, old: &Self) {
        if !address::is_same_origin(&self.url, &old.url) {
            return;
        }
        let stored = old
            .headers
            .iter()
            .map(|h| (h.name.to_ascii_lowercase(), &h.value));
        let headers = self.headers.iter_mut();
        merge(
            headers.map(|h| (h.name.to_ascii_lowercase(), &mut h.value)),
            &stored.collect::<Vec<_>>(),
        );
        let stored = old.query.iter().map(|p| (p.name.clone(), &p.value));
        let query = self.query.iter_mut();
        merge(
            query.map(|p| (p.name.clone(), &mut p.value)),
            &stored.collect::<Vec<_>>(),
        );
    }

    /// The whole, for the store alone; reads back as the same.
    #[must_use]
    pub fn for_store(&self) -> Value {
        self.to_json(Form::Store)
    }

    /// What may be shown: secrets are `{"secret": true}`.
    #[must_use]
    pub fn for_display(&self) -> Value {
        self.to_json(Form::Display)
    }

    /// What differs from the default, and the URL.
    fn to_json(&self, form: Form) -> Value {
        let mut out = Map::new();
        let default = Self::get(String::new());
        out.insert("url".into(), json!(self.url));
        let mut put = |name: &str, differs: bool, value: &dyn Fn() -> Value| {
            if differs {
                out.insert(name.into(), value());
            }
        };
        put("method", self.method != default.method, &|| {
            json!(self.method.as_str())
        });
        put("headers", !self.headers.is_empty(), &|| {
            named(self.headers.iter().map(|h| (&h.name, &h.value)), form)
        });
        put("query", !self.query.is_empty(), &|| {
            named(self.query.iter().map(|p| (&p.name, &p.value)), form)
        });
        if let Some(body) = &self.body {
            put("body", true, &|| body.to_json());
        }
        put("timeout_ms", self.timeout_ms.is_some(), &|| {
            json!(self.timeout_ms)
        });
        put("redirects", self.redirects != 0, &|| json!(self.redirects));
        put("success", self.success != default.success, &|| {
            self.success.to_json()
        });
        put("tls", !self.tls.is_default(), &|| self.tls.to_json());
        put(
            "capture_bytes",
            self.capture_bytes != CAPTURE_BYTES,
            &|| json!(self.capture_bytes),
        );
        Value::Object(out)
    }
}

fn named<'a>(all: impl Iterator<Item = (&'a String, &'a MaybeSecret)>, form: Form) -> Value {
    all.map(|(name, value)| json!({ "name": name, "value": value.to_json(form) }))
        .collect()
}

fn merge<'a>(
    new: impl Iterator<Item = (String, &'a mut MaybeSecret)>,
    old: &[(String, &MaybeSecret)],
) {
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in new {
        let nth = seen.iter().filter(|s| **s == name).count();
        let stored = old.iter().filter(|(n, _)| *n == name).nth(nth);
        if let (MaybeSecret::Kept, Some((_, MaybeSecret::Secret(secret)))) = (&*value, stored) {
            *value = MaybeSecret::Secret(secret.clone());
        }
        seen.push(name);
    }
}
