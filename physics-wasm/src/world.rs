//! A world: its capacity, its columns, its fork-join, and the numbers that steer one step. A plain record; stages take it first.

use crate::clock;
use crate::jobs::Jobs;
use crate::layout::{Capacity, Columns, BLOCK};
use crate::stages::gather::Grid;
use crate::stages::keep::Kept;
use crate::tree::Tolerance;
use crate::wide::{Real, TINY};

/// Bits of `RigidBody.flags`.
pub mod flag {
    /// The entity is a body.
    pub const BODY: u32 = 1;
    /// Moved by forces and contacts.
    pub const DYNAMIC: u32 = 2;
    /// Moved by its own velocity alone.
    pub const KINEMATIC: u32 = 4;
    /// Swept: finds its first hit along its path.
    pub const BULLET: u32 = 8;
    /// A source of gravity.
    pub const ATTRACTS: u32 = 16;
    /// Touches nothing.
    pub const SENSOR: u32 = 32;
    /// A static half-space: the surface goes through the position, the normal is the rotated +y.
    pub const PLANE: u32 = 64;
    /// Has an entry in the shape table: not a sphere, not a plane.
    pub const SHAPED: u32 = 128;
    /// Sleeps: acts as static until something wakes it.
    pub const ASLEEP: u32 = 256;
    /// May sleep.
    pub const CAN_SLEEP: u32 = 512;
    /// At one end of a joint.
    pub const JOINTED: u32 = 1024;
    /// Never moves along x, y, z …
    pub const LOCK_LINEAR: u32 = 7 << 11;
    /// … never turns about x, y, z: lowest bit first, axes of the world.
    pub const LOCK_ANGULAR: u32 = 7 << 14;
    /// Resists rolling; in `live` alone.
    pub const ROLLS: u32 = 1 << 17;
    /// A kinematic body that moves; in `live` alone.
    pub const MOVES: u32 = 1 << 18;
    /// Has left the reach that it is listed with (`stages::keep`); in `live` alone.
    pub const STRAY: u32 = 1 << 19;
    /// Any lock.
    pub const LOCKS: u32 = LOCK_LINEAR | LOCK_ANGULAR;
}

