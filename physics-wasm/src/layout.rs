//! Where every column lies: name, element type, length. The one source that both languages read.
//!
//! A world is one block of memory: this table places each column on a 64-byte line, padded by one line so that a four-lane load at the
//! last element stays inside. TypeScript gets `NAMES` (one line a column) and the byte offsets in the same order, and builds its views from them.

#![allow(missing_docs)] // Most columns say it by their name.

use core::mem::size_of;

use crate::column::Column;
use crate::wide::{real_name, Real};

/// Alignment of every column, in bytes: one cache line.
pub const LINE: usize = 64;
/// Bodies a block of the per-entity stages: enough work to be worth a claim (5–10 µs), small enough to balance.
pub const BLOCK: usize = 1024;
/// Slabs of the first sorting pass (the top eight bits of a cell key).
pub const SLABS: usize = 256;
/// Bits of the largest grid: 2²⁰ cells.
pub const MAX_GRID_BITS: u32 = 20;
/// Pairs a page of the pair buffers.
pub const PAGE: usize = 128;
/// Counters of one block: radius octaves and one octave histogram an axis.
pub const OCTAVES: usize = 64;
/// Static planes a world can hold.
pub const MAX_PLANES: usize = 64;
/// Instance groups a world can draw.
pub const MAX_GROUPS: usize = 16;
/// Parameters of one burst or emitter; the order is `stages::particles::parameter`.
pub const EMISSION: usize = 24;
/// Bursts that can wait for one step.
pub const MAX_BURSTS: usize = 1024;
/// Floats of one packed body instance.
pub const BODY_STRIDE: usize = 12;
/// Floats of one packed particle.
pub const PARTICLE_STRIDE: usize = 8;
/// Values a wide contact holds, four lanes each; the order is `stages::contact::field`.
pub const WIDE_CONTACT: usize = 16;
/// Words of a body's record in the sort: key, id, position and reach.
pub const RECORD: usize = 2 + size_of::<[Real; 4]>() / 4;
/// Reals of one solver body: rows of four for velocity and inverse mass, angular velocity and inverse inertia, displacement,
/// acceleration, angular acceleration.
pub const SOLVER_BODY: usize = 20;

/// How much of everything one world can hold, chosen once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Entity ids: every per-entity column has this length. A multiple of `BLOCK`.
    pub entities: usize,
    /// Particles alive at once.
    pub particles: usize,
    /// Contacts in one step.
    pub contacts: usize,
    /// Emitters.
    pub emitters: usize,
    /// Hits of bullets in one step.
    pub hits: usize,
    /// Packed body instances of all groups together.
    pub instances: usize,
}

impl Capacity {
    /// Blocks of the per-entity stages.
    pub fn blocks(&self) -> usize {
        self.entities / BLOCK
    }
    /// Elements of the particle columns: whole blocks.
    pub fn particle_slots(&self) -> usize {
        self.particles.next_multiple_of(BLOCK)
    }
    /// Bits of the largest grid that this world uses: about two cells a body.
    pub fn grid_bits(&self) -> u32 {
        (usize::BITS - (2 * self.entities).leading_zeros()).clamp(8, MAX_GRID_BITS)
    }
    /// Blocks of the pair search: 256 sorted bodies each, and one for each large body.
    pub fn pair_blocks(&self) -> usize {
        self.entities.div_ceil(crate::stages::find_pairs::PAIR_BLOCK) + self.entities
    }
    /// Candidate pairs in one step: the broad phase offers about twice what collides.
    pub fn pairs(&self) -> usize {
        2 * self.contacts
    }
    /// Pages of the pair buffers: one that is not full for each block that has any.
    pub fn pages(&self) -> usize {
        self.pairs() / PAGE + self.entities.div_ceil(crate::stages::find_pairs::PAIR_BLOCK) + 1024.min(self.entities)
    }
    /// Bodies that contacts can touch in one step, and the one at rest that stands for all statics.
    pub fn solver_bodies(&self) -> usize {
        self.entities.min(2 * self.contacts) + 1
    }
    /// Slots of the warm-start table.
    pub fn table(&self) -> usize {
        (2 * self.contacts).next_power_of_two()
    }
    /// Nodes of the tree: those above the slabs, and half as many as there are points.
    pub fn tree_nodes(&self) -> usize {
        crate::tree::build::TOP + self.entities / 2 + 1
    }
    /// Wide contacts: each colour may leave three lanes empty.
    pub fn wide_contacts(&self) -> usize {
        self.contacts / 4 + crate::stages::colour::COLOURS + 2
    }
}

