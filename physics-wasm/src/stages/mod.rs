//! One stage a file. Each says at its head what it reads, what it writes and which elements a block owns.

pub mod collide;
pub mod colour;
pub mod contact;
pub mod find_pairs;
pub mod forces;
pub mod gather;
pub mod hash;
pub mod integrate_positions;
pub mod integrate_velocities;
pub mod long_range;
pub mod measure;
pub mod pack;
pub mod particles;
pub mod plane;
pub mod query;
pub mod solve;
pub mod sweep;
pub mod warm_start;
