//! Python pickles read as data.
//!
//! A pickle is a program: what it names is called while it is loaded. Here
//! nothing is ever called. The machine knows only the opcodes and the names that
//! `APScheduler` 3 writes for a job of its own triggers, protocols 2 to 5; calls
//! and objects become inert nodes, and anything else is refused.
//!
//! Invariant: work and memory are linear in the bytes given, which are bounded.
//! Values refer to each other by number, so that shared and cyclic ones cost
//! nothing.

mod machine;
mod names;

pub use machine::{load, shown};
pub use names::Name;

/// The longest pickle read, in bytes. A job of the Python service has about one
/// thousand.
pub const MAX_BYTES: usize = 1024 * 1024;
/// The most values in one pickle.
const MAX_VALUES: usize = 20_000;
/// The most values kept for later reference.
const MAX_MEMO: usize = 20_000;
/// How deep containers may be open at once.
const MAX_DEPTH: usize = 200;

/// Why a pickle is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset} of its pickle: {what}")]
pub struct PickleFault {
    /// Where the opcode at fault begins, from 0.
    pub offset: usize,
    /// What was found there.
    pub what: String,
}

/// The number of a value in its [`Pickle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id(usize);

/// A value. What it holds is numbers of other values.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer of at most 64 bits.
    Int(i64),
    /// A float.
    Float(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A tuple.
    Tuple(Vec<Id>),
    /// A list.
    List(Vec<Id>),
    /// A dictionary, in the order of writing; a key may be there twice.
    Dict(Vec<(Id, Id)>),
    /// The name of a class or function.
    Name(Name),
    /// What Python would make by a call; nothing was called.
    Call {
        /// What would be called: a name, or a call of `getattr`.
        callee: Id,
        /// The tuple of arguments.
        args: Id,
    },
    /// An object with its state, not made.
    Object {
        /// Its class.
        class: Name,
        /// What it would be given; `None` until the opcode that does so.
        state: Option<Id>,
    },
}

/// The values of one pickle.
#[derive(Debug, Clone, PartialEq)]
pub struct Pickle {
    values: Vec<Value>,
    root: Id,
}

impl Pickle {
    /// What the pickle stands for.
    #[must_use]
    pub fn root(&self) -> &Value {
        self.get(self.root)
    }

    /// How many values it has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.values.len()
    }

    /// The value of that number, which must come from this pickle.
    #[must_use]
    pub fn get(&self, id: Id) -> &Value {
        &self.values[id.0]
    }

    /// The last value a dictionary gives a text key.
    #[must_use]
    pub fn entry(&self, dict: &Value, key: &str) -> Option<&Value> {
        let Value::Dict(items) = dict else {
            return None;
        };
        let is_key = |id: Id| matches!(self.get(id), Value::Text(text) if text == key);
        let found = items.iter().rev().find(|(name, _)| is_key(*name));
        found.map(|(_, value)| self.get(*value))
    }

    /// The arguments of a call, when `value` is a call of that name.
    #[must_use]
    pub fn args_of(&self, value: &Value, name: Name) -> Option<&[Id]> {
        let Value::Call { callee, args } = value else {
            return None;
        };
        match (self.get(*callee), self.get(*args)) {
            (Value::Name(called), Value::Tuple(args)) if *called == name => Some(args),
            _ => None,
        }
    }
}

impl Value {
    /// What kind of value it is, in Python's words.
    #[must_use]
    pub fn kind(&self) -> String {
        let word = match self {
            Self::None => "None",
            Self::Bool(_) => "a bool",
            Self::Int(_) => "an int",
            Self::Float(_) => "a float",
            Self::Text(_) => "a str",
            Self::Bytes(_) => "bytes",
            Self::Tuple(_) => "a tuple",
            Self::List(_) => "a list",
            Self::Dict(_) => "a dict",
            Self::Name(name) => return format!("the name {}", name.path()),
            Self::Call { .. } => "the result of a call",
            Self::Object { class, .. } => return format!("an object of {}", class.path()),
        };
        word.to_owned()
    }
}
