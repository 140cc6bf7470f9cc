//! How much of everything a world can hold, chosen once, and the lengths that follow from it.

use crate::layout::{BLOCK, MAX_BURSTS, MAX_GRID_BITS, PAGE, PARTICLE_PAGE};
use crate::wide::LANES;

macro_rules! capacity {
    ($($(#[$doc:meta])* $field:ident = $name:literal;)*) => {
        /// How much of everything one world can hold, chosen once.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Capacity { $($(#[$doc])* pub $field: usize,)* }

        /// One line a capacity, in the order of the caller's numbers.
        pub const CAPACITY_NAMES: &str = concat!($($name, "\n",)*);
        /// How many capacities there are.
        pub const CAPACITIES: usize = [$($name),*].len();

        impl Capacity {
            /// The capacity that the caller's numbers ask for, in the order of their names.
            #[cfg_attr(target_arch = "wasm32", optimize(size))]
            pub fn from_numbers(numbers: [u32; CAPACITIES]) -> Self {
                let mut next = numbers.into_iter().map(|n| n as usize);
                let mut given = Self { $($field: (next.next().unwrap_or(0)).max(1),)* };
                given.entities = given.entities.next_multiple_of(BLOCK);
                given.nodes = given.nodes.next_multiple_of(LANES);
                // No particles and no columns of the caller's own are a choice; everything else has room for one.
                given.particles = numbers[1] as usize;
                given.columns = numbers[13] as usize;
                given
            }
        }
    };
}
capacity! {
    /// Entity ids: every per-entity column has this length. A multiple of `BLOCK`.
    entities = "entities";
    /// Particles alive at once.
    particles = "particles";
    /// Contacts in one step: pairs of spheres, and manifolds of other shapes.
    contacts = "contacts";
    /// Emitters.
    emitters = "emitters";
    /// Hits of bullets in one step.
    hits = "hits";
    /// Packed body instances of all groups together.
    instances = "instances";
    /// Of them, those that are packed with a scale of each axis.
    scales = "scales";
    /// Shapes other than spheres and planes, plus one.
    shapes = "shapes";
    /// Numbers that hulls, compounds, meshes and height fields are made of.
    geometry = "geometry";
    /// Manifolds in one step: contacts in which not both are spheres.
    manifolds = "manifolds";
    /// Joints, plus one.
    joints = "joints";
    /// Events of each kind in one step.
    events = "events";
    /// Entities that have a parent or children: a multiple of the lanes.
    nodes = "nodes";
    /// Particle systems, the built-in one included.
    systems = "systems";
    /// Hits of particles in one step that are reported, and deaths that beget others.
    particle_hits = "particleHits";
    /// Columns for the caller's own use.
    columns = "columns";
}

impl Capacity {
    /// Blocks of the per-entity stages.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn blocks(&self) -> usize {
        self.entities / BLOCK
    }
    /// Pages of the particles: each system may have one that is not full.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn particle_pages(&self) -> usize {
        self.particles.div_ceil(PARTICLE_PAGE) + self.systems
    }
    /// Places and numbers of particles asked for until the next step.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn broods(&self) -> usize {
        MAX_BURSTS + self.particle_hits
    }
    /// Bits of the largest grid that this world uses: about two cells a body.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn grid_bits(&self) -> u32 {
        (usize::BITS - (2 * self.entities).leading_zeros()).clamp(8, MAX_GRID_BITS)
    }
    /// Blocks of the pair search: 256 sorted bodies each, and one for each large body.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn pair_blocks(&self) -> usize {
        self.entities.div_ceil(crate::stages::find_pairs::PAIR_BLOCK) + self.entities
    }
    /// Candidate pairs in one step: the broad phase offers about twice what collides.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn pairs(&self) -> usize {
        2 * self.contacts
    }
    /// Pages of the pair buffers: one that is not full for each block that has any.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn pages(&self) -> usize {
        self.pairs() / PAGE + self.entities.div_ceil(crate::stages::find_pairs::PAIR_BLOCK) + 1024.min(self.entities)
    }
    /// Bodies that contacts can touch in one step, and the one at rest that stands for all statics.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn solver_bodies(&self) -> usize {
        self.entities.min(2 * (self.contacts + self.joints)) + 1
    }
    /// Slots of the warm-start table.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn table(&self) -> usize {
        (2 * self.contacts).next_power_of_two()
    }
    /// Fours of entities that can have nodes among them.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn node_groups(&self) -> usize {
        self.nodes.min(self.entities / LANES)
    }
    /// Nodes of the tree: those above the slabs, and half as many as there are points.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn tree_nodes(&self) -> usize {
        crate::tree::build::TOP + self.entities / 2 + 1
    }
    /// Nodes of the index of the queries.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn query_nodes(&self) -> usize {
        crate::stages::query_tree::node_capacity(self.entities)
    }
    /// Wide contacts: each colour may leave three lanes empty.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn wide_contacts(&self) -> usize {
        self.contacts / 4 + crate::stages::colour::COLOURS + 2
    }
    /// Wide manifolds, likewise.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn wide_manifolds(&self) -> usize {
        self.manifolds / 4 + crate::stages::colour::COLOURS + 2
    }
    /// Wide joints, likewise.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn wide_joints(&self) -> usize {
        self.joints / 4 + crate::stages::colour::COLOURS + 2
    }
}
