//! A small disk for the database that can be filled and made read-only: a tmpfs,
//! where this process may mount one.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Room for the ledger of an hour of the soak.
const SIZE: &str = "size=128m";

pub struct Disk {
    dir: TempDir,
    mounted: bool,
}

impl Disk {
    /// A folder, on a disk of its own if `small` and possible.
    pub fn new(small: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mounted = small && run("mount", &["-t", "tmpfs", "-o", SIZE, "torture"], &dir);
        Self { dir, mounted }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn is_small(&self) -> bool {
        self.mounted
    }

    /// Fills it to the last byte; [`Disk::free`] ends it.
    pub fn fill(&self) {
        let mut filler = File::create(self.filler()).unwrap();
        let mut piece = vec![0; 1 << 20];
        while !piece.is_empty() {
            if filler.write_all(&piece).is_err() {
                piece.truncate(piece.len() / 2);
            }
        }
    }

    pub fn free(&self) {
        // Not there: nothing was filled.
        let _ = std::fs::remove_file(self.filler());
    }

    /// Makes it read-only, which works as long as nobody writes there.
    pub fn set_writable(&self, writable: bool) -> bool {
        let how = if writable { "remount,rw" } else { "remount,ro" };
        run("mount", &["-o", how], &self.dir)
    }

    /// Leaves the files for a look at them; answers where they are.
    pub fn keep(&mut self) -> PathBuf {
        self.dir.disable_cleanup(true);
        if self.mounted {
            let kept = tempfile::tempdir().unwrap().keep();
            for file in std::fs::read_dir(self.dir.path()).unwrap() {
                let file = file.unwrap();
                let _ = std::fs::copy(file.path(), kept.join(file.file_name()));
            }
            return kept;
        }
        self.dir.path().to_owned()
    }

    fn filler(&self) -> PathBuf {
        self.dir.path().join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            run("umount", &["-l"], &self.dir);
        }
    }
}

fn run(program: &str, words: &[&str], dir: &TempDir) -> bool {
    let mut command = Command::new(program);
    command.args(words).arg(dir.path()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
