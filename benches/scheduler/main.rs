//! What the scheduler reaches on this machine, beside a yardstick in the same
//! run: ratios hold anywhere, absolute figures do not.
//!
//! `cargo bench -- burst [jobs…]`, `idle [jobs]`, `list [jobs]`, `stats [jobs]`,
//! `events [runs a second]` and `retention [rows]`; with `REDIS_URL` set the server
//! takes its fire
//! locks there.

mod burst;
mod events;
mod idle;
mod list;
mod retention;
mod stats;
mod support;

#[tokio::main]
async fn main() {
    // Cargo adds `--bench` of its own.
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let case = args.first().map(String::as_str);
    let sizes: Vec<usize> = args.iter().filter_map(|a| a.parse().ok()).collect();
    match case {
        Some(support::TARGET_ROLE) => support::run_target().await,
        Some("burst") => burst::run(&sizes).await,
        Some("idle") => idle::run(&sizes).await,
        Some("list") => list::run(&sizes).await,
        Some("events") => events::run(&sizes).await,
        Some("retention") => retention::run(&sizes).await,
        Some("stats") => stats::run(&sizes).await,
        _ => {
            burst::run(&[]).await;
            println!();
            idle::run(&[]).await;
        }
    }
}
