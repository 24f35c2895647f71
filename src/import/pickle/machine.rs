//! The stack machine: opcodes in, values out.
//!
//! Source: CPython's `Lib/pickletools.py`, which describes each opcode.

use std::collections::HashMap;

use super::{Id, MAX_BYTES, MAX_DEPTH, MAX_MEMO, MAX_VALUES, Name, Pickle, PickleFault, Value};

/// The bytes of names and texts that a refusal shows at most.
const SHOWN: usize = 80;

/// Reads a pickle.
///
/// # Errors
/// When it is too large, broken, or holds an opcode or a name that is not known.
pub fn load(bytes: &[u8]) -> Result<Pickle, PickleFault> {
    let mut machine = Machine {
        bytes,
        at: 0,
        opcode_at: 0,
        values: Vec::new(),
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
    };
    if bytes.len() > MAX_BYTES {
        let what = format!("it has {} bytes; allowed: {MAX_BYTES}", bytes.len());
        return Err(machine.fault(what));
    }
    let root = machine.run()?;
    Ok(Pickle {
        values: machine.values,
        root,
    })
}

struct Machine<'a> {
    bytes: &'a [u8],
    /// The next byte to read.
    at: usize,
    /// Where the opcode under way begins.
    opcode_at: usize,
    values: Vec<Value>,
    stack: Vec<Id>,
    /// Heights of the stack at which a container was begun.
    marks: Vec<usize>,
    memo: HashMap<u32, Id>,
}

type Step<T = ()> = Result<T, PickleFault>;

impl<'a> Machine<'a> {
    fn run(&mut self) -> Step<Id> {
        self.protocol()?;
        loop {
            self.opcode_at = self.at;
            let opcode = self.byte()?;
            if opcode == b'.' {
                return self.end();
            }
            self.carry_out(opcode)?;
        }
    }

    fn protocol(&mut self) -> Step {
        let (proto, version) = (self.byte()?, self.byte()?);
        match (proto, version) {
            (0x80, 2..=5) => Ok(()),
            (0x80, other) => Err(self.fault(format!("protocol {other}; allowed: 2 to 5"))),
            _ => Err(self.fault("no pickle of protocol 2 to 5 begins here")),
        }
    }

    fn end(&mut self) -> Step<Id> {
        let root = self.pop()?;
        if !self.stack.is_empty() || !self.marks.is_empty() {
            return Err(self.fault("it ends with values left over"));
        }
        if self.at != self.bytes.len() {
            let more = self.bytes.len() - self.at;
            return Err(self.fault(format!("{more} bytes follow its end")));
        }
        Ok(root)
    }

    fn carry_out(&mut self, opcode: u8) -> Step {
        match opcode {
            b'N' => self.push(Value::None),
            0x88 => self.push(Value::Bool(true)),
            0x89 => self.push(Value::Bool(false)),
            b'J' | b'K' | b'M' | 0x8a => self.number(opcode),
            b'G' => {
                let float = f64::from_be_bytes(self.array()?);
                self.push(Value::Float(float))
            }
            0x8c | b'X' | 0x8d => self.text(opcode),
            b'C' | b'B' | 0x8e => self.byte_string(opcode),
            b')' | 0x85..=0x87 | b't' => self.tuple(opcode),
            b']' => self.push(Value::List(Vec::new())),
            b'}' => self.push(Value::Dict(Vec::new())),
            b'(' => self.mark(),
            b'a' | b'e' => self.append(opcode),
            b's' | b'u' => self.set_items(opcode),
            b'q' | b'r' | 0x94 => self.remember(opcode),
            b'h' | b'j' => self.recall(opcode),
            b'c' => self.global(),
            0x93 => self.stack_global(),
            b'R' => self.call(),
            0x81 => self.new_object(),
            b'b' => self.build(),
            0x95 => self.frame(),
            _ => Err(self.fault(format!(
                "the opcode {opcode:#04x}{}, which APScheduler does not write for its jobs",
                opcode_name(opcode)
            ))),
        }
    }

    fn number(&mut self, opcode: u8) -> Step {
        let number = match opcode {
            b'J' => i32::from_le_bytes(self.array()?).into(),
            b'K' => self.byte()?.into(),
            b'M' => u16::from_le_bytes(self.array()?).into(),
            _ => {
                let length = usize::from(self.byte()?);
                let bytes = self.take(length)?;
                signed(bytes).ok_or_else(|| {
                    self.fault(format!("an integer of {length} bytes; allowed: 8"))
                })?
            }
        };
        self.push(Value::Int(number))
    }

    fn text(&mut self, opcode: u8) -> Step {
        let bytes = self.counted(opcode, [0x8c, b'X'])?;
        match std::str::from_utf8(bytes) {
            Ok(text) => self.push(Value::Text(text.to_owned())),
            Err(_) => Err(self.fault("a text that is not UTF-8")),
        }
    }

    fn byte_string(&mut self, opcode: u8) -> Step {
        let bytes = self.counted(opcode, [b'C', b'B'])?.to_owned();
        self.push(Value::Bytes(bytes))
    }

