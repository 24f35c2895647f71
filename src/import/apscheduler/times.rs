//! Instants, distances and zones, as Python pickles them.

use chrono::{
    DateTime, Duration, LocalResult, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc,
};

use super::read::{Node, Read};
use crate::domain::zone::Zone;
use crate::import::pickle::{Name, Value};

/// A `tzinfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PyZone {
    /// One of the IANA data.
    Named(Zone),
    /// Always so many seconds east of UTC.
    Fixed(i64),
    /// One of `pytz` as it was at some time: so many seconds east of UTC.
    Pytz(Zone, i64),
}

impl PyZone {
    pub fn read(node: Node<'_>) -> Read<Self> {
        if let Some(args) = node.zone_info_args() {
            return Ok(Self::Named(zone_named(first(node, &args)?)?));
        }
        if let Some(args) = node.args_of(Name::Timezone) {
            return Self::fixed(node, microseconds(first(node, &args)?)?);
        }
        if node.args_of(Name::PytzUtc).is_some() {
            return Ok(Self::Fixed(0));
        }
        if let Some(args) = node.args_of(Name::PytzFixed) {
            let minutes = first(node, &args)?.int()?;
            return Self::fixed(node, i128::from(minutes) * 60_000_000);
        }
        let Some(args) = node.args_of(Name::PytzZone) else {
            return Err(node.not("a time zone of zoneinfo, pytz or datetime"));
        };
        let zone = zone_named(first(node, &args)?)?;
        match args.get(1) {
            None => Ok(Self::Named(zone)),
            Some(offset) => match Self::fixed(node, i128::from(offset.int()?) * 1_000_000)? {
                Self::Fixed(offset_s) => Ok(Self::Pytz(zone, offset_s)),
                other => Ok(other),
            },
        }
    }

    /// An offset of whole seconds, less than a day.
    fn fixed(node: Node<'_>, offset_us: i128) -> Read<Self> {
        let offset_s = offset_us / 1_000_000;
        if offset_us % 1_000_000 != 0 || offset_s.abs() >= 86_400 {
            let place = node.place();
            return Err(format!("{place} has an offset of {offset_us} µs from UTC"));
        }
        // invariant: less than a day.
        Ok(Self::Fixed(i64::try_from(offset_s).unwrap_or(0)))
    }

    /// The zone whose wall clock a cron matches.
    pub fn for_cron(self) -> Read<Zone> {
        let offset_s = match self {
            Self::Named(zone) | Self::Pytz(zone, _) => return Ok(zone),
            Self::Fixed(0) => return Ok(Zone::UTC),
            Self::Fixed(offset_s) => offset_s,
        };
        // The IANA names count towards the west.
        let name = format!("Etc/GMT{:+}", -offset_s / 3600);
        match Zone::parse(&name) {
            Ok(zone) if offset_s % 3600 == 0 => Ok(zone),
            _ => Err(format!(
                "its time zone is a fixed offset of {offset_s} s, for which there is no IANA name"
            )),
        }
    }

    /// The instant at which its wall clock shows this.
    fn instant(self, wall: NaiveDateTime, fold: bool) -> Option<DateTime<Utc>> {
        match self {
            Self::Fixed(offset_s) | Self::Pytz(_, offset_s) => {
                let wall = wall.and_utc();
                wall.checked_sub_signed(TimeDelta::try_seconds(offset_s)?)
            }
            Self::Named(zone) => in_zone(zone, wall, fold),
        }
    }
}

/// Source: PEP 495: in a fold the first of the two instants unless `fold` is set;
/// in a gap the offset from before it, or after it when `fold` is set.
fn in_zone(zone: Zone, wall: NaiveDateTime, fold: bool) -> Option<DateTime<Utc>> {
    match zone.tz().from_local_datetime(&wall) {
        LocalResult::Single(at) => Some(at.to_utc()),
        LocalResult::Ambiguous(first, second) => Some(if fold {
            second.to_utc()
        } else {
            first.to_utc()
        }),
        LocalResult::None => {
            // No gap is longer than a day (Samoa, 2011).
            let day = Duration::hours(if fold { 25 } else { -25 });
            let beside = wall.checked_add_signed(day)?;
            let offset = zone.tz().offset_from_local_datetime(&beside).earliest()?;
            let offset_s = offset.fix().local_minus_utc().into();
            wall.and_utc()
                .checked_sub_signed(TimeDelta::try_seconds(offset_s)?)
        }
    }
}

/// An aware `datetime`.
pub fn instant(node: Node<'_>) -> Read<DateTime<Utc>> {
    let Some(args) = node.args_of(Name::Datetime) else {
        return Err(node.not("a datetime"));
    };
    let bytes = bytes(first(node, &args)?)?;
    let (wall, fold) =
        wall_clock(&bytes).ok_or_else(|| format!("{} is no date and time", node.place()))?;
    let Some(zone) = args.get(1) else {
        return Err(format!("{} has no time zone", node.place()));
    };
    let zone = PyZone::read(*zone)?;
    let at = zone.instant(wall, fold);
    at.ok_or_else(|| format!("{} is out of range", node.place()))
}

/// Ten bytes: year, month with the fold in its highest bit, day, hour, minute,
/// second, microsecond.
///
/// Source: CPython's `datetime.__reduce_ex__`.
fn wall_clock(bytes: &[u8]) -> Option<(NaiveDateTime, bool)> {
    let [y1, y2, month, day, hour, minute, second, u1, u2, u3] = *bytes.as_array::<10>()?;
    let year = i32::from(y1) * 256 + i32::from(y2);
    let micro = u32::from_be_bytes([0, u1, u2, u3]);
    let date = NaiveDate::from_ymd_opt(year, (month & 0x7f).into(), day.into())?;
    let wall = date.and_hms_micro_opt(hour.into(), minute.into(), second.into(), micro)?;
    (micro < 1_000_000).then_some((wall, month & 0x80 != 0))
}

/// Bytes, also in the form of protocol 2: a text of their numbers.
fn bytes(node: Node<'_>) -> Read<Vec<u8>> {
    if let Value::Bytes(bytes) = node.value() {
        return Ok(bytes.clone());
    }
    let args = node.args_of(Name::Encode).unwrap_or_default();
    let [text, encoding] = args[..] else {
        return Err(node.not("bytes"));
    };
    let bytes: Option<Vec<u8>> = text.text()?.chars().map(|c| u8::try_from(c).ok()).collect();
    match bytes {
        Some(bytes) if encoding.text()? == "latin1" => Ok(bytes),
        _ => Err(node.not("bytes")),
    }
}

/// A `timedelta` in microseconds.
pub fn microseconds(node: Node<'_>) -> Read<i128> {
    let args = node.args_of(Name::Timedelta).unwrap_or_default();
    let [days, seconds, micros] = args[..] else {
        return Err(node.not("a timedelta"));
    };
    let [days, seconds, micros] = [days.int()?, seconds.int()?, micros.int()?].map(i128::from);
    Ok((days * 86_400 + seconds) * 1_000_000 + micros)
}

fn zone_named(node: Node<'_>) -> Read<Zone> {
    Zone::parse(node.text()?).map_err(|unknown| unknown.to_string())
}

fn first<'a>(node: Node<'_>, args: &[Node<'a>]) -> Read<Node<'a>> {
    let first = args.first().copied();
    first.ok_or_else(|| format!("{} lacks an argument", node.place()))
}
