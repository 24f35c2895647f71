//! Leases, and what a dead replica leaves behind.

use std::collections::BTreeSet;
use std::time::Duration;

use schedule_server::domain::occurrence::{OccurrenceKind, OccurrenceState, Reason};
use schedule_server::domain::policy::Delivery;
use schedule_server::store::Settled;

use super::{At, Tables};

impl Tables {
    pub fn renew_lease(&mut self, replica: &str, now: At, length: Duration) {
        let until = now + length;
        let lease = self.leases.entry(replica.to_owned()).or_insert(until);
        let is_far_ahead = *lease > now + 2 * length;
        *lease = if is_far_ahead {
            until
        } else {
            (*lease).max(until)
        };
    }

    pub fn settle_dead(&mut self, now: At) -> Settled {
        let dead = self.leases.iter().filter(|(_, until)| **until < now);
        let dead: Vec<String> = dead.map(|(replica, _)| replica.clone()).collect();
        let mut settled = Settled::default();
        for replica in dead {
            let one = self.settle(&replica, Reason::ReplicaDied, now);
            settled.replicas += one.replicas;
            settled.given_back += one.given_back;
            settled.unknown += one.unknown;
            settled.released_at = settled.released_at.into_iter().chain(one.released_at).min();
        }
        settled
    }

    /// Ends a lease and settles what its replica left.
    pub fn settle(&mut self, replica: &str, reason: Reason, now: At) -> Settled {
        let left = self.open_where(|row| row.entry.replica.as_deref() == Some(replica));
        let (mut given_back, mut unknown, mut over) = (0, 0, BTreeSet::new());
        for row_id in left {
            let Some(row) = self.rows.get_mut(&row_id) else {
                continue;
            };
            let rec = self.jobs.get_mut(&row.entry.occurrence.job_id);
            let again = rec.filter(|rec| {
                rec.job.policies.delivery == Delivery::AtLeastOnce && !row.last_attempt
            });
            match (row.entry.state, again) {
                (OccurrenceState::Claimed, _) => {
                    row.give_back();
                    given_back += 1;
                }
                (_, Some(rec)) => {
                    row.give_back();
                    row.entry.reason = Some(reason);
                    rec.ended &= row.entry.occurrence.kind != OccurrenceKind::Scheduled;
                }
                (_, None) => {
                    row.settle(OccurrenceState::Unknown, Some(reason), now);
                    over.insert(row.entry.occurrence.job_id.clone());
                    unknown += 1;
                }
            }
        }
        for id in &over {
            self.forget_ended(id);
        }
        let released_at = over.iter().filter_map(|id| self.release(id, now)).min();
        let known = self.leases.remove(replica);
        self.tidy();
        Settled {
            replicas: u64::from(known.is_some()),
            given_back,
            unknown,
            released_at,
        }
    }
}
