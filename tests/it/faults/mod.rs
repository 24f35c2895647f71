//! Crashes, bad settings, stops: what a real process leaves behind.

mod crash;
mod locked;
mod shutdown;
pub mod start;
mod transfer;
