//! Broken JSON is told in the words, and at the offset, of Python's decoder.

use serde_json::json;

use crate::support::http::TestServer;

/// What `CPython` 3.11.7 says of these texts, and where.
const CASES: &[(&str, &str, usize)] = &[
    (" ", "Expecting value", 1),
    ("nul", "Expecting value", 0),
    ("-", "Expecting value", 0),
    ("-Inf", "Expecting value", 0),
    ("[", "Expecting value", 1),
    ("[1,", "Expecting value", 3),
    ("[1,]", "Expecting value", 3),
    ("[1,,2]", "Expecting value", 3),
    ("[1 2]", "Expecting ',' delimiter", 3),
    ("[01]", "Expecting ',' delimiter", 2),
    ("[1.]", "Expecting ',' delimiter", 2),
    ("[1e+]", "Expecting ',' delimiter", 2),
    ("{", "Expecting property name enclosed in double quotes", 1),
    (
        "{,}",
        "Expecting property name enclosed in double quotes",
        1,
    ),
    (
        "{\"任\":1,}",
        "Expecting property name enclosed in double quotes",
        7,
    ),
    (
        "{\"a\":\n1, }",
        "Expecting property name enclosed in double quotes",
        9,
    ),
    ("{\"a\"", "Expecting ':' delimiter", 4),
    ("{\"a\" 1}", "Expecting ':' delimiter", 5),
    ("{\"a\":", "Expecting value", 5),
    ("{\"a\":1 \"b\":2}", "Expecting ',' delimiter", 7),
    ("{\"a\":1} x", "Extra data", 8),
    ("{}{}", "Extra data", 2),
    ("01", "Extra data", 1),
    ("1e5x", "Extra data", 3),
    ("\"ab", "Unterminated string starting at", 0),
    ("{\"a\": \"b", "Unterminated string starting at", 6),
    ("\"\\", "Unterminated string starting at", 0),
    ("\"a\nb\"", "Invalid control character at", 2),
    ("\"\\x\"", "Invalid \\escape", 1),
    ("\"\\u12\"", "Invalid \\uXXXX escape", 2),
    ("\"\\u12x4\"", "Invalid \\uXXXX escape", 2),
    ("\"\\ud83d\\uZZZZ\"", "Invalid \\uXXXX escape", 8),
    ("\"\\ud83d\\ude0", "Invalid \\uXXXX escape", 8),
];

#[tokio::test]
async fn broken_json_is_told_as_python_tells_it() {
    let server = TestServer::start().await;
    for (text, words, at) in CASES {
        let refused = server.post("/scheduler/date/add_job", *text).await;
        assert_eq!(refused.status, 422, "{text}");
        let fault = json!({
            "type": "json_invalid", "loc": ["body", at], "msg": "JSON decode error",
            "input": {}, "ctx": {"error": words},
        });
        assert_eq!(refused.json(), json!({"detail": [fault]}), "{text}");
    }
}
