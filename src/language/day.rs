//! Dates and timestamps.

use icu_calendar::types::RataDie;
use icu_calendar::{Date, Iso};

/// When a PDF says it was made, in seconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub struct CreationTime(pub i64);

/// A day written as year, month and day.
pub(crate) fn parse_date(text: &str) -> Option<Date<Iso>> {
    let date = text.parse::<toml::value::Datetime>().ok().filter(|d| d.time.is_none())?.date?;
    Date::try_new_iso(i32::from(date.year), date.month, date.day).ok()
}

/// Today in UTC, as a TOML date. Only a new letter and a review use the clock.
pub(crate) fn today() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0));
    CreationTime(seconds).day()
}

impl CreationTime {
    /// The first moment of a letter's day, in UTC.
    pub fn of_day(day: Date<Iso>) -> Self {
        Self((day.to_rata_die() - EPOCH) * SECONDS_PER_DAY)
    }

    /// The day in UTC, in ISO 8601: "2021-08-24".
    pub fn day(self) -> String {
        let date = self.date();
        let (year, month) = (date.year().extended_year(), date.month().ordinal);
        format!("{year:04}-{month:02}-{:02}", date.day_of_month().0)
    }

    /// The day in UTC.
    pub fn date(self) -> Date<Iso> {
        Date::from_rata_die(EPOCH + self.0.div_euclid(SECONDS_PER_DAY), Iso)
    }
}

const SECONDS_PER_DAY: i64 = 86_400;

/// The day 1970-01-01, counted from January 1 of the year 1.
const EPOCH: RataDie = RataDie::new(719_163);
