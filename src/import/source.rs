//! What a file to import is.

use std::io::Read;
use std::path::Path;

use super::apscheduler::{JobStore, OpenError};

/// How a SQLite file begins.
const SQLITE: &[u8] = b"SQLite format 3\0";
/// How much of a file is looked at.
const HEADER: u64 = 100;

/// A file whose kind is known.
pub enum Source {
    /// A SQLite file with the job store of `APScheduler`.
    ApScheduler(JobStore),
}

/// Why a file cannot be imported.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It cannot be read at all.
    #[error("{0} cannot be read: {1}")]
    Unreadable(String, std::io::Error),
    /// It is nothing that is known.
    #[error(
        "{0} is not a SQLite file; expected: the jobs.sqlite of the Python service \
         (see its config.py, SQLITE_PATH)"
    )]
    Unknown(String),
    /// It is a SQLite file, but no job store.
    #[error(transparent)]
    JobStore(#[from] OpenError),
}

impl Source {
    /// Looks at the beginning of the file and opens it.
    ///
    /// # Errors
    /// When it is missing, or not of a known kind.
    pub async fn detect(path: &Path) -> Result<Self, SourceError> {
        let shown = path.display().to_string();
        let header = header(path).map_err(|e| SourceError::Unreadable(shown.clone(), e))?;
        if !header.starts_with(SQLITE) {
            return Err(SourceError::Unknown(shown));
        }
        Ok(Self::ApScheduler(JobStore::open(path, &header).await?))
    }
}

fn header(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut header = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(HEADER).read_to_end(&mut header)?;
    Ok(header)
}
