//! What SQLite's and sqlx's errors mean to a caller.

use sqlx::migrate::MigrateError;

use crate::store::StoreError;

/// A failed statement: the machine's fault, so try again later.
pub fn store_error(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            StoreError::Corrupt(error.to_string())
        }
        sqlx::Error::Database(db) => StoreError::Unavailable(db.message().to_owned()),
        other => StoreError::Unavailable(other.to_string()),
    }
}

/// A failed migration.
pub fn migrate_error(file: &str, error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(version) => StoreError::Newer(format!(
            "{file} was written by a newer version of schedule-server (it has migration \
             {version}, this program does not): start that version, or restore a backup"
        )),
        MigrateError::VersionMismatch(version) => StoreError::Corrupt(format!(
            "{file}: migration {version} differs from the one this program was built with"
        )),
        MigrateError::Execute(error) => store_error(error),
        other => StoreError::Unavailable(format!("{file}: {other}")),
    }
}
