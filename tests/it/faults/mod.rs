//! Crashes, bad settings, stops: what a real process leaves behind.

mod crash;
mod locked;
mod power;
mod shutdown;
mod start;
mod transfer;
