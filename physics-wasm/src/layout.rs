//! Where every column lies: name, element type, length. The one source that both languages read.
//!
//! A world is one block of memory: this table places each column on a 64-byte line, padded by one line so that a four-lane load at the
//! last element stays inside. TypeScript gets `NAMES` (one line a column) and the byte offsets in the same order, and builds its views from them.

#![allow(missing_docs)] // Most columns say it by their name.

pub use crate::capacity::{Capacity, CAPACITIES, CAPACITY_NAMES};
use crate::column::{columns, Column};
pub use crate::sizes::*;
use crate::wide::Real;

impl Columns {
    /// Places every column from byte `base` on. Gives the columns, their offsets and lengths, and the first byte after them.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn place(capacity: &Capacity, base: usize) -> (Self, [[u32; 2]; COUNT], usize) {
        const { assert!(size_of::<Self>() == size_of::<[Column<u8>; COUNT]>()) };
        let mut end = base.next_multiple_of(LINE);
        let mut table = [[0u32; 2]; COUNT];
        let mut columns = [Column::<u8>::at(0, 0); COUNT];
        for (k, length) in lengths(capacity).into_iter().enumerate() {
            columns[k] = Column::at(end, length);
            table[k] = [end as u32, length as u32];
            end = (end + length * SIZES[k] as usize + LINE).next_multiple_of(LINE);
        }
        // SAFETY: both are rows of columns in C's order, and a column is a pointer and a length whatever its elements are.
        (unsafe { core::mem::transmute::<[Column<u8>; COUNT], Self>(columns) }, table, end)
    }
}

impl Columns {
    /// First byte after the last column.
    #[cfg_attr(target_arch = "wasm32", optimize(size))]
    pub fn end(&self) -> usize {
        // SAFETY: as in `place`.
        let columns = unsafe { &*core::ptr::from_ref(self).cast::<[Column<u8>; COUNT]>() };
        let last = &columns[COUNT - 1];
        last.address(0) as usize + last.len() * SIZES[COUNT - 1] as usize
    }
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
    /// Entry of the shape table; 0 for spheres and planes.
    shape: u32[|c| c.entities] = "RigidBody.shape";
    /// Rolling resistance: a torque of at most this many metres times the normal force works against rolling and twisting.
    rolling: Real[|c| c.entities] = "RigidBody.rollingResistance";
    /// How often the id has been given back: tells a new body from the one that had the id before.
    generation: u32[|c| c.entities] = "RigidBody.generation";
    /// Seconds since the body was last faster than the sleeping speed.
    still: Real[|c| c.entities] = "RigidBody.still";
    /// The next body of the same sleeping island, a ring; 0 for what is awake.
    sleep_next: u32[|c| c.entities] = "RigidBody.sleepNext";

    // — the hierarchy —
    /// The entity whose frame position, rotation and scale are in; 0 for the world's.
    parent: u32[|c| c.entities] = "Parent.entity";
    /// First child, next and previous child of the same parent; 0 for none. The caller's: the kernel follows `parent` alone.
    child: u32[|c| c.entities] = "Parent.child";
    sibling: u32[|c| c.entities] = "Parent.next";
    sibling_before: u32[|c| c.entities] = "Parent.previous";
    /// Place of an entity's node plus one, 0 for none.
    node_of: u32[|c| c.entities] = "Node.of";
    /// The next child of the same parent, while the nodes are put into order.
    node_next: u32[|c| c.entities] = "Node.next";
    /// Parents before children, the children of one node side by side.
    node_entity: u32[|c| c.nodes] = "Node.entity";
    /// Place of the parent's node plus one, 0 for roots.
    node_parent: u32[|c| c.nodes] = "Node.parent";
    /// Place of the first child; those of a node end where those of the next begin.
    node_first: u32[|c| c.nodes + 1] = "Node.first";
    /// Matrix from the node's frame to its parent's, four columns of three.
    node_local: Real[|c| c.nodes * NODE_LOCAL] = "Node.local";
    /// Matrix from the node's frame to the world's, four columns of four.
    node_matrix: Real[|c| c.nodes * MATRIX] = "Node.matrix";
    /// Whether the matrix has to be made anew.
    node_moved: u32[|c| c.nodes] = "Node.moved";
    /// Fours of entities with nodes among them: number of the four, times 16, and a bit for each node.
    node_group: u32[|c| c.node_groups()] = "Node.group";
    /// What their local matrices were made of: positions, rotations, scales of the four.
    node_kept: Real[|c| c.node_groups() * NODE_KEPT] = "Node.kept";
    /// Runs of levels: the first node, times 2, and whether threads share the level.
    node_span: u32[|c| c.nodes + 2] = "Node.span";

