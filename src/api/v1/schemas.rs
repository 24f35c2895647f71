//! The bodies of `/api/v1` as the document describes them, in the files of
//! schemas/; they are read by `definition`, `trigger` and the domain. The contract tests hold
//! the two against each other.

use std::collections::BTreeMap;

use utoipa::openapi::schema::Schema;
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, RefOr};

const SCHEMAS: [&str; 8] = [
    include_str!("schemas/bulk.json"),
    include_str!("schemas/jobs.json"),
    include_str!("schemas/echo.json"),
    include_str!("schemas/events.json"),
    include_str!("schemas/schedules.json"),
    include_str!("schemas/runs.json"),
    include_str!("schemas/stats.json"),
    include_str!("schemas/system.json"),
];

/// A document that holds the schemas and nothing else.
pub fn document() -> OpenApi {
    let components = read()
        .into_iter()
        .fold(ComponentsBuilder::new(), |components, (name, schema)| {
            components.schema(name, schema)
        });
    OpenApiBuilder::new()
        .info(InfoBuilder::new().build())
        .components(Some(components.build()))
        .build()
}

fn read() -> BTreeMap<String, RefOr<Schema>> {
    SCHEMAS.into_iter().flat_map(read_file).collect()
}

fn read_file(text: &str) -> BTreeMap<String, RefOr<Schema>> {
    serde_json::from_str(text).unwrap_or_else(|fault| {
        tracing::error!(%fault, "the schemas of the document cannot be read");
        BTreeMap::new()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Nothing of the file is lost on the way through the types of utoipa.
    #[test]
    fn the_schemas_are_served_as_they_are_written() {
        let served: Value = serde_json::to_value(read()).unwrap();
        for file in SCHEMAS {
            let written: Value = serde_json::from_str(file).unwrap();
            for (name, schema) in written.as_object().unwrap() {
                assert_eq!(&served[name], schema, "{name}");
            }
        }
    }
}
