//! What a loss of power leaves of some files: worked out from the log that
//! `tests/power/power.c` writes under the server.
//!
//! A change of a file is durable once a sync of that file that began after it
//! has ended. Making, removing and renaming a file are changes of its folder,
//! durable by a sync of the folder alone, as POSIX has it. Of what is not
//! durable anything may be there or not:
//! - changes of files survive one by one, so a later one without an earlier one,
//!   in this file or across files; of one place the newest survivor shows, since
//!   a page that was written back is not written back again as it was before;
//! - torn, a surviving write is there in some of its sectors only;
//! - changes of folders survive up to one of them, since file systems keep these
//!   in a journal of their own.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::rng::Rng;

const SECTOR: u64 = 512;
const HEAD: usize = 32;

/// Builds the library in this folder.
pub fn library(folder: &Path) -> PathBuf {
    let library = folder.join("power.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/power/power.c");
    let built = Command::new("cc")
        .args([
            "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o",
        ])
        .args([library.as_os_str(), OsStr::new(source), OsStr::new("-ldl")])
        .status();
    assert!(built.expect("a C compiler").success());
    library
}

/// What survives of the changes that were not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    Everything,
    Some,
    Torn,
}

/// How much was at stake at a loss.
#[derive(Debug, Default, Clone, Copy)]
pub struct Stake {
    /// Changes not yet durable, of the database, of its log, of folders.
    pub database: usize,
    pub wal: usize,
    pub folders: usize,
    /// Of all these, those that survived, in part at least.
    pub survived: usize,
}

enum Kind {
    Create,
    Write {
        at: u64,
        bytes: Vec<u8>,
    },
    Truncate(u64),
    /// Of what the log held before this place.
    Sync(u64),
    Unlink,
    Rename(PathBuf),
    Mkdir,
    Rmdir,
}

struct Op {
    /// Where its record begins in the log.
    place: u64,
    at_ns: i64,
    path: PathBuf,
    kind: Kind,
}

/// Everything that one process did to its files, in order.
pub struct Log {
    ops: Vec<Op>,
}

impl Log {
    pub fn read(file: &Path) -> Self {
        let bytes = fs::read(file).unwrap();
        let mut ops = Vec::new();
        let mut place = 0;
        // The last record may be cut off by the kill.
        while let Some((op, length)) = record(&bytes[place..], place as u64) {
            ops.push(op);
            place += length;
        }
        Self { ops }
    }

    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// When the power is lost, if it is after so many operations: what was seen
    /// before this instant (unix ns) was seen before the loss.
    pub fn lost_at(&self, after: usize) -> i64 {
        self.ops.get(after).map_or(i64::MAX, |op| op.at_ns)
    }

    /// How many operations came before an instant.
    pub fn before(&self, at_ns: i64) -> usize {
        self.ops.partition_point(|op| op.at_ns < at_ns)
    }

    /// The operations from this one on that write to a file whose name ends so: to a
    /// database (`db`), where a checkpoint is under way; to its log (`db-wal`), where a
    /// commit is.
    pub fn writes(&self, from: usize, ending: &str) -> Vec<usize> {
        let writes = |n: &usize| {
            let op = &self.ops[*n];
            let meant = op.path.extension() == Some(OsStr::new(ending));
            meant && matches!(op.kind, Kind::Write { .. })
        };
        (from..self.len()).filter(writes).collect()
    }

    /// What is left of `root` when the power is lost after so many operations.
    pub fn survivors(&self, root: &Path, after: usize, loss: Loss, rng: &mut Rng) -> Survivors {
        let mut disk = Disk::new(root);
        for op in &self.ops[..after] {
            disk.apply(op);
        }
        disk.lose(loss, rng)
    }
}