    // — shapes —
    shape_real: Real[|c| c.shapes * SHAPE_REALS] = "Shape.real";
    shape_word: u32[|c| c.shapes * SHAPE_WORDS] = "Shape.word";
    geometry_real: Real[|c| c.geometry] = "Shape.geometryReal";
    geometry_word: u32[|c| c.geometry] = "Shape.geometryWord";
    /// Input of the shape builder.
    staging: Real[|_| STAGING] = "Shape.staging";

    // — joints; number 0 is none —
    /// Kind of a joint, 0 for none: `stages::joint::kind`.
    joint_kind: u32[|c| c.joints] = "Joint.kind";
    joint_a: u32[|c| c.joints] = "Joint.a";
    joint_b: u32[|c| c.joints] = "Joint.b";
    /// Bits: `stages::joint::bit`.
    joint_flags: u32[|c| c.joints] = "Joint.flags";
    joint_real: Real[|c| c.joints * JOINT_REALS] = "Joint.real";
    joint_state: Real[|c| c.joints * JOINT_STATE] = "Joint.state";

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
    /// Where the scales of each group begin, plus one; 0 for groups that are drawn without.
    group_scale: u32[|_| MAX_GROUPS + 1] = "groupScale";
    /// Scale of each instance of those groups: x, y, z, 0.
    instance_scales: f32[|c| 4 * c.scales] = "instanceScales";
    /// Packed particles, `PARTICLE_STRIDE` floats each.
    particle_instances: f32[|c| c.particles * PARTICLE_STRIDE] = "particleInstances";
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
    /// Contacts that began in the last step: bodies, point, normal from a to b, speed of approach, impulse of the step.
    begin_a: u32[|c| c.events] = "begins.a";
    begin_b: u32[|c| c.events] = "begins.b";
    begin_x: Real[|c| c.events] = "begins.x";
    begin_y: Real[|c| c.events] = "begins.y";
    begin_z: Real[|c| c.events] = "begins.z";
    begin_nx: Real[|c| c.events] = "begins.nx";
    begin_ny: Real[|c| c.events] = "begins.ny";
    begin_nz: Real[|c| c.events] = "begins.nz";
    begin_speed: Real[|c| c.events] = "begins.speed";
    begin_impulse: Real[|c| c.events] = "begins.impulse";
    /// Contacts that ended.
    end_a: u32[|c| c.events] = "ends.a";
    end_b: u32[|c| c.events] = "ends.b";
    /// Bodies that entered and left sensors.
    sensor_begin: u32[|c| c.events] = "sensorBegins.sensor";
    sensor_begin_other: u32[|c| c.events] = "sensorBegins.other";
    sensor_end: u32[|c| c.events] = "sensorEnds.sensor";
    sensor_end_other: u32[|c| c.events] = "sensorEnds.other";
    /// Joints that broke in the last step.
    joint_broken: u32[|c| c.joints] = "joints.broken";
    /// Samples of `longRangeError`: |error|² and |acceleration|² of each.
    samples: f64[|_| 2 * crate::stages::measure::MAX_SAMPLES] = "samples";
    /// Answers of queries: entity ids.
    found: u32[|c| c.entities] = "found";
    /// Questions of a bulk of queries, one after the other: origins (or centres), directions (or half extents), how far.
    query_origin: Real[|_| 3 * QUERIES] = "query.origin";
    query_direction: Real[|_| 3 * QUERIES] = "query.direction";
    query_far: Real[|_| QUERIES] = "query.far";
    /// Their answers: entity (0 for none), distance, point, normal.
    query_entity: u32[|_| QUERIES] = "query.entity";
    query_distance: Real[|_| QUERIES] = "query.distance";
    query_point: Real[|_| 3 * QUERIES] = "query.point";
    query_normal: Real[|_| 3 * QUERIES] = "query.normal";
    /// Whether the index of the queries is valid, and where its root is: `stages::query_index::state`.
    query_state: u32[|_| crate::stages::query_index::STATE] = "query.state";
    /// Which bodies count: `stages::query::filter`.
    query_filter: u32[|_| 8] = "query.filter";
    /// Boxes of the eight children of each node of the index: low x, y, z, high x, y, z; then their references and the axes of its halvings.
    query_node: Real[|c| c.query_nodes() * crate::stages::query_index::NODE] = "query.node";
    /// Bodies, leaf by leaf: x, y, z, radius; and their ids. Four are read at once, so there is room for three behind the last.
    query_leaf: Real[|c| (c.entities + 4) * 4] = "query.leaf";
    query_id: u32[|c| c.entities + 4] = "query.id";
    /// Low and high corner of the whole index.
    query_bounds: Real[|_| 8] = "query.bounds";
    query_counts: u32[|c| c.blocks() * crate::stages::query_index::GROUPS] = "query.counts";
    /// First body of each group.
    query_start: u32[|_| crate::stages::query_index::GROUPS + 1] = "query.start";

