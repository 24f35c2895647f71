//! Reading the values of a pickle as what they should be; the refusals name the
//! place and what was found there.

use crate::import::pickle::{Id, Name, Pickle, Value};

/// A value and where it lies.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    pickle: &'a Pickle,
    value: &'a Value,
    /// What it is called in refusals.
    place: &'a str,
}

/// What could be read, or why not.
pub type Read<T> = Result<T, String>;

impl<'a> Node<'a> {
    /// What a pickle stands for.
    pub fn root(pickle: &'a Pickle, place: &'a str) -> Self {
        Self {
            pickle,
            value: pickle.root(),
            place,
        }
    }

    pub fn value(self) -> &'a Value {
        self.value
    }

    pub fn place(self) -> &'a str {
        self.place
    }

    /// The same value under another name.
    pub fn called(self, place: &'a str) -> Self {
        Self { place, ..self }
    }

    fn at(self, id: Id) -> Self {
        Self {
            value: self.pickle.get(id),
            ..self
        }
    }

    pub fn is_none(self) -> bool {
        *self.value == Value::None
    }

    /// `None`, or what `read` makes of it.
    pub fn optional<T>(self, read: impl FnOnce(Self) -> Read<T>) -> Read<Option<T>> {
        if self.is_none() {
            Ok(None)
        } else {
            read(self).map(Some)
        }
    }

    pub fn text(self) -> Read<&'a str> {
        match self.value {
            Value::Text(text) => Ok(text),
            _ => Err(self.not("a text")),
        }
    }

    pub fn int(self) -> Read<i64> {
        match self.value {
            Value::Int(number) => Ok(*number),
            _ => Err(self.not("an int")),
        }
    }

    pub fn bool(self) -> Read<bool> {
        match self.value {
            Value::Bool(whether) => Ok(*whether),
            _ => Err(self.not("True or False")),
        }
    }

    /// The items of a list or tuple.
    pub fn items(self) -> Read<Vec<Self>> {
        match self.value {
            Value::List(items) | Value::Tuple(items) => {
                Ok(items.iter().map(|id| self.at(*id)).collect())
            }
            _ => Err(self.not("a list")),
        }
    }

    /// The values of a dictionary with their keys, which must be texts.
    pub fn named_items(self) -> Read<Vec<(&'a str, Self)>> {
        let Value::Dict(items) = self.value else {
            return Err(self.not("a dict"));
        };
        let pairs = items.iter();
        pairs
            .map(|(key, value)| Ok((self.at(*key).text()?, self.at(*value))))
            .collect()
    }

    /// The values of exactly these keys, in this order.
    pub fn entries<const N: usize>(self, keys: [&'static str; N]) -> Read<[Self; N]> {
        for (key, _) in self.named_items()? {
            if !keys.contains(&key) {
                return Err(format!("{} has the unknown key {key:?}", self.place));
            }
        }
        let mut found = [self; N];
        for (key, found) in keys.into_iter().zip(&mut found) {
            let value = self.pickle.entry(self.value, key);
            let value = value.ok_or_else(|| format!("{} lacks the key {key:?}", self.place))?;
            *found = Self {
                value,
                place: key,
                ..self
            };
        }
        Ok(found)
    }

    /// The arguments of a call of that name.
    pub fn args_of(self, name: Name) -> Option<Vec<Self>> {
        let args = self.pickle.args_of(self.value, name)?;
        Some(args.iter().map(|id| self.at(*id)).collect())
    }

    /// The arguments of a call of what `getattr` gave; the machine lets that be
    /// nothing but the reading of a `ZoneInfo`.
    pub fn zone_info_args(self) -> Option<Vec<Self>> {
        let Value::Call { callee, args } = self.value else {
            return None;
        };
        match self.pickle.get(*callee) {
            Value::Call { .. } => self.at(*args).items().ok(),
            _ => None,
        }
    }

    /// Class and state of an object.
    pub fn object(self) -> Read<(Name, Self)> {
        match self.value {
            Value::Object {
                class,
                state: Some(state),
            } => Ok((*class, self.at(*state))),
            _ => Err(self.not("an object with its state")),
        }
    }

    /// A refusal that tells what is there instead.
    pub fn not(self, wanted: &str) -> String {
        format!("{} is {}, not {wanted}", self.place, self.value.kind())
    }
}
