//! What the scheduler reaches on this machine, beside a yardstick in the same
//! run: ratios hold anywhere, absolute figures do not.
//!
//! `cargo bench -- burst [jobs…]`, `idle [jobs]`, `list [jobs]`, `history [rows]`,
//! `report [case…]` (all that has a bar), `stages` (where the time of a firing goes),
//! `rivals [jobs]`, `curves`, `check [record]`, `stats [jobs]`, `bulk [jobs]`,
//! `events [runs a second]` and `retention [rows]`; with `REDIS_URL` set the server
//! takes its fire locks there.

mod bulk;
mod burst;
mod check;
mod curves;
mod events;
mod history;
mod idle;
mod list;
mod report;
mod retention;
mod rivals;
mod stages;
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
        Some(rivals::CRATE_ROLE) => rivals::run_crate(&args[1..]).await,
        Some("rivals") => rivals::run(&sizes).await,
        Some("check") => check::run(args.iter().any(|arg| arg == "record")).await,
        Some("curves") => curves::run().await,
        Some("bulk") => bulk::run(&sizes).await,
        Some("burst") => burst::run(&sizes).await,
        Some("idle") => idle::run(&sizes).await,
        Some("list") => list::run(&sizes).await,
        Some("events") => events::run(&sizes).await,
        Some("report") => {
            let names: Vec<&str> = args[1..].iter().map(String::as_str).collect();
            report::run(&names).await;
        }
        Some("retention") => retention::run(&sizes).await,
        Some("stages") => stages::run().await,
        Some("stats") => stats::run(&sizes).await,
        Some("history") => history::run(&sizes).await,
        _ => {
            burst::run(&[]).await;
            println!();
            idle::run(&[]).await;
        }
    }
}