    // — particles: `stages::particle_pages` —
    /// Page by page, field by field.
    particle: f32[|c| c.particle_pages() * PARTICLE_FIELDS * PARTICLE_PAGE] = "Particle.page";
    /// What only the built-in system and those that stick or tell of hits have.
    particle_extra: f32[|c| c.particle_pages() * PARTICLE_EXTRAS * PARTICLE_PAGE] = "Particle.extra";
    /// The pages in use, system by system, and the system of each.
    page_list: u32[|c| c.particle_pages()] = "Particle.pageList";
    page_system: u32[|c| c.particle_pages()] = "Particle.pageSystem";
    /// Pages that were given back.
    page_free: u32[|c| c.particle_pages()] = "Particle.pageFree";
    /// Systems: numbers, words (`stages::particle_system`), how often each slot was given back, and which are free.
    system_real: f32[|c| c.systems * SYSTEM_REALS] = "System.real";
    system_word: u32[|c| c.systems * SYSTEM_WORDS] = "System.word";
    system_generation: u32[|c| c.systems] = "System.generation";
    system_free: u32[|c| c.systems] = "System.free";
    /// Particles asked for by a call or a death: `stages::particle_plan`.
    brood_real: f32[|c| c.broods() * BROOD_REALS] = "Brood.real";
    brood_word: u32[|c| c.broods() * BROOD_WORDS] = "Brood.word";
    /// Hits of particles in the last step.
    particle_hit_system: u32[|c| c.particle_hits] = "particleHits.system";
    particle_hit_other: u32[|c| c.particle_hits] = "particleHits.other";
    particle_hit_x: f32[|c| c.particle_hits] = "particleHits.x";
    particle_hit_y: f32[|c| c.particle_hits] = "particleHits.y";
    particle_hit_z: f32[|c| c.particle_hits] = "particleHits.z";
    particle_hit_nx: f32[|c| c.particle_hits] = "particleHits.nx";
    particle_hit_ny: f32[|c| c.particle_hits] = "particleHits.ny";
    particle_hit_nz: f32[|c| c.particle_hits] = "particleHits.nz";
    particle_hit_speed: f32[|c| c.particle_hits] = "particleHits.speed";

