//! What a client expects of a job before it is changed.
//!
//! Source: RFC 9110, section 13: `If-Match` and `If-None-Match`.

use super::ServiceError;
use crate::domain::job::Revision;

/// A set of revisions, as a client names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revisions {
    /// Any: the job exists.
    Any,
    /// One of these; those that are none of ours were left out.
    These(Vec<Revision>),
}

/// What must hold; nothing by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Precondition {
    /// The job is in one of these.
    pub one_of: Option<Revisions>,
    /// The job is in none of these.
    pub none_of: Option<Revisions>,
}

impl Precondition {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Checks it against the job as it is; `None`: there is none.
    ///
    /// # Errors
    /// [`ServiceError::PreconditionFailed`].
    pub fn check(&self, current: Option<Revision>) -> Result<(), ServiceError> {
        let is_in = |revisions: &Revisions| match (revisions, current) {
            (_, None) => false,
            (Revisions::Any, Some(_)) => true,
            (Revisions::These(these), Some(current)) => these.contains(&current),
        };
        let holds =
            self.one_of.as_ref().is_none_or(is_in) && !self.none_of.as_ref().is_some_and(is_in);
        holds.then_some(()).ok_or(ServiceError::PreconditionFailed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_for_which_job() {
        let revision = |version| Revision {
            created_ms: 1,
            version,
        };
        let these = |versions: &[i64]| {
            Some(Revisions::These(
                versions.iter().map(|v| revision(*v)).collect(),
            ))
        };
        let any = || Some(Revisions::Any);
        // One of, none of; holds for no job, for version 1.
        for (one_of, none_of, absent, present) in [
            (None, None, true, true),
            (any(), None, false, true),
            (None, any(), true, false),
            (these(&[1, 2]), None, false, true),
            (these(&[2]), None, false, false),
            (these(&[]), None, false, false),
            (None, these(&[1]), true, false),
            (None, these(&[2]), true, true),
            (any(), these(&[1]), false, false),
        ] {
            let precondition = Precondition { one_of, none_of };
            let holds = |current| precondition.check(current).is_ok();
            assert_eq!(holds(None), absent, "{precondition:?}");
            assert_eq!(holds(Some(revision(1))), present, "{precondition:?}");
        }
    }
}
