//! A particle system: what it emits, what moves its particles, and how many it has. TypeScript (`engine/particles/system.ts`) writes what is
//! chosen, the stages keep the rest. System 0 is the built-in one that `emitBurst` and emitters feed.

use crate::layout::{SYSTEM_REALS, SYSTEM_WORDS};
use crate::world::{setting, World};

/// Samples of a curve over life.
pub const SAMPLES: usize = 16;
/// Bursts of a system.
pub const BURSTS: usize = 4;

/// Numbers of a system.
#[allow(missing_docs)] // Most say it by their name.
pub mod real {
    /// Particles a second.
    pub const RATE: usize = 0;
    /// Seconds that it still emits.
    pub const LASTS: usize = 1;
    /// Share of a particle that is due.
    pub const DUE: usize = 2;
    /// Seconds until each burst, its particles, and the seconds between two of it (0: once).
    pub const BURST_IN: usize = 3;
    pub const BURST_COUNT: usize = 7;
    pub const BURST_EVERY: usize = 11;
    /// Least and most.
    pub const SPEED: usize = 15;
    pub const LIFE: usize = 17;
    pub const SIZE: usize = 19;
    /// Cosine of the half-angle about the direction.
    pub const SPREAD: usize = 21;
    pub const DIRECTION: usize = 22;
    /// Of the emitter, in the frame of its entity.
    pub const POSITION: usize = 25;
    pub const ROTATION: usize = 28;
    /// Added to every particle, in the world's frame.
    pub const VELOCITY: usize = 32;
    /// Share of the entity's velocity that particles get.
    pub const INHERIT: usize = 35;
    /// Radius; half extents; radius and tangent of the half-angle.
    pub const EXTENT: usize = 36;
    pub const DRAG: usize = 39;
    pub const GRAVITY: usize = 40;
    /// Share of the pull of the long-range sources.
    pub const ATTRACTION: usize = 41;
    /// Turbulence: m/s², 1/m, and how fast it changes, 1/s.
    pub const TURBULENCE: usize = 42;
    pub const PHASE: usize = 45;
    pub const RESTITUTION: usize = 46;
    pub const FRICTION: usize = 47;
    pub const RADIUS: usize = 48;
    /// Share of the velocity of the dead that those get whom it begets.
    pub const HERITAGE: usize = 49;
    /// Where the emitter is in this step, and the velocity that its particles get.
    pub const ORIGIN: usize = 50;
    pub const TURN: usize = 53;
    pub const PUSH: usize = 57;
    /// Red, green, blue, alpha at each sample of a life, then the factor of the size.
    pub const COLOUR: usize = 64;
    pub const GROWTH: usize = 128;
}

/// Words of a system.
#[allow(missing_docs)]
pub mod word {
    /// Particles alive.
    pub const COUNT: usize = 0;
    pub const PAGES: usize = 1;
    /// First place in the list of pages.
    pub const LIST: usize = 2;
    /// Particles that its pages must have room for.
    pub const RESERVE: usize = 3;
    /// Newborn of this step.
    pub const BIRTHS: usize = 4;
    /// All born so far.
    pub const BORN: usize = 5;
    pub const DEATHS: usize = 6;
    /// Bits: `super::bit`.
    pub const FLAGS: usize = 7;
    /// `super::shape`
    pub const SHAPE: usize = 8;
    /// The entity that it follows, 0 for none.
    pub const ENTITY: usize = 9;
    pub const SEED: usize = 10;
    /// Particles that it may have.
    pub const MOST: usize = 11;
    /// Particles asked for by a call, at the emitter.
    pub const ASKED: usize = 12;
    /// System that gets the dead ones' offspring, 0 for none, and how many each.
    pub const HEIR: usize = 13;
    pub const OFFSPRING: usize = 14;
    /// Groups of bodies that particles meet.
    pub const MASK: usize = 15;
    /// Mesh whose surface emits: entry, and where the sums of its areas are.
    pub const MESH: usize = 16;
    pub const AREAS: usize = 17;
    /// Its broods of this step, and their particles.
    pub const BROOD: usize = 18;
    pub const BROOD_END: usize = 19;
    pub const BROODED: usize = 20;
    /// First packed instance.
    pub const INSTANCE: usize = 21;
    /// Packed instances.
    pub const INSTANCES: usize = 22;
    /// First entry of the offspring of its dead in this step.
    pub const ESTATE: usize = 23;
    /// How many of them there is room for.
    pub const HEARD: usize = 24;
}

/// Bits of `word::FLAGS`.
#[allow(missing_docs)]
pub mod bit {
    /// The slot has a system.
    pub const LIVE: u32 = 1;
    /// Particles leave along the outward normal of the shape.
    pub const OUTWARD: u32 = 2;
    /// They are born on the surface alone.
    pub const SURFACE: u32 = 4;
    pub const TURBULENT: u32 = 8;
    pub const ATTRACTED: u32 = 16;
    pub const HITS_BODIES: u32 = 32;
    pub const HITS_PLANES: u32 = 64;
    /// What a hit does; neither: bounce.
    pub const STICKS: u32 = 128;
    pub const DIES: u32 = 256;
    /// Hits are told.
    pub const TELLS: u32 = 512;
    /// Has extra numbers.
    pub const EXTRAS: u32 = STICKS | TELLS;
    /// Collides at all.
    pub const HITS: u32 = HITS_BODIES | HITS_PLANES;
}

/// Values of `word::SHAPE`.
#[allow(missing_docs)]
pub mod shape {
    pub const POINT: u32 = 0;
    pub const SPHERE: u32 = 1;
    pub const CONE: u32 = 2;
    pub const BOX: u32 = 3;
    pub const MESH: u32 = 4;
}

/// Slots in use, the built-in system included.
#[inline(always)]
pub fn systems(world: &World) -> usize {
    (world.columns.settings.get(setting::SYSTEMS) as usize).clamp(1, world.capacity.systems)
}

/// Word `index` of a system.
#[inline(always)]
pub fn word_of(world: &World, system: usize, index: usize) -> usize {
    world.columns.system_word.get(system * SYSTEM_WORDS + index) as usize
}

/// Writes word `index` of a system.
#[inline(always)]
pub fn set_word(world: &World, system: usize, index: usize, value: usize) {
    world.columns.system_word.set(system * SYSTEM_WORDS + index, value as u32);
}

/// Number `index` of a system.
#[inline(always)]
pub fn real_of(world: &World, system: usize, index: usize) -> f32 {
    world.columns.system_real.get(system * SYSTEM_REALS + index)
}

/// Writes number `index` of a system.
#[inline(always)]
pub fn set_real(world: &World, system: usize, index: usize, value: f32) {
    world.columns.system_real.set(system * SYSTEM_REALS + index, value);
}

/// `N` numbers of a system from `index` on.
#[inline(always)]
pub fn reals_of<const N: usize>(world: &World, system: usize, index: usize) -> [f32; N] {
    core::array::from_fn(|k| real_of(world, system, index + k))
}

/// Bits of a system.
#[inline(always)]
pub fn flags_of(world: &World, system: usize) -> u32 {
    word_of(world, system, word::FLAGS) as u32
}