fn record(bytes: &[u8], place: u64) -> Option<(Op, usize)> {
    let head = bytes.get(..HEAD)?;
    let u64_at = |at: usize| u64::from_le_bytes(head[at..at + 8].try_into().unwrap());
    let u16_at = |at: usize| u16::from_le_bytes(head[at..at + 2].try_into().unwrap());
    let data = u32::from_le_bytes(head[24..28].try_into().unwrap()) as usize;
    let (at_ns, offset, upto) = (u64_at(0), u64_at(8), u64_at(16));
    let path_end = HEAD + usize::from(u16_at(28));
    let path = PathBuf::from(OsStr::from_bytes(bytes.get(HEAD..path_end)?));
    let data = bytes.get(path_end..path_end + data)?;
    let kind = match u16_at(30) {
        1 => Kind::Create,
        2 => Kind::Write {
            at: offset,
            bytes: data.to_vec(),
        },
        3 => Kind::Truncate(offset),
        4 => Kind::Sync(upto),
        5 => Kind::Unlink,
        6 => Kind::Rename(PathBuf::from(OsStr::from_bytes(data))),
        7 => Kind::Mkdir,
        8 => Kind::Rmdir,
        other => panic!("a record of kind {other}"),
    };
    let op = Op {
        place,
        at_ns: i64::try_from(at_ns).unwrap(),
        path,
        kind,
    };
    Some((op, path_end + data.len()))
}

/// A change of a file's bytes.
enum Change {
    Write { at: u64, bytes: Vec<u8> },
    Truncate(u64),
}

impl Change {
    fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Self::Truncate(size) => file.resize(usize::try_from(*size).unwrap(), 0),
            Self::Write { at, bytes } => {
                let at = usize::try_from(*at).unwrap();
                file.resize(file.len().max(at + bytes.len()), 0);
                file[at..at + bytes.len()].copy_from_slice(bytes);
            }
        }
    }

    /// As some of the sectors it is made of. The size of a file is one thing.
    fn torn(self, rng: &mut Rng) -> Vec<Self> {
        let (at, bytes) = match &self {
            Self::Truncate(_) => return vec![self],
            Self::Write { at, bytes } => (at, bytes),
        };
        let (mut at, mut rest) = (*at, bytes.as_slice());
        let mut kept = Vec::new();
        while !rest.is_empty() {
            let room = usize::try_from(SECTOR - at % SECTOR).unwrap();
            let (sector, behind) = rest.split_at(room.min(rest.len()));
            if rng.below(2) == 0 {
                kept.push(Self::Write {
                    at,
                    bytes: sector.to_vec(),
                });
            }
            at += sector.len() as u64;
            rest = behind;
        }
        kept
    }
}

#[derive(Default)]
struct File {
    durable: Vec<u8>,
    /// With their places in the log.
    pending: Vec<(u64, Change)>,
}

/// What a name stands for: a folder, or a file by its number.
#[derive(Clone, Copy)]
enum Entry {
    Folder,
    File(usize),
}

/// A change of a folder.
struct Renaming {
    place: u64,
    folder: PathBuf,
    gone: Option<PathBuf>,
    there: Option<(PathBuf, Entry)>,
}

impl Renaming {
    fn apply(self, names: &mut HashMap<PathBuf, Entry>) {
        if let Some(gone) = self.gone {
            names.remove(&gone);
        }
        if let Some((path, entry)) = self.there {
            names.insert(path, entry);
        }
    }
}

struct Disk {
    root: PathBuf,
    files: Vec<File>,
    /// The names as the process sees them, and those that are durable.
    live: HashMap<PathBuf, Entry>,
    durable: HashMap<PathBuf, Entry>,
    pending: Vec<Renaming>,
}

impl Disk {
    fn new(root: &Path) -> Self {
        let names = HashMap::from([(root.to_owned(), Entry::Folder)]);
        Self {
            root: root.to_owned(),
            files: Vec::new(),
            live: names.clone(),
            durable: names,
            pending: Vec::new(),
        }
    }