    fn tuple(&mut self, opcode: u8) -> Step {
        let items = match opcode {
            b't' => self.since_mark()?,
            b')' => Vec::new(),
            _ => self.top(usize::from(opcode - 0x84))?,
        };
        self.push(Value::Tuple(items))
    }

    fn mark(&mut self) -> Step {
        if self.marks.len() == MAX_DEPTH {
            return Err(self.fault(format!("containers are nested deeper than {MAX_DEPTH}")));
        }
        self.marks.push(self.stack.len());
        Ok(())
    }

    fn append(&mut self, opcode: u8) -> Step {
        let new = match opcode {
            b'a' => self.top(1)?,
            _ => self.since_mark()?,
        };
        match self.last()? {
            Value::List(items) => items.extend(new),
            other => {
                let kind = other.kind();
                return Err(self.fault(format!("something is appended to {kind}")));
            }
        }
        Ok(())
    }

    fn set_items(&mut self, opcode: u8) -> Step {
        let new = match opcode {
            b's' => self.top(2)?,
            _ => self.since_mark()?,
        };
        let (pairs, rest) = new.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(self.fault("a key without a value"));
        }
        match self.last()? {
            Value::Dict(items) => items.extend(pairs.iter().map(|[key, value]| (*key, *value))),
            other => {
                let kind = other.kind();
                return Err(self.fault(format!("an item is set in {kind}")));
            }
        }
        Ok(())
    }

    fn remember(&mut self, opcode: u8) -> Step {
        let index = match opcode {
            b'q' => self.byte()?.into(),
            b'r' => u32::from_le_bytes(self.array()?),
            // invariant: there are at most MAX_MEMO of them.
            _ => u32::try_from(self.memo.len()).unwrap_or(u32::MAX),
        };
        let value = self.pop()?;
        self.stack.push(value);
        self.memo.insert(index, value);
        if self.memo.len() > MAX_MEMO {
            return Err(self.fault(format!("more than {MAX_MEMO} values are memoized")));
        }
        Ok(())
    }

    fn recall(&mut self, opcode: u8) -> Step {
        let index = match opcode {
            b'h' => self.byte()?.into(),
            _ => u32::from_le_bytes(self.array()?),
        };
        match self.memo.get(&index) {
            Some(value) => self.stack.push(*value),
            None => return Err(self.fault(format!("nothing is memoized as {index}"))),
        }
        Ok(())
    }

    fn global(&mut self) -> Step {
        let (module, name) = (self.line()?, self.line()?);
        self.push_name(&module, &name)
    }

    fn stack_global(&mut self) -> Step {
        let named = self.top(2)?;
        let mut texts = named.iter().map(|id| match &self.values[id.0] {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        });
        match (texts.next().flatten(), texts.next().flatten()) {
            (Some(module), Some(name)) => self.push_name(&module, &name),
            _ => Err(self.fault("a name that is no text")),
        }
    }

    fn push_name(&mut self, module: &str, name: &str) -> Step {
        match Name::find(module, name) {
            Some(name) => self.push(Value::Name(name)),
            None => {
                let path = shown(&format!("{module}.{name}"));
                let why = if module.starts_with("apscheduler.triggers.") {
                    "a trigger that cannot be carried over"
                } else {
                    "which is none of the classes of APScheduler's jobs; nothing was called"
                };
                Err(self.fault(format!("it names {path}, {why}")))
            }
        }
    }

    fn call(&mut self) -> Step {
        let [callee, args] = self.two()?;
        if !matches!(&self.values[args.0], Value::Tuple(_)) {
            return Err(self.fault("a call without a tuple of arguments"));
        }
        let may_be_called = match &self.values[callee.0] {
            Value::Name(name) => name.is_called(),
            Value::Call { callee, args } => self.makes_zones(*callee, *args),
            _ => false,
        };
        if !may_be_called {
            let kind = self.values[callee.0].kind();
            return Err(self.fault(format!("a call of {kind}")));
        }
        self.push(Value::Call { callee, args })
    }

    /// Whether it is `getattr(ZoneInfo, "_unpickle")`.
    fn makes_zones(&self, callee: Id, args: Id) -> bool {
        let (Value::Name(Name::Getattr), Value::Tuple(args)) =
            (&self.values[callee.0], &self.values[args.0])
        else {
            return false;
        };
        let mut args = args.iter().map(|id| &self.values[id.0]);
        matches!(args.next(), Some(Value::Name(Name::ZoneInfo)))
            && matches!(args.next(), Some(Value::Text(text)) if text == "_unpickle")
            && args.next().is_none()
    }

    fn new_object(&mut self) -> Step {
        let [class, args] = self.two()?;
        match (&self.values[class.0], &self.values[args.0]) {
            (Value::Name(class), Value::Tuple(args)) if class.has_state() && args.is_empty() => {
                let class = *class;
                self.push(Value::Object { class, state: None })
            }
            (class, _) => {
                let kind = class.kind();
                Err(self.fault(format!("an object is made of {kind}")))
            }
        }
    }

    fn build(&mut self) -> Step {
        let given = self.pop()?;
        match self.last()? {
            Value::Object { state, .. } if state.is_none() => *state = Some(given),
            other => {
                let kind = other.kind();
                return Err(self.fault(format!("a state is given to {kind}")));
            }
        }
        Ok(())
    }

    /// A frame tells how many bytes to read ahead; all are here.
    fn frame(&mut self) -> Step {
        let length = u64::from_le_bytes(self.array()?);
        let left = self.bytes.len() - self.at;
        if usize::try_from(length).is_ok_and(|length| length <= left) {
            return Ok(());
        }
        Err(self.fault(format!(
            "a frame of {length} bytes, of which {left} are left"
        )))
    }

    fn push(&mut self, value: Value) -> Step {
        if self.values.len() == MAX_VALUES {
            return Err(self.fault(format!("more than {MAX_VALUES} values")));
        }
        self.stack.push(Id(self.values.len()));
        self.values.push(value);
        Ok(())
    }

    fn pop(&mut self) -> Step<Id> {
        self.top(1).map(|top| top[0])
    }

    fn two(&mut self) -> Step<[Id; 2]> {
        self.top(2).map(|top| [top[0], top[1]])
    }

    /// Takes so many values off the stack, above the last mark.
    fn top(&mut self, count: usize) -> Step<Vec<Id>> {
        let floor = self.marks.last().copied().unwrap_or(0);
        match self.stack.len().checked_sub(count) {
            Some(from) if from >= floor => Ok(self.stack.split_off(from)),
            _ => Err(self.fault("a value is missing")),
        }
    }

    fn since_mark(&mut self) -> Step<Vec<Id>> {
        match self.marks.pop() {
            Some(mark) => Ok(self.stack.split_off(mark)),
            None => Err(self.fault("the begin of a container is missing")),
        }
    }

    /// The value on top of the stack, to change it.
    fn last(&mut self) -> Step<&mut Value> {
        match self.stack.last() {
            Some(id) => Ok(&mut self.values[id.0]),
            None => Err(self.fault("a value is missing")),
        }
    }

    /// Bytes after their count, of 1, 4 or 8 bytes.
    fn counted(&mut self, opcode: u8, [short, long]: [u8; 2]) -> Step<&'a [u8]> {
        let count = if opcode == short {
            self.byte()?.into()
        } else if opcode == long {
            u32::from_le_bytes(self.array()?).into()
        } else {
            u64::from_le_bytes(self.array()?)
        };
        self.take(usize::try_from(count).unwrap_or(usize::MAX))
    }

    fn line(&mut self) -> Step<String> {
        let rest = &self.bytes[self.at..];
        let Some(length) = rest.iter().position(|byte| *byte == b'\n') else {
            return Err(self.fault("a name without an end"));
        };
        let line = rest[..length].to_owned();
        self.at += length + 1;
        String::from_utf8(line).map_err(|_| self.fault("a name that is not UTF-8"))
    }

    fn byte(&mut self) -> Step<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn array<const N: usize>(&mut self) -> Step<[u8; N]> {
        match self.bytes[self.at..].first_chunk::<N>() {
            Some(bytes) => {
                self.at += N;
                Ok(*bytes)
            }
            None => Err(self.cut_off()),
        }
    }

    fn take(&mut self, count: usize) -> Step<&'a [u8]> {
        match self
            .at
            .checked_add(count)
            .filter(|end| *end <= self.bytes.len())
        {
            Some(end) => {
                let taken = &self.bytes[self.at..end];
                self.at = end;
                Ok(taken)
            }
            None => Err(self.cut_off()),
        }
    }

    fn cut_off(&self) -> PickleFault {
        self.fault("it breaks off")
    }

    fn fault(&self, what: impl Into<String>) -> PickleFault {
        PickleFault {
            offset: self.opcode_at,
            what: what.into(),
        }
    }
}

/// A little-endian integer in two's complement of at most 8 bytes.
fn signed(bytes: &[u8]) -> Option<i64> {
    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let mut whole = [if negative { 0xff } else { 0 }; 8];
    whole.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(i64::from_le_bytes(whole))
}

/// A text as a refusal shows it.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut short: String = text
        .chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    short
}

/// The opcodes that are most telling.
fn opcode_name(opcode: u8) -> &'static str {
    match opcode {
        b'i' => " (INST)",
        b'o' => " (OBJ)",
        b'0' => " (POP)",
        b'1' => " (POP_MARK)",
        b'2' => " (DUP)",
        b'P' | b'Q' => " (persistent id)",
        0x80 => " (PROTO)",
        0x82..=0x84 => " (extension)",
        0x8b => " (LONG4)",
        0x8f..=0x91 => " (a set)",
        0x92 => " (NEWOBJ_EX)",
        0x96 => " (BYTEARRAY8)",
        0x97 | 0x98 => " (out-of-band buffer)",
        _ => "",
    }
}