    // — bulk mathematics: `stages::bulk` —
    /// Columns for the caller's own use, one after the other.
    own: Real[|c| c.columns * c.entities] = "own";
    /// Columns of a call: bytes from the first column.
    bulk_offset: u32[|_| crate::stages::bulk::BULK_COLUMNS] = "bulk.offset";
    /// Entities of a call.
    bulk_list: u32[|_| crate::stages::bulk::BULK_LIST] = "bulk.list";

    // — what bodies did in the last step, for drawing between steps: `stages::shown` —
    /// How far a body moved, m.
    moved_x: Real[|c| c.entities] = "scratch.movedX";
    moved_y: Real[|c| c.entities] = "scratch.movedY";
    moved_z: Real[|c| c.entities] = "scratch.movedZ";
    /// How it turned: a rotation vector.
    turned_x: Real[|c| c.entities] = "scratch.turnedX";
    turned_y: Real[|c| c.entities] = "scratch.turnedY";
    turned_z: Real[|c| c.entities] = "scratch.turnedZ";

    // — snapshots —
    /// What the kernel keeps outside the columns: `stages::state`.
    state_kept: f64[|_| crate::stages::state::KEPT] = "State.kept";
    /// Where pieces of a block are laid for the kernel to look at: `stages::state::DESK`.
    state_desk: u32[|_| crate::stages::state::DESK] = "State.desk";

    // — scratch of one step, indexed by entity id —
    /// Flags of the bodies that take part in this step; 0 for all others and for quarantined bodies.
    live: u32[|c| c.entities] = "scratch.live";
    acceleration_x: Real[|c| c.entities] = "scratch.accelerationX";
    acceleration_y: Real[|c| c.entities] = "scratch.accelerationY";
    acceleration_z: Real[|c| c.entities] = "scratch.accelerationZ";
    /// Radius that covers the body's whole motion in the step.
    reach: Real[|c| c.entities] = "scratch.reach";
    /// Half extents of the box that covers a shaped body's motion in the step.
    extent_x: Real[|c| c.entities] = "scratch.extentX";
    extent_y: Real[|c| c.entities] = "scratch.extentY";
    extent_z: Real[|c| c.entities] = "scratch.extentZ";
    /// What the body was when the list of pairs was made: `stages::keep`.
    kept_x: Real[|c| c.entities] = "scratch.keptX";
    kept_y: Real[|c| c.entities] = "scratch.keptY";
    kept_z: Real[|c| c.entities] = "scratch.keptZ";
    kept_reach: Real[|c| c.entities] = "scratch.keptReach";
    kept_live: u32[|c| c.entities] = "scratch.keptLive";
    kept_group: u32[|c| c.entities] = "scratch.keptGroup";
    kept_mask: u32[|c| c.entities] = "scratch.keptMask";
    kept_extent_x: Real[|c| c.entities] = "scratch.keptExtentX";
    kept_extent_y: Real[|c| c.entities] = "scratch.keptExtentY";
    kept_extent_z: Real[|c| c.entities] = "scratch.keptExtentZ";
    /// Normals of the planes, likewise.
    kept_normal: Real[|_| 3 * MAX_PLANES] = "scratch.keptNormal";
    /// Bodies that have left their padded reach: where they are, and their reach of this step.
    stray_id: u32[|_| MAX_STRAYS] = "scratch.strayId";
    stray_x: Real[|_| MAX_STRAYS] = "scratch.strayX";
    stray_y: Real[|_| MAX_STRAYS] = "scratch.strayY";
    stray_z: Real[|_| MAX_STRAYS] = "scratch.strayZ";
    stray_reach: Real[|_| MAX_STRAYS] = "scratch.strayReach";
    /// Where a body that moves was when the step began; filled when there are bullets.
    start_x: Real[|c| c.entities] = "scratch.startX";
    start_y: Real[|c| c.entities] = "scratch.startY";
    start_z: Real[|c| c.entities] = "scratch.startZ";
    /// Cell of the body, or a marker.
    key: u32[|c| c.entities] = "scratch.key";
    /// Solver slot of a touched body, else 0.
    slot: u32[|c| c.entities] = "scratch.slot";

