//! Named steps at which a debug build can be made to die, stand still, fail or wait,
//! for tests of crashes: `SCHEDULE_SERVER_FAIL_POINT=step:action:n` does it the n-th
//! time that the step is passed. A release build has nothing of this in it.

/// Passes a step; an error where the step is told to fail.
#[cfg(debug_assertions)]
macro_rules! fail_point {
    ($step:literal) => {
        $crate::fail_point::pass($step).await
    };
}

/// Passes a step: nothing, in a release build.
#[cfg(not(debug_assertions))]
macro_rules! fail_point {
    ($step:literal) => {
        Ok::<(), $crate::store::StoreError>(())
    };
}

pub(crate) use fail_point;
#[cfg(debug_assertions)]
pub(crate) use told::pass;

#[cfg(debug_assertions)]
mod told {
    use std::process::Command;
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use crate::store::StoreError;

    /// How long `delay` waits: long enough to be late, and to let leases be renewed.
    const DELAY: Duration = Duration::from_millis(700);

    /// What this process was told.
    struct Told {
        step: String,
        action: String,
        /// How often the step is still to be passed, the time it is meant included.
        left: AtomicU64,
    }

    static TOLD: LazyLock<Option<Told>> = LazyLock::new(|| {
        let told = std::env::var("SCHEDULE_SERVER_FAIL_POINT").ok()?;
        let mut parts = told.split(':');
        Some(Told {
            step: parts.next()?.to_owned(),
            action: parts.next()?.to_owned(),
            left: AtomicU64::new(parts.next()?.parse().ok()?),
        })
    });

    /// See [`super::fail_point`].
    pub async fn pass(step: &'static str) -> Result<(), StoreError> {
        let Some(told) = TOLD.as_ref().filter(|told| told.step == step) else {
            return Ok(());
        };
        let down = |left: u64| left.checked_sub(1);
        if told
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, down)
            != Ok(1)
        {
            return Ok(());
        }
        eprintln!("fail point {step}: {}", told.action);
        match told.action.as_str() {
            "kill" => std::process::abort(),
            "stop" => stop(),
            "delay" => tokio::time::sleep(DELAY).await,
            _ => return Err(StoreError::Unavailable(format!("the fail point {step}"))),
        }
        Ok(())
    }

    /// SIGSTOP to this very process; it goes on after SIGCONT.
    fn stop() {
        let id = std::process::id().to_string();
        // Without `kill` nothing stops, and the test sees that nothing happened.
        let _ = Command::new("kill").args(["-s", "STOP", &id]).status();
    }
}
