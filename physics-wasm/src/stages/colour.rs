//! Graph colouring: contacts of one colour share no dynamic body, so a colour is solved in parallel and its order does not matter.
//!
//! Greedy, in contact order: a contact takes the lowest colour that neither of its bodies has. What finds no colour goes into the last one,
//! which is solved contact by contact. (Box2D v3 does the same with persistent contacts.)

use crate::layout::SOLVER_BODY;
use crate::wide::LANES;
use crate::world::{counter, flag, World};

/// Parallel colours. A sphere touches at most twelve equal ones; a larger body can have more.
pub const COLOURS: usize = 24;

/// Which wide contacts each colour has: `start[k] .. start[k + 1]`; the last colour is the serial one.
pub struct Colouring {
    /// First wide contact of each colour, and the end.
    pub start: [usize; COLOURS + 2],
    /// Touched bodies plus one: slots in use.
    pub bodies: usize,
}

/// Gives every touched body a solver slot, every contact a colour, and orders the contacts by colour.
pub fn run(world: &mut World) -> Colouring {
    let c = world.columns;
    let contacts = world.count(counter::CONTACTS);
    let mut bodies = 1;
    let mut counts = [0usize; COLOURS + 1];
    c.solver_colours.set(0, 0);
    for index in 0..contacts {
        let ends = [c.contact_a.get(index), c.contact_b.get(index)].map(|e| slot(world, e as usize, &mut bodies));
        let mut used = 0;
        for end in ends {
            used |= c.solver_colours.get(end);
        }
        let colour = (used.trailing_ones() as usize).min(COLOURS);
        if colour < COLOURS {
            for (end, e) in ends.into_iter().zip([c.contact_a.get(index), c.contact_b.get(index)]) {
                if c.live.get(e as usize) & flag::DYNAMIC != 0 {
                    c.solver_colours.set(end, c.solver_colours.get(end) | 1 << colour);
                }
            }
        }
        c.contact_colour.set(index, colour as u32);
        counts[colour] += 1;
    }
    let start = order(world, &counts, contacts);
    world.set_count(counter::COLOURS, counts.iter().filter(|count| **count > 0).count());
    Colouring { start, bodies }
}

/// The solver slot of a body, a new one at first sight; 0 for what rests.
fn slot(world: &World, e: usize, bodies: &mut usize) -> usize {
    let c = &world.columns;
    if c.live.get(e) & (flag::DYNAMIC | flag::KINEMATIC) == 0 {
        return 0;
    }
    let known = c.slot.get(e) as usize;
    if known != 0 {
        return known;
    }
    let slot = *bodies;
    *bodies += 1;
    c.slot.set(e, slot as u32);
    c.solver_id.set(slot, e as u32);
    c.solver_colours.set(slot, 0);
    debug_assert!(slot * SOLVER_BODY < c.solver.len());
    slot
}

/// Writes the contacts in the order of their colours, each colour beginning a new wide contact; an empty lane is 0, contact k is k + 1.
fn order(world: &World, counts: &[usize; COLOURS + 1], contacts: usize) -> [usize; COLOURS + 2] {
    let c = &world.columns;
    let mut start = [0usize; COLOURS + 2];
    for colour in 0..=COLOURS {
        start[colour + 1] = start[colour] + counts[colour].div_ceil(LANES);
    }
    let mut next: [usize; COLOURS + 1] = core::array::from_fn(|colour| start[colour] * LANES);
    for colour in 0..=COLOURS {
        c.contact_order.fill(next[colour] + counts[colour], start[colour + 1] * LANES - next[colour] - counts[colour], 0);
    }
    for index in 0..contacts {
        let place = &mut next[c.contact_colour.get(index) as usize];
        c.contact_order.set(*place, index as u32 + 1);
        *place += 1;
    }
    start
}