/// The name of an element type as TypeScript reads it.
macro_rules! element_name {
    (Real) => {
        real_name!()
    };
    ($type:ident) => {
        stringify!($type)
    };
}
macro_rules! columns {
    ($($(#[$doc:meta])* $field:ident: $type:ident[$length:expr] = $name:literal;)*) => {
        /// Every column of a world, in the order of the table.
        #[derive(Clone, Copy)]
        pub struct Columns { $($(#[$doc])* pub $field: Column<$type>,)* }

        /// One line a column: `name type`.
        pub const NAMES: &str = concat!($($name, " ", element_name!($type), "\n",)*);
        /// Number of columns.
        pub const COUNT: usize = [$($name),*].len();

        impl Columns {
            /// Places every column from byte `base` on. Gives the columns, their offsets and lengths, and the first byte after them.
            pub fn place(capacity: &Capacity, base: usize) -> (Self, [[u32; 2]; COUNT], usize) {
                let mut end = base.next_multiple_of(LINE);
                let mut table = [[0u32; 2]; COUNT];
                let mut index = 0;
                $(
                    let length: usize = { let c = capacity; let f: fn(&Capacity) -> usize = $length; f(c) };
                    let $field = Column::<$type>::at(end, length);
                    table[index] = [end as u32, length as u32];
                    index += 1;
                    end = (end + length * size_of::<$type>() + LINE).next_multiple_of(LINE);
                )*
                debug_assert_eq!(index, COUNT);
                (Self { $($field),* }, table, end)
            }
        }
    };
}

columns! {
    // — the public state, indexed by entity id —
    /// Position, m.
    position_x: Real[|c| c.entities] = "Position.x";
    position_y: Real[|c| c.entities] = "Position.y";
    position_z: Real[|c| c.entities] = "Position.z";
    /// Orientation, unit quaternion.
    rotation_x: Real[|c| c.entities] = "Rotation.x";
    rotation_y: Real[|c| c.entities] = "Rotation.y";
    rotation_z: Real[|c| c.entities] = "Rotation.z";
    rotation_w: Real[|c| c.entities] = "Rotation.w";
    /// Drawn size.
    scale_x: Real[|c| c.entities] = "Scale.x";
    scale_y: Real[|c| c.entities] = "Scale.y";
    scale_z: Real[|c| c.entities] = "Scale.z";
    /// Velocity, m/s.
    velocity_x: Real[|c| c.entities] = "LinearVelocity.x";
    velocity_y: Real[|c| c.entities] = "LinearVelocity.y";
    velocity_z: Real[|c| c.entities] = "LinearVelocity.z";
    /// Angular velocity, rad/s, world frame.
    angular_x: Real[|c| c.entities] = "AngularVelocity.x";
    angular_y: Real[|c| c.entities] = "AngularVelocity.y";
    angular_z: Real[|c| c.entities] = "AngularVelocity.z";
    /// Force applied for the next step, N.
    force_x: Real[|c| c.entities] = "Force.x";
    force_y: Real[|c| c.entities] = "Force.y";
    force_z: Real[|c| c.entities] = "Force.z";
    /// Torque applied for the next step, N·m.
    torque_x: Real[|c| c.entities] = "Torque.x";
    torque_y: Real[|c| c.entities] = "Torque.y";
    torque_z: Real[|c| c.entities] = "Torque.z";
    /// Mass, kg.
    mass: Real[|c| c.entities] = "Mass.value";
    /// Charge, C.
    charge: Real[|c| c.entities] = "Charge.value";
    /// What the body is: bits of `flag`.
    flags: u32[|c| c.entities] = "RigidBody.flags";
    /// Sphere radius, m.
    radius: Real[|c| c.entities] = "RigidBody.radius";
    friction: Real[|c| c.entities] = "RigidBody.friction";
    restitution: Real[|c| c.entities] = "RigidBody.restitution";
    /// Linear damping, 1/s.
    linear_damping: Real[|c| c.entities] = "RigidBody.linearDamping";
    /// Angular damping, 1/s.
    angular_damping: Real[|c| c.entities] = "RigidBody.angularDamping";
    gravity_scale: Real[|c| c.entities] = "RigidBody.gravityScale";
    /// Free value for the renderer.
    tint: Real[|c| c.entities] = "RigidBody.tint";
    group: u32[|c| c.entities] = "RigidBody.group";
    mask: u32[|c| c.entities] = "RigidBody.mask";
    /// Instance group that draws the body, 0 for none.
    instance_group: u32[|c| c.entities] = "RigidBody.instanceGroup";

    // — what the two languages tell each other —
    /// Settings, in the order of `world::setting`.
    settings: f64[|_| crate::world::setting::COUNT] = "settings";
    /// Counters of the last step, in the order of `world::counter`.
    counters: u32[|_| crate::world::counter::COUNT] = "counters";
    /// Milliseconds of each stage of the last step, in the order of `step::STAGES`.
    profile: f64[|_| crate::step::STAGES.len()] = "profile";
    /// When the last stage ended, on the host's clock, ms.
    clock: f64[|_| 1] = "clock";
    /// Results of measures: energy, momentum …
    result: f64[|_| 16] = "result";
    /// Bursts that wait for the next step.
    bursts: f32[|_| MAX_BURSTS * EMISSION] = "bursts";
    /// Emitters.
    emitters: f32[|c| c.emitters * EMISSION] = "emitters";
    /// First instance and capacity of each group.
    group_start: u32[|_| MAX_GROUPS + 1] = "groupStart";
    /// Instances packed of each group.
    group_count: u32[|_| MAX_GROUPS + 1] = "groupCount";
    /// Packed body instances, `BODY_STRIDE` floats each.
    instances: f32[|c| c.instances * BODY_STRIDE] = "instances";
    /// Packed particles, `PARTICLE_STRIDE` floats each.
    particle_instances: f32[|c| c.particle_slots() * PARTICLE_STRIDE] = "particleInstances";
    /// Hits of bullets in the last step.
    hit_bullet: u32[|c| c.hits] = "hits.bullet";
    hit_other: u32[|c| c.hits] = "hits.other";
    hit_x: Real[|c| c.hits] = "hits.x";
    hit_y: Real[|c| c.hits] = "hits.y";
    hit_z: Real[|c| c.hits] = "hits.z";
    hit_nx: Real[|c| c.hits] = "hits.nx";
    hit_ny: Real[|c| c.hits] = "hits.ny";
    hit_nz: Real[|c| c.hits] = "hits.nz";
    hit_impulse: Real[|c| c.hits] = "hits.impulse";
    /// Samples of `longRangeError`: |error|² and |acceleration|² of each.
    samples: f64[|_| 2 * crate::stages::measure::MAX_SAMPLES] = "samples";
    /// Answers of queries: entity ids.
    found: u32[|c| c.entities] = "found";

    // — particles —
    particle_x: f32[|c| c.particle_slots()] = "Particle.x";
    particle_y: f32[|c| c.particle_slots()] = "Particle.y";
    particle_z: f32[|c| c.particle_slots()] = "Particle.z";
    particle_vx: f32[|c| c.particle_slots()] = "Particle.vx";
    particle_vy: f32[|c| c.particle_slots()] = "Particle.vy";
    particle_vz: f32[|c| c.particle_slots()] = "Particle.vz";
    /// Seconds left.
    particle_left: f32[|c| c.particle_slots()] = "Particle.left";
    /// 1 / life.
    particle_rate: f32[|c| c.particle_slots()] = "Particle.rate";
    particle_size: f32[|c| c.particle_slots()] = "Particle.size";
    particle_drag: f32[|c| c.particle_slots()] = "Particle.drag";
    particle_gravity: f32[|c| c.particle_slots()] = "Particle.gravityScale";
    particle_r: f32[|c| c.particle_slots()] = "Particle.r";
    particle_g: f32[|c| c.particle_slots()] = "Particle.g";
    particle_b: f32[|c| c.particle_slots()] = "Particle.b";

    // — scratch of one step, indexed by entity id —
    /// Flags of the bodies that take part in this step; 0 for all others and for quarantined bodies.
    live: u32[|c| c.entities] = "scratch.live";
    acceleration_x: Real[|c| c.entities] = "scratch.accelerationX";
    acceleration_y: Real[|c| c.entities] = "scratch.accelerationY";
    acceleration_z: Real[|c| c.entities] = "scratch.accelerationZ";
    /// Radius that covers the body's whole motion in the step.
    reach: Real[|c| c.entities] = "scratch.reach";
    /// Cell of the body, or a marker.
    key: u32[|c| c.entities] = "scratch.key";
    /// Solver slot of a touched body, else 0.
    slot: u32[|c| c.entities] = "scratch.slot";

    // — scratch, a block of entities —
    /// Tallies of a block: `world::tally`.
    tallies: u32[|c| c.blocks() * crate::world::tally::COUNT] = "scratch.tallies";
    octaves: u32[|c| c.blocks() * 4 * OCTAVES] = "scratch.octaves";
    slab_counts: u32[|c| c.blocks() * SLABS] = "scratch.slabCounts";
    group_counts: u32[|c| c.blocks() * (MAX_GROUPS + 1)] = "scratch.groupCounts";
    partial: f64[|c| c.blocks() * 8] = "scratch.partial";

    // — sources of long-range forces —
    source_x: Real[|c| c.entities] = "scratch.sourceX";
    source_y: Real[|c| c.entities] = "scratch.sourceY";
    source_z: Real[|c| c.entities] = "scratch.sourceZ";
    source_gm: Real[|c| c.entities] = "scratch.sourceGm";
    source_kc: Real[|c| c.entities] = "scratch.sourceKc";
    source_id: u32[|c| c.entities] = "scratch.sourceId";

    // — the tree of the long-range forces —
    point_x: Real[|c| c.entities] = "scratch.pointX";
    point_y: Real[|c| c.entities] = "scratch.pointY";
    point_z: Real[|c| c.entities] = "scratch.pointZ";
    point_gm: Real[|c| c.entities] = "scratch.pointGm";
    point_kc: Real[|c| c.entities] = "scratch.pointKc";
    /// Charge over mass.
    point_ratio: Real[|c| c.entities] = "scratch.pointRatio";
    /// Entity, and whether it is a source or a target.
    point_id: u32[|c| c.entities] = "scratch.pointId";
    /// Octant of a point in the node that is being split.
    point_octant: u32[|c| c.entities] = "scratch.pointOctant";
    /// Pull on each point: x, y, z, 0; or its potentials.
    pull: Real[|c| 4 * c.entities] = "scratch.pull";
    tree_bounds: Real[|c| c.blocks() * 6] = "scratch.treeBounds";
    tree_counts: u32[|c| c.blocks() * crate::tree::points::SLABS] = "scratch.treeCounts";
    tree_start: u32[|_| crate::tree::points::SLABS + 1] = "scratch.treeStart";
    tree_root: u32[|_| crate::tree::points::SLABS] = "scratch.treeRoot";
    tree_nodes: u32[|_| crate::tree::points::SLABS] = "scratch.treeNodes";
    tree_task: u32[|c| c.tree_nodes()] = "scratch.treeTask";
    /// Centre and radius of a node's sources, and of its targets: x, y, z, radius; the radius is −1 where there are none.
    node_sources: Real[|c| 4 * c.tree_nodes()] = "scratch.nodeSources";
    node_targets: Real[|c| 4 * c.tree_nodes()] = "scratch.nodeTargets";
    /// Σ G m + |k c|.
    node_weight: Real[|c| c.tree_nodes()] = "scratch.nodeWeight";
    /// Mean square distance of the points from the centre.
    node_spread: Real[|c| c.tree_nodes()] = "scratch.nodeSpread";
    /// Σ w over that: about the field in the node; in tasks, the largest of the node's and its ancestors'.
    node_field: Real[|c| c.tree_nodes()] = "scratch.nodeField";
    /// Number of targets of a node.
    node_count: u32[|c| c.tree_nodes()] = "scratch.nodeCount";
    /// Points of a node.
    node_start: u32[|c| c.tree_nodes()] = "scratch.nodeStart";
    node_end: u32[|c| c.tree_nodes()] = "scratch.nodeEnd";
    /// Children of a node: `build::Link`.
    node_link: u32[|c| c.tree_nodes()] = "scratch.nodeLink";
    node_moments: Real[|c| c.tree_nodes() * crate::tree::moments::STRIDE] = "scratch.nodeMoments";
    tree_scratch: u32[|_| crate::jobs::MAX_THREADS * crate::tree::walker::SCRATCH / 4] = "scratch.treeScratch";
    plane_ids: u32[|_| MAX_PLANES] = "scratch.planes";

    // — the sorted working copy —
    slab_start: u32[|_| SLABS + 1] = "scratch.slabStart";
    cell_start: u32[|c| (1usize << c.grid_bits()) + 1] = "scratch.cellStart";
    record: u32[|c| c.entities * RECORD] = "scratch.record";
    sorted_id: u32[|c| c.entities] = "scratch.sortedId";
    sorted_key: u32[|c| c.entities] = "scratch.sortedKey";
    sorted_x: Real[|c| c.entities] = "scratch.sortedX";
    sorted_y: Real[|c| c.entities] = "scratch.sortedY";
    sorted_z: Real[|c| c.entities] = "scratch.sortedZ";
    sorted_reach: Real[|c| c.entities] = "scratch.sortedReach";
    large_id: u32[|c| c.entities] = "scratch.largeId";
    large_x: Real[|c| c.entities] = "scratch.largeX";
    large_y: Real[|c| c.entities] = "scratch.largeY";
    large_z: Real[|c| c.entities] = "scratch.largeZ";
    large_reach: Real[|c| c.entities] = "scratch.largeReach";
    bullet_id: u32[|c| c.entities] = "scratch.bulletId";

    // — pairs and contacts —
    page: u32[|c| c.pages() * (2 * PAGE + 2)] = "scratch.page";
    /// First page and pair count, and contact count and start, of each block of the pair search.
    block_page: u32[|c| c.pair_blocks() * 3] = "scratch.blockPage";
    contact_a: u32[|c| c.contacts] = "scratch.contactA";
    contact_b: u32[|c| c.contacts] = "scratch.contactB";
    contact_nx: Real[|c| c.contacts] = "scratch.contactNx";
    contact_ny: Real[|c| c.contacts] = "scratch.contactNy";
    contact_nz: Real[|c| c.contacts] = "scratch.contactNz";
    contact_separation: Real[|c| c.contacts] = "scratch.contactSeparation";
    contact_approach: Real[|c| c.contacts] = "scratch.contactApproach";
    contact_normal: Real[|c| c.contacts] = "scratch.contactNormalImpulse";
    contact_tx: Real[|c| c.contacts] = "scratch.contactTangentX";
    contact_ty: Real[|c| c.contacts] = "scratch.contactTangentY";
    contact_tz: Real[|c| c.contacts] = "scratch.contactTangentZ";
    contact_colour: u32[|c| c.contacts] = "scratch.contactColour";
    contact_order: u32[|c| c.wide_contacts() * 4] = "scratch.contactOrder";
    wide: Real[|c| c.wide_contacts() * WIDE_CONTACT * 4] = "scratch.wide";
    /// Solver slots of the lanes of each wide contact: four of `a`, four of `b`.
    wide_slots: u32[|c| c.wide_contacts() * 8] = "scratch.wideSlots";
    solver: Real[|c| c.solver_bodies() * SOLVER_BODY] = "scratch.solver";
    solver_id: u32[|c| c.solver_bodies()] = "scratch.solverId";
    solver_colours: u32[|c| c.solver_bodies()] = "scratch.solverColours";

    // — bodies that a contact threw beyond their own reach —
    knocked_id: u32[|c| c.solver_bodies()] = "scratch.knockedId";
    knocked_x: Real[|c| c.solver_bodies()] = "scratch.knockedX";
    knocked_y: Real[|c| c.solver_bodies()] = "scratch.knockedY";
    knocked_z: Real[|c| c.solver_bodies()] = "scratch.knockedZ";
    knocked_reach: Real[|c| c.solver_bodies()] = "scratch.knockedReach";

    // — impulses of the last step, for warm starting —
    table_key: u64[|c| c.table()] = "scratch.tableKey";
    table_contact: u32[|c| c.table()] = "scratch.tableContact";
    warm_slot: u32[|c| c.contacts] = "scratch.warmSlot";
    warm_normal: Real[|c| c.contacts] = "scratch.warmNormal";
    warm_tx: Real[|c| c.contacts] = "scratch.warmTx";
    warm_ty: Real[|c| c.contacts] = "scratch.warmTy";
    warm_tz: Real[|c| c.contacts] = "scratch.warmTz";

    // — swept bullets —
    sweep_other: u32[|c| c.entities] = "scratch.sweepOther";
    sweep_nx: Real[|c| c.entities] = "scratch.sweepNx";
    sweep_ny: Real[|c| c.entities] = "scratch.sweepNy";
    sweep_nz: Real[|c| c.entities] = "scratch.sweepNz";
    sweep_impulse: Real[|c| c.entities] = "scratch.sweepImpulse";

    // — dying particles —
    dead: u32[|c| c.particle_slots()] = "scratch.dead";
    dead_count: u32[|c| c.particle_slots() / BLOCK] = "scratch.deadCount";
}