    // — scratch, a block of entities —
    /// Tallies of a block: `world::tally`.
    tallies: u32[|c| c.blocks() * crate::world::tally::COUNT] = "scratch.tallies";
    octaves: u32[|c| c.blocks() * 4 * OCTAVES] = "scratch.octaves";
    /// Low and high corner of the padded reaches of each block's bodies.
    kept_bounds: Real[|c| c.blocks() * 6] = "scratch.keptBounds";
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

    /// Union–find of the islands, by entity id, and what is known of an island, at its root.
    island: u32[|c| c.entities] = "scratch.island";
    island_bits: u32[|c| c.entities] = "scratch.islandBits";

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
    page: u32[|c| c.pages() * crate::stages::pair_pages::PAGE_WORDS] = "scratch.page";
    /// First page and pair count of each block of the pair search.
    block_page: u32[|c| c.pair_blocks() * 2] = "scratch.blockPage";
    /// The pages in use, in the order of their blocks, and the first contact of each.
    page_order: u32[|c| c.pages()] = "scratch.pageOrder";
    page_start: u32[|c| c.pages()] = "scratch.pageStart";
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
    contact_bits: u32[|c| c.contacts] = "scratch.contactBits";
    contact_colour: u32[|c| c.contacts] = "scratch.contactColour";
    contact_order: u32[|c| c.wide_contacts() * 4] = "scratch.contactOrder";
    wide: Real[|c| c.wide_contacts() * WIDE_CONTACT * 4] = "scratch.wide";
    /// Solver slots of the lanes of each wide contact: four of `a`, four of `b`.
    wide_slots: u32[|c| c.wide_contacts() * 8] = "scratch.wideSlots";
    solver: Real[|c| c.solver_bodies() * SOLVER_BODY] = "scratch.solver";
    solver_frame: Real[|c| c.solver_bodies() * SOLVER_FRAME] = "scratch.solverFrame";
    wide_manifold: Real[|c| c.wide_manifolds() * WIDE_MANIFOLD * 4] = "scratch.wideManifold";
    wide_manifold_slots: u32[|c| c.wide_manifolds() * crate::stages::manifold::SLOT_WORDS] = "scratch.wideManifoldSlots";
    manifold_order: u32[|c| c.wide_manifolds() * 4] = "scratch.manifoldOrder";
    wide_joint: Real[|c| c.wide_joints() * WIDE_JOINT * 4] = "scratch.wideJoint";
    wide_joint_slots: u32[|c| c.wide_joints() * 8] = "scratch.wideJointSlots";
    joint_colour: u32[|c| c.joints] = "scratch.jointColour";
    joint_order: u32[|c| c.wide_joints() * 4] = "scratch.jointOrder";
    /// Set of the pairs that a joint keeps from colliding: `stages::joint_pairs`.
    joint_pair: u64[|c| (2 * c.joints).next_power_of_two()] = "scratch.jointPair";
    /// Manifolds of this step and of the last one, in turn, and those of sleepers.
    manifold_real: Real[|c| 3 * c.manifolds * MANIFOLD_REALS] = "scratch.manifoldReal";
    manifold_word: u32[|c| 3 * c.manifolds * MANIFOLD_WORDS] = "scratch.manifoldWord";
    /// Normal impulse of a contact over the whole step.
    contact_total: Real[|c| c.contacts] = "scratch.contactTotal";
    /// First manifold of a contact plus one; 0 for a contact of spheres.
    contact_manifold: u32[|c| c.contacts] = "scratch.contactManifold";
    solver_id: u32[|c| c.solver_bodies()] = "scratch.solverId";
    solver_colours: u32[|c| c.solver_bodies()] = "scratch.solverColours";

