//! The list of all jobs that the inherited API has, read part by part: it has no pages.
//! Holds the order of the list and one part at a time; each part is a snapshot of its
//! own.

use super::{JobView, Jobs, ServiceError};

/// How many jobs one part holds.
const PART: usize = 256;

/// A list under way.
pub struct Listing {
    jobs: Jobs,
    places: std::vec::IntoIter<i64>,
}

impl Jobs {
    /// All jobs whose id contains `part` (case matters; empty: all), by next
    /// run, ties in the order of adding, those without a next run last.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn list(&self, part: &str) -> Result<Listing, ServiceError> {
        Ok(Listing {
            jobs: self.clone(),
            places: self.store.listed(part).await?.into_iter(),
        })
    }
}

impl Listing {
    /// Whether nothing is left.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.places.as_slice().is_empty()
    }

    /// The next jobs; those that are gone by now are left out.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn next(&mut self) -> Result<Vec<JobView>, ServiceError> {
        let places: Vec<i64> = self.places.by_ref().take(PART).collect();
        let rows = self.jobs.store.jobs_at(&places).await?;
        Ok(rows.into_iter().map(JobView::from).collect())
    }
}