macro_rules! numbered {
    ($(#[$doc:meta])* $module:ident { $($name:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        pub mod $module {
            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            #[repr(usize)]
            enum Index { $($name),* }
            $(#[doc = $text] pub const $name: usize = Index::$name as usize;)*
            /// How many there are.
            pub const COUNT: usize = [$($text),*].len();
            /// One line each.
            pub const NAMES: &str = concat!($($text, "\n"),*);
        }
    };
}

numbered! {
    /// What the caller sets before a step.
    setting {
        GRAVITY_X = "gravityX", GRAVITY_Y = "gravityY", GRAVITY_Z = "gravityZ",
        G = "G", K = "K", SOFTENING = "softening", MIN_DISTANCE = "minDistance",
        SUB_STEPS = "subSteps", HIGH = "high", BURSTS = "bursts", EMITTERS = "emitters", METHOD = "method", THETA = "theta",
        SLEEP_SPEED = "sleepSpeed", SLEEP_TIME = "sleepTime", JOINTS = "joints", SHAPES = "shapes",
        NODES_STALE = "nodesStale", SYSTEMS = "systems", SHOWN = "shown",
    }
}

numbered! {
    /// What a step counts. `PARTICLES` and `SEED` are state: they last from step to step.
    counter {
        PARTICLES = "particles", SEED = "seed", BODIES = "bodies", BULLETS = "bullets", PAIRS = "pairs", CONTACTS = "contacts",
        COLOURS = "colours", HITS = "hits", QUARANTINED = "quarantined", DROPPED_CONTACTS = "droppedContacts",
        DROPPED_HITS = "droppedHits", DROPPED_PARTICLES = "droppedParticles", DROPPED_INSTANCES = "droppedInstances",
        SOURCES = "sources", LARGE = "large", CELLS = "cells", WARM = "warm", KNOCKED = "knocked",
        LONG_RANGE = "longRange", TREE_NODES = "treeNodes", TREE_POINTS = "treePoints", TREE_TASKS = "treeTasks",
        AWAKE = "awake", ASLEEP = "asleep", ISLANDS = "islands", MANIFOLDS = "manifolds", DROPPED_MANIFOLDS = "droppedManifolds",
        BEGINS = "begins", ENDS = "ends", SENSED = "sensed", SENSOR_BEGINS = "sensorBegins", SENSOR_ENDS = "sensorEnds", DROPPED_EVENTS = "droppedEvents",
        BROKEN = "broken", JOINTS = "joints", PAGES = "pages", WARM_ASLEEP = "warmAsleep", WOKEN = "woken", TICK = "tick", TOUCHED = "touched", FLOWN = "flown", FLOWN_BEFORE = "flownBefore", MANIFOLDS_ASLEEP = "manifoldsAsleep",
        NODES = "nodes", LEVELS = "levels", NODES_MOVED = "nodesMoved", NODE_GROUPS = "nodeGroups", NODE_SPANS = "nodeSpans",
        PARTICLE_PAGES = "particlePages", FREE_PAGES = "freePages", BROODS = "broods", PARTICLE_HITS = "particleHits",
        DROPPED_PARTICLE_HITS = "droppedParticleHits", ATTRACTORS = "attractors",
        PARTICLES_BORN = "particlesBorn", PARTICLES_MEETING = "particlesMeeting",
    }
}

numbered! {
    /// What a block of entities tallies in `forces`.
    tally {
        BODIES = "bodies", BULLETS = "bullets", QUARANTINED = "quarantined", SOURCES = "sources", PLANES = "planes",
        FORCED = "forced", LARGE = "large", BULLET_START = "bulletStart", LARGE_START = "largeStart",
        SOURCE_START = "sourceStart", TARGETS = "targets", CHARGED = "charged", FRAMED = "framed", AWAKE = "awake", ASLEEP = "asleep", STIRRED = "stirred", SLEEPY = "sleepy", STILL = "still",
        STRAYED = "strayed", STRAYS = "strays", SPEED = "speed", RADIUS = "radius", MOVERS = "movers",
    }
}

/// Values of the setting `METHOD` and of the counter `LONG_RANGE`.
pub mod method {
    /// As a setting: whichever is faster. As a counter: none.
    pub const NONE: usize = 0;
    /// Every source on every target.
    pub const DIRECT: usize = 1;
    /// Far sources as cells.
    pub const TREE: usize = 2;
}

/// The numbers of one step, read once from the settings.
#[derive(Clone, Copy, Default)]
pub struct Parameters {
    /// Length of the step, s.
    pub dt: Real,
    /// Uniform gravity, m/s².
    pub gravity: [Real; 3],
    /// Constant of gravitation.
    pub g: Real,
    /// Coulomb constant.
    pub k: Real,
    /// Plummer softening, squared.
    pub softening2: Real,
    /// Smallest distance at which a pair attracts, squared.
    pub min_distance2: Real,
    /// Smallest distance at which a pair attracts.
    pub min_distance: Real,
    /// Which method sums the long-range forces: `method`.
    pub method: usize,
    /// The tree's opening parameter.
    pub theta: Real,
    /// Contact sub-steps.
    pub sub_steps: usize,
    /// Blocks of entities in use.
    pub blocks: usize,
    /// Whether some body has a shape, a joint, a lock or rolling resistance: else the paths of spheres are all there is.
    pub framed: bool,
    /// Whether nothing moves: the pairs and contacts of the last step still stand.
    pub idle: bool,
    /// Whether the list of pairs of an earlier step still stands.
    pub listed: bool,
    /// Which half of the manifold records this step writes: 0 or 1.
    pub half: usize,
    /// Whether the last step kept what bodies moved: `stages::shown`.
    pub shown: bool,
    /// Whether bodies moved in the last step.
    pub moved: bool,
}

/// One world.
pub struct World {
    /// What it can hold.
    pub capacity: Capacity,
    /// Where everything lies.
    pub columns: Columns,
    /// Its threads.
    pub jobs: Jobs,
    /// Numbers of the running step.
    pub parameters: Parameters,
    /// The broad phase's grid of the running step.
    pub grid: Grid,
    /// The list of pairs in use.
    pub kept: Kept,
    /// What the tree of the running step may err.
    pub tolerance: Tolerance,
}

impl World {
    /// A world over the memory from byte `base` on; the memory is zero. Gives the world and its table of offsets and lengths.
    pub fn place(capacity: Capacity, base: usize) -> (Self, [[u32; 2]; crate::layout::COUNT], usize) {
        let (columns, table, end) = Columns::place(&capacity, base);
        (
            Self {
                capacity,
                columns,
                jobs: Jobs::new(),
                parameters: Parameters::default(),
                grid: Grid::default(),
                kept: Kept::default(),
                tolerance: Tolerance::default(),
            },
            table,
            end,
        )
    }

    /// Reads the settings for a step of `dt` seconds.
    pub fn read_settings(&mut self, dt: Real) {
        let s = |index| self.columns.settings.get(index);
        let square = |v: f64| (v as Real) * (v as Real);
        self.parameters = Parameters {
            dt,
            gravity: [s(setting::GRAVITY_X) as Real, s(setting::GRAVITY_Y) as Real, s(setting::GRAVITY_Z) as Real],
            g: s(setting::G) as Real,
            k: s(setting::K) as Real,
            softening2: square(s(setting::SOFTENING)),
            min_distance2: square(s(setting::MIN_DISTANCE)).max(TINY),
            min_distance: (s(setting::MIN_DISTANCE) as Real).max(TINY.sqrt()),
            method: (s(setting::METHOD) as usize).min(method::TREE),
            theta: (s(setting::THETA) as Real).clamp(0.05, 1.0),
            sub_steps: (s(setting::SUB_STEPS) as usize).clamp(1, 64),
            blocks: (s(setting::HIGH) as usize).min(self.capacity.entities).div_ceil(BLOCK),
            framed: false,
            idle: false,
            listed: false,
            half: self.parameters.half,
            shown: self.parameters.shown,
            moved: self.parameters.moved,
        };
    }

    /// Counter `index`.
    pub fn count(&self, index: usize) -> usize {
        self.columns.counters.get(index) as usize
    }

    /// Bodies that take part: all but the quarantined.
    pub fn acting(&self) -> usize {
        self.count(counter::BODIES).saturating_sub(self.count(counter::QUARANTINED))
    }

    /// Sets counter `index`.
    pub fn set_count(&self, index: usize, value: usize) {
        self.columns.counters.set(index, value as u32);
    }

    /// Tally `index` of `block`.
    pub fn tally(&self, block: usize, index: usize) -> usize {
        self.columns.tallies.get(block * tally::COUNT + index) as usize
    }

    /// Sets tally `index` of `block`.
    pub fn set_tally(&self, block: usize, index: usize, value: usize) {
        self.columns.tallies.set(block * tally::COUNT + index, value as u32);
    }

    /// Starts the stopwatch. One reading a boundary: JavaScript allocates 16 bytes for each.
    pub fn start_clock(&mut self) {
        self.columns.clock.set(0, clock::now());
    }

    /// Runs a stage and writes its milliseconds into the profile; the next one begins where it ended.
    pub fn timed(&mut self, stage: usize, run: impl FnOnce(&mut Self)) {
        run(self);
        let now = clock::now();
        self.columns.profile.set(stage, now - self.columns.clock.get(0));
        self.columns.clock.set(0, now);
    }
}