    // — bodies that a contact threw beyond their own reach —
    knocked_id: u32[|c| c.solver_bodies()] = "scratch.knockedId";
    knocked_x: Real[|c| c.solver_bodies()] = "scratch.knockedX";
    knocked_y: Real[|c| c.solver_bodies()] = "scratch.knockedY";
    knocked_z: Real[|c| c.solver_bodies()] = "scratch.knockedZ";
    knocked_reach: Real[|c| c.solver_bodies()] = "scratch.knockedReach";

    // — contacts of the last step, and behind them those of sleepers —
    asleep_key: u64[|c| c.table()] = "scratch.asleepKey";
    asleep_contact: u32[|c| c.table()] = "scratch.asleepContact";
    table_key: u64[|c| c.table()] = "scratch.tableKey";
    table_contact: u32[|c| c.table()] = "scratch.tableContact";
    warm_slot: u32[|c| c.contacts] = "scratch.warmSlot";
    warm_a: u32[|c| 2 * c.contacts] = "scratch.warmA";
    warm_b: u32[|c| 2 * c.contacts] = "scratch.warmB";
    /// Tells a pair from another one with the same ids: `warm_start::stamp`.
    warm_stamp: u32[|c| 2 * c.contacts] = "scratch.warmStamp";
    /// What is known of a contact: bits of `warm_start::bit`.
    warm_bits: u32[|c| 2 * c.contacts] = "scratch.warmBits";
    /// First manifold of the pair plus one.
    warm_manifold: u32[|c| 2 * c.contacts] = "scratch.warmManifold";
    warm_normal: Real[|c| 2 * c.contacts] = "scratch.warmNormal";
    warm_tx: Real[|c| 2 * c.contacts] = "scratch.warmTx";
    warm_ty: Real[|c| 2 * c.contacts] = "scratch.warmTy";
    warm_tz: Real[|c| 2 * c.contacts] = "scratch.warmTz";

    // — swept bullets —
    sweep_other: u32[|c| c.entities] = "scratch.sweepOther";
    sweep_nx: Real[|c| c.entities] = "scratch.sweepNx";
    sweep_ny: Real[|c| c.entities] = "scratch.sweepNy";
    sweep_nz: Real[|c| c.entities] = "scratch.sweepNz";
    sweep_x: Real[|c| c.entities] = "scratch.sweepX";
    sweep_y: Real[|c| c.entities] = "scratch.sweepY";
    sweep_z: Real[|c| c.entities] = "scratch.sweepZ";
    sweep_impulse: Real[|c| c.entities] = "scratch.sweepImpulse";
    /// Bullets in sensors, in the last step and in this one: `stages::sense`.
    sensed_last: u32[|c| c.events * crate::stages::sense::RECORD] = "scratch.sensedLast";
    sensed_now: u32[|c| c.events * crate::stages::sense::RECORD] = "scratch.sensedNow";

    // — particles of one step —
    /// A bit a particle of each listed page: who died, and who hit something.
    page_dead: u32[|c| c.particle_pages() * PARTICLE_PAGE / 32] = "scratch.pageDead";
    page_hit: u32[|c| c.particle_pages() * PARTICLE_PAGE / 32] = "scratch.pageHit";
    /// How many of each listed page.
    page_deaths: u32[|c| c.particle_pages()] = "scratch.pageDeaths";
    page_hits: u32[|c| c.particle_pages()] = "scratch.pageHits";
    /// The list of pages while it is made anew.
    page_spare: u32[|c| c.particle_pages()] = "scratch.pageSpare";
    /// Bodies that touch each cell of the grid, by their places in the sorted list (and two that are none), and where those of each cell end.
    touch: u32[|c| crate::stages::particle_cells::ENTRIES * c.entities + 2] = "scratch.touch";
    touch_end: u32[|c| 1usize << c.grid_bits()] = "scratch.touchEnd";
    /// Broods in the order of their systems.
    brood_order: u32[|c| c.broods()] = "scratch.broodOrder";
}
