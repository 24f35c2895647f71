//! Crashes, bad settings, stops: what a real process leaves behind.

mod clock;
mod crash;
mod locked;
mod lost_answer;
mod power;
mod shutdown;
mod standstill;
pub mod start;
mod transfer;
