//! How much a page may look at. The figures are such that the worst page of a
//! million jobs stays well under 20 ms (`cargo bench -- list`).

/// Bounds of the work for one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageBudget {
    /// How many entries of an index are walked for a page of no rows.
    pub entries: u32,
    /// How many fewer for each row asked for: a row with its runs costs more
    /// than an entry.
    pub entries_per_row: u32,
    /// How many jobs are read and sorted where a part of the filter lets no
    /// more through.
    pub candidates: u32,
    /// How far the entries of an index are counted.
    pub counted: u32,
    /// How many jobs are looked at to count those that pass a filter for which
    /// nothing better is known.
    pub sampled: u32,
}

impl Default for PageBudget {
    fn default() -> Self {
        Self {
            entries: 2_400,
            entries_per_row: 6,
            candidates: 1_000,
            counted: 10_000,
            sampled: 3_000,
        }
    }
}

/// How many rows that lie beside each other cost as much as one that does not.
const IN_PLACE: u32 = 3;

impl PageBudget {
    /// How many entries a page of `rows` walks along.
    pub fn walked(&self, rows: u32, in_place: bool) -> u32 {
        let entries = self.entries.saturating_sub(self.entries_per_row * rows);
        entries.max(1) * if in_place { IN_PLACE } else { 1 }
    }
}
