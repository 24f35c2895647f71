//! Crashes, bad settings, stops: what a real process leaves behind.

mod crash;
mod shutdown;
mod start;
