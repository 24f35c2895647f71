//! The lines of api.jsonl, and the requests in them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::support::http::Request;

/// One request and what the Python service answered.
#[derive(Debug, Deserialize)]
pub struct Line {
    pub sequence: String,
    pub step: u32,
    pub name: String,
    pub request: Asked,
    pub response: Answered,
    /// JSON pointers to values that depend on the clock or on chance.
    #[serde(default)]
    pub varies: Vec<String>,
    #[serde(default)]
    pub racy: bool,
    #[serde(default)]
    pub reference_defect: bool,
    #[serde(default)]
    pub defect: String,
    #[serde(default)]
    pub tags: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Asked {
    pub method: String,
    pub path: String,
    #[serde(default)]
    pub query: String,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// As text, so that no digit is lost.
    pub json: Option<Box<RawValue>>,
    pub body: Option<String>,
    pub body_base64: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Answered {
    pub status: u16,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    pub json: Option<Value>,
    pub text: Option<String>,
}

/// All lines of a file of the recordings.
pub fn read(file: &str) -> Vec<Line> {
    let path = super::super::folder().join(file);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect()
}

impl Asked {
    /// The request to send; `renamed` are ids made up by the Python service
    /// and the ones made up here.
    pub fn request(&self, renamed: &[(String, String)]) -> Request {
        let rename = |text: &str| {
            renamed
                .iter()
                .fold(text.to_owned(), |text, (old, new)| text.replace(old, new))
        };
        let query = match self.query.as_str() {
            "" => String::new(),
            query => format!("?{}", rename(query)),
        };
        let mut request = Request::new(&self.method, &format!("{}{query}", self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if self.json.is_some() && !self.headers.contains_key("content-type") {
            request = request.header("content-type", "application/json");
        }
        match self.body() {
            Some(body) => match String::from_utf8(body) {
                Ok(text) => request.body(rename(&text)),
                Err(binary) => request.body(binary.into_bytes()),
            },
            None => request,
        }
    }

    /// The fields of the body, when it is an object.
    pub fn fields(&self) -> serde_json::Map<String, Value> {
        match self.body().map(|body| serde_json::from_slice(&body)) {
            Some(Ok(Value::Object(fields))) => fields,
            _ => serde_json::Map::new(),
        }
    }

    /// The last `job_id` of the query, decoded.
    pub fn job_id(&self) -> Option<String> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let mut ids = pairs.filter(|(name, _)| *name == "job_id");
        ids.next_back().map(|(_, value)| decoded(value))
    }

    fn body(&self) -> Option<Vec<u8>> {
        let json = self
            .json
            .as_ref()
            .map(|json| json.get().as_bytes().to_vec());
        let text = || self.body.as_ref().map(|text| text.clone().into_bytes());
        json.or_else(text)
            .or_else(|| self.body_base64.as_deref().map(from_base64))
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let code = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let (decoded, taken) = match (byte, code) {
            (b'%', Some(code)) => (code, 3),
            (b'+', _) => (b' ', 1),
            _ => (byte, 1),
        };
        bytes.push(decoded);
        rest = &rest[taken..];
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn from_base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.bytes().filter(|b| *b != b'=');
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for digit in digits {
        let value = DIGITS.iter().position(|d| *d == digit).expect("base64");
        bits = bits << 6 | u32::try_from(value).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff).try_into().unwrap());
        }
    }
    bytes
}

#[test]
fn base64_and_queries_are_read() {
    assert_eq!(from_base64("/+4AYQ=="), [0xff, 0xee, 0, b'a']);
    assert_eq!(decoded("a+b%2B%E4%BB%BB%zz"), "a b+任%zz");
}
