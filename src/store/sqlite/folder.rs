//! The folder of the file. SQLite makes the entries of its own files durable,
//! not that of the folder they are in: without it a loss of power takes all.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Makes a folder and those above it that are missing, durably.
///
/// A folder that is there may have been made by a process that died, or by one
/// that starts beside this one: so its entry is synced in any case.
///
/// # Errors
/// When it cannot be made.
pub fn make(folder: &Path) -> io::Result<()> {
    let above = match folder.parent() {
        None => return Ok(()),
        Some(above) if above.as_os_str().is_empty() => Path::new("."),
        Some(above) => above,
    };
    if !folder.is_dir() {
        make(above)?;
        match fs::create_dir(folder) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
            made => made?,
        }
    }
    // Folders that may not be read, or of file systems that cannot sync them, are
    // passed over, as SQLite does.
    let _ = File::open(above).and_then(|above| above.sync_all());
    Ok(())
}
