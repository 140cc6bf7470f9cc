//! Graph colouring: constraints of one colour share no dynamic body, so a colour is solved in parallel and its order does not matter.
//!
//! Greedy, joints first and then contacts, each in its own order: a constraint takes the lowest colour that neither of its bodies has. What
//! finds no colour goes into the last one, which is solved one by one. (Box2D v3 does the same with persistent contacts.)

use super::joint;
use super::warm_start::bit;
use crate::column::Column;
use crate::layout::SOLVER_BODY;
use crate::wide::LANES;
use crate::world::{counter, flag, setting, World};

/// Parallel colours. A sphere touches at most twelve equal ones; a larger body can have more.
pub const COLOURS: usize = 24;

/// Constraints of one kind in wide groups: colour k has `start[k] .. start[k + 1]`; the last colour is the serial one.
#[derive(Clone, Copy, Default)]
pub struct Batch {
    /// First wide constraint of each colour, and the end.
    pub start: [usize; COLOURS + 2],
}

impl Batch {
    /// Wide constraints of a colour.
    pub fn of(&self, colour: usize) -> core::ops::Range<usize> {
        self.start[colour]..self.start[colour + 1]
    }
    /// All of them.
    pub fn end(&self) -> usize {
        self.start[COLOURS + 1]
    }
}

/// Who is solved with whom.
pub struct Colouring {
    /// Contacts of spheres.
    pub contacts: Batch,
    /// Contacts of other shapes.
    pub manifolds: Batch,
    /// Joints.
    pub joints: Batch,
    /// Touched bodies plus one: slots in use.
    pub bodies: usize,
}

/// Gives every touched body a solver slot, every constraint a colour, and orders the constraints by colour.
pub fn run(world: &mut World) -> Colouring {
    let c = world.columns;
    let mut painter = Painter { world, bodies: 1 };
    c.solver_colours.set(0, 0);
    let mut joints = [0usize; COLOURS + 1];
    let high = (c.settings.get(setting::JOINTS) as usize).min(world.capacity.joints);
    for index in 1..high {
        let colour = if joint::acts(world, index) { painter.paint([c.joint_a.get(index), c.joint_b.get(index)]) } else { NONE };
        c.joint_colour.set(index, colour);
        count(&mut joints, colour);
    }
    let total = world.count(counter::CONTACTS);
    let mut kinds = [[0usize; COLOURS + 1]; 2];
    for index in 0..total {
        let colour = if is_sensor(world, index) { NONE } else { painter.paint([c.contact_a.get(index), c.contact_b.get(index)]) };
        c.contact_colour.set(index, colour);
        count(&mut kinds[(c.contact_manifold.get(index) != 0) as usize], colour);
    }
    let bodies = painter.bodies;
    let of_kind = |manifold: bool| {
        move |index: usize| if (c.contact_manifold.get(index) != 0) == manifold { c.contact_colour.get(index) } else { NONE }
    };
    let colouring = Colouring {
        joints: order(&c.joint_order, &joints, by_class(world, high), |index| c.joint_colour.get(index)),
        contacts: order(&c.contact_order, &kinds[0], 0..total, of_kind(false)),
        manifolds: order(&c.manifold_order, &kinds[1], 0..total, of_kind(true)),
        bodies,
    };
    let used = (0..=COLOURS).filter(|k| joints[*k] + kinds[0][*k] + kinds[1][*k] > 0).count();
    world.set_count(counter::COLOURS, used);
    world.set_count(counter::JOINTS, joints.iter().sum());
    world.set_count(counter::MANIFOLDS, kinds[1].iter().sum());
    colouring
}

/// Colour of what is not solved.
const NONE: u32 = u32::MAX;

/// Contacts with sensors are only reported.
#[inline(always)]
fn is_sensor(world: &World, index: usize) -> bool {
    world.columns.contact_bits.get(index) & bit::SENSOR != 0
}

#[inline(always)]
fn count(counts: &mut [usize; COLOURS + 1], colour: u32) {
    if colour != NONE {
        counts[colour as usize] += 1;
    }
}

struct Painter<'a> {
    world: &'a World,
    bodies: usize,
}

impl Painter<'_> {
    /// The lowest colour that neither body has; from now on the dynamic ones have it.
    #[inline(always)]
    fn paint(&mut self, ends: [u32; 2]) -> u32 {
        let c = &self.world.columns;
        let slots = ends.map(|e| self.slot(e as usize));
        let used = c.solver_colours.get(slots[0]) | c.solver_colours.get(slots[1]);
        let colour = used.trailing_ones().min(COLOURS as u32);
        if (colour as usize) < COLOURS {
            for (slot, e) in slots.into_iter().zip(ends) {
                if c.live.get(e as usize) & flag::DYNAMIC != 0 {
                    c.solver_colours.set(slot, c.solver_colours.get(slot) | 1 << colour);
                }
            }
        }
        colour
    }

    /// The solver slot of a body, a new one at first sight; 0 for what rests.
    #[inline(always)]
    fn slot(&mut self, e: usize) -> usize {
        let c = &self.world.columns;
        if c.live.get(e) & (flag::DYNAMIC | flag::KINEMATIC) == 0 {
            return 0;
        }
        let known = c.slot.get(e) as usize;
        if known != 0 {
            return known;
        }
        let slot = self.bodies;
        self.bodies += 1;
        c.slot.set(e, slot as u32);
        c.solver_id.set(slot, e as u32);
        c.solver_colours.set(slot, 0);
        debug_assert!(slot * SOLVER_BODY < c.solver.len());
        slot
    }
}

/// Joints class by class, each class in order.
fn by_class(world: &World, high: usize) -> impl Iterator<Item = usize> + '_ {
    (0..joint::CLASSES).flat_map(move |class| (1..high).filter(move |j| joint::class(world, *j) == class))
}

/// Writes the constraints in the order of their colours, each colour beginning a new wide one; an empty lane is 0, constraint k is k + 1.
#[inline(never)]
fn order(to: &Column<u32>, counts: &[usize; COLOURS + 1], all: impl Iterator<Item = usize>, colour_of: impl Fn(usize) -> u32) -> Batch {
    let mut start = [0usize; COLOURS + 2];
    for colour in 0..=COLOURS {
        start[colour + 1] = start[colour] + counts[colour].div_ceil(LANES);
    }
    if start[COLOURS + 1] == 0 {
        return Batch { start };
    }
    let mut next: [usize; COLOURS + 1] = core::array::from_fn(|colour| start[colour] * LANES);
    for colour in 0..=COLOURS {
        to.fill(next[colour] + counts[colour], start[colour + 1] * LANES - next[colour] - counts[colour], 0);
    }
    for index in all {
        let colour = colour_of(index);
        if colour != NONE {
            let place = &mut next[colour as usize];
            to.set(*place, index as u32 + 1);
            *place += 1;
        }
    }
    Batch { start }
}
