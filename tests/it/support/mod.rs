pub mod fleet;
pub mod redis;
pub mod replica;
pub mod target;
