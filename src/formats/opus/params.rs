//! Parameter blocks: three-letter names with a typed value, closed by `END`.

use super::super::Input;
use super::super::bytes::Bytes;
use super::super::text::lossy;

/// Parameters read from one block at most; OPUS writes about sixty.
const PARAMETERS: usize = 256;

/// A parameter's value.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Integer(i32),
    Number(f64),
    Text(String),
}

/// The parameters of one or more blocks, by name.
#[derive(Debug, Clone, Default)]
pub struct Params {
    values: Vec<([u8; 3], Value)>,
}

impl Params {
    /// Reads a block as far as it follows the rules.
    pub fn read(input: &Input, offset: u64, size: u64) -> Self {
        let bytes = Bytes::new(input);
        let size = size.min(bytes.len().saturating_sub(offset));
        let mut params = Self::default();
        let Ok(mut rest) = bytes.slice(offset, size, "a parameter block") else { return params };
        while let Some((&[a, b, c, 0, t0, t1, s0, s1], after)) = rest.split_first_chunk::<8>() {
            let length = usize::from(u16::from_le_bytes([s0, s1])) * 2;
            let Some((content, next)) = after.split_at_checked(length) else { break };
            if [a, b, c] == *b"END" || params.values.len() >= PARAMETERS {
                break;
            }
            let value = match u16::from_le_bytes([t0, t1]) {
                0 => content.first_chunk().map(|v| Value::Integer(i32::from_le_bytes(*v))),
                1 => content.first_chunk().map(|v| Value::Number(f64::from_le_bytes(*v))),
                _ => Some(Value::Text(text(content))),
            };
            if let Some(value) = value {
                params.values.push(([a, b, c], value));
            }
            rest = next;
        }
        params
    }

    /// True when nothing could be read.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Adds parameters; a later value takes an earlier one's place.
    pub fn replace(&mut self, other: Self) {
        for (name, value) in other.values {
            if let Some(old) = self.values.iter_mut().find(|(n, _)| *n == name) {
                old.1 = value;
            } else if self.values.len() < PARAMETERS {
                self.values.push((name, value));
            }
        }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(n, _)| n == name.as_bytes()).map(|(_, value)| value)
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Option<i32> {
        match self.get(name)? {
            Value::Integer(n) => Some(*n),
            Value::Number(v) if v.fract().abs() < 1e-9 && v.abs() < 2e9 => Some(*v as i32),
            _ => None,
        }
    }

    /// A number of either kind.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Value::Integer(n) => Some(f64::from(*n)),
            Value::Number(v) => Some(*v),
            Value::Text(_) => None,
        }
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// Any value as people read it; blank texts are none.
    pub fn shown(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::Integer(n) => Some(n.to_string()),
            Value::Number(v) => Some(v.to_string()),
            Value::Text(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        }
    }

    /// True when the stored extremes (MNY, MXY) are the given ones times the scale.
    pub fn has_extremes(&self, (low, high): (f32, f32)) -> bool {
        let scale = self.number("CSF").unwrap_or(1.0);
        let near = |name: &str, found: f32| {
            let found = f64::from(found) * scale;
            self.number(name).is_some_and(|v| (v - found).abs() <= 1e-6 * v.abs().max(found.abs()))
        };
        near("MNY", low) && near("MXY", high)
    }
}

fn text(content: &[u8]) -> String {
    let end = memchr::memchr(0, content).unwrap_or(content.len());
    lossy(&content[..end]).trim().to_owned()
}

/// `2021-11-09T15:57:28+01:00` from `09/11/2021` (or `2021/11/09`) and `15:57:28.710 (GMT+1)`; a form not known is
/// kept as it is.
pub fn date(day: Option<&str>, time: Option<&str>) -> Option<String> {
    let day = day.map(str::trim).filter(|d| !d.is_empty())?;
    let time = time.map_or("", str::trim);
    iso(day, time).or_else(|| Some(format!("{day} {time}").trim().to_owned()))
}

fn iso(day: &str, time: &str) -> Option<String> {
    let parts: Vec<u32> = day.split('/').map(|p| p.trim().parse().ok()).collect::<Option<_>>()?;
    let [a, month, c] = parts[..] else { return None };
    let (year, day) = if a > 31 { (a, c) } else { (c, a) };
    if !(1900..=2200).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (clock, zone) = time.split_once('(').unwrap_or((time, ""));
    let clock = clock.trim().split('.').next().unwrap_or("");
    if clock.is_empty() {
        return Some(format!("{year:04}-{month:02}-{day:02}"));
    }
    let parts: Vec<u32> = clock.split(':').map(|p| p.parse().ok()).collect::<Option<_>>()?;
    let [hour, minute, second] = parts[..] else { return None };
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let zone = zone.trim_end_matches(')').trim().strip_prefix("GMT").and_then(offset).unwrap_or_default();
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"))
}

/// `+01:00` from `+1`, `-6` or `+5:30`.
fn offset(zone: &str) -> Option<String> {
    let (sign, rest) = match zone.as_bytes().first()? {
        b'+' => ('+', zone.get(1..)?),
        b'-' => ('-', zone.get(1..)?),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let (hours, minutes): (u32, u32) = (hours.trim().parse().ok()?, minutes.trim().parse().ok()?);
    (hours <= 14 && minutes < 60).then(|| format!("{sign}{hours:02}:{minutes:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_of_day_and_year_are_read() {
        let time = Some("15:57:28.710 (GMT+1)");
        assert_eq!(date(Some("09/11/2021"), time).as_deref(), Some("2021-11-09T15:57:28+01:00"));
        let time = Some("11:45:34 (GMT-6)");
        assert_eq!(date(Some("2012/11/09"), time).as_deref(), Some("2012-11-09T11:45:34-06:00"));
        assert_eq!(date(Some("09/11/2021"), None).as_deref(), Some("2021-11-09"));
        assert_eq!(date(Some("yesterday"), Some("noon")).as_deref(), Some("yesterday noon"));
        assert_eq!(date(None, time), None);
    }
}