    fn apply(&mut self, op: &Op) {
        let place = op.place;
        match &op.kind {
            Kind::Create => {
                self.files.push(File::default());
                let file = Entry::File(self.files.len() - 1);
                self.rename(place, None, Some((&op.path, file)));
            }
            Kind::Mkdir => self.rename(place, None, Some((&op.path, Entry::Folder))),
            Kind::Unlink | Kind::Rmdir => self.rename(place, Some(&op.path), None),
            Kind::Rename(to) => {
                let entry = self.live[&op.path];
                self.rename(place, Some(&op.path), Some((to, entry)));
            }
            Kind::Write { at, bytes } => {
                let bytes = bytes.clone();
                self.change(op, Change::Write { at: *at, bytes });
            }
            Kind::Truncate(size) => self.change(op, Change::Truncate(*size)),
            Kind::Sync(upto) => self.sync(&op.path, *upto),
        }
    }

    fn rename(&mut self, place: u64, gone: Option<&PathBuf>, there: Option<(&PathBuf, Entry)>) {
        let named = there.map(|(path, _)| path).or(gone);
        let folder = named.and_then(|path| path.parent()).unwrap().to_owned();
        let there = there.map(|(path, entry)| (path.clone(), entry));
        let gone = gone.cloned();
        let seen = Renaming {
            place,
            folder: folder.clone(),
            gone: gone.clone(),
            there: there.clone(),
        };
        seen.apply(&mut self.live);
        self.pending.push(Renaming {
            place,
            folder,
            gone,
            there,
        });
    }

    /// Of a file that has lost its name nothing can be left.
    fn change(&mut self, op: &Op, change: Change) {
        if let Some(Entry::File(file)) = self.live.get(&op.path) {
            self.files[*file].pending.push((op.place, change));
        }
    }

    fn sync(&mut self, path: &Path, upto: u64) {
        match self.live.get(path) {
            None => {}
            Some(Entry::File(file)) => {
                let file = &mut self.files[*file];
                let covered = file.pending.partition_point(|(place, _)| *place < upto);
                for (_, change) in file.pending.drain(..covered) {
                    change.apply(&mut file.durable);
                }
            }
            Some(Entry::Folder) => {
                let covered = |r: &mut Renaming| r.folder == path && r.place < upto;
                for renaming in self.pending.extract_if(.., covered) {
                    renaming.apply(&mut self.durable);
                }
            }
        }
    }

    fn lose(mut self, loss: Loss, rng: &mut Rng) -> Survivors {
        let mut stake = Stake {
            folders: self.pending.len(),
            ..Stake::default()
        };
        let some = loss != Loss::Everything;
        let named = if some {
            usize::try_from(rng.below(self.pending.len() as u64 + 1)).unwrap()
        } else {
            0
        };
        stake.survived += named;
        for renaming in self.pending.drain(..named) {
            renaming.apply(&mut self.durable);
        }
        // From nearly none to nearly all.
        let percent = rng.between(2, 98);
        let mut files = HashMap::new();
        for (path, entry) in &self.durable {
            let Entry::File(number) = entry else {
                continue;
            };
            let file = &mut self.files[*number];
            let mut bytes = std::mem::take(&mut file.durable);
            let pending = std::mem::take(&mut file.pending);
            match path.extension().and_then(OsStr::to_str) {
                Some("db") => stake.database += pending.len(),
                Some("db-wal") => stake.wal += pending.len(),
                _ => {}
            }
            for (_, change) in pending {
                if !some || !rng.chance(percent) {
                    continue;
                }
                stake.survived += 1;
                match loss {
                    Loss::Torn => change.torn(rng).iter().for_each(|c| c.apply(&mut bytes)),
                    _ => change.apply(&mut bytes),
                }
            }
            files.insert(path.strip_prefix(&self.root).unwrap().to_owned(), bytes);
        }
        let reachable = |path: &PathBuf| {
            let whole = self.root.join(path);
            let mut above = whole.ancestors().skip(1);
            let mut above = above.by_ref().take_while(|a| a.starts_with(&self.root));
            above.all(|folder| self.durable.contains_key(folder))
        };
        files.retain(|path, _| reachable(path));
        Survivors { files, stake }
    }
}

/// The files that are left, by their path below the root.
pub struct Survivors {
    files: HashMap<PathBuf, Vec<u8>>,
    pub stake: Stake,
}

impl Survivors {
    /// Writes them to another root.
    pub fn write_to(&self, root: &Path) {
        for (path, bytes) in &self.files {
            let file = root.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
    }
}
