//! One worker's memory in the walk: frames of target nodes that wait, and lists of source nodes. All of fixed size.

use core::mem::size_of;

use super::expansion::{Local, TERMS};
use super::near::{self, Near};
use crate::column::Column;
use crate::layout::LINE;
use crate::wide::{Real, Word4, LANES};
use crate::world::World;

/// Frames that can wait: seven siblings a level, and the levels above the slabs.
pub const FRAMES: usize = 8 * (super::build::MAX_DEPTH + 4);
/// Undecided sources that the levels of one descent hold together.
pub const UNDECIDED: usize = 4096;
/// Nodes of the other lists.
pub const LIST: usize = 768;
/// Fours of sources after which the lists are looked at: none can overflow in between.
pub const RELIEVED: usize = 64;
/// Floats of a frame: node, start and end of its list; the local expansions of two fields.
const FRAME: usize = 4 + 2 * TERMS;
const FRAMES_BYTES: usize = FRAMES * FRAME * size_of::<Real>();
/// Bytes of one worker's scratch memory.
pub const SCRATCH: usize = (FRAMES_BYTES + 2 * bytes(UNDECIDED) + 4 * bytes(LIST) + near::BYTES).next_multiple_of(LINE);

/// Bytes of a list, with room for a wide store at its end.
const fn bytes(length: usize) -> usize {
    (length + LANES) * 4
}

/// The lists of one worker: fixed columns.
#[derive(Clone, Copy)]
pub(super) struct Lists {
    /// Sources left for the children of the target in work, and their links.
    pub(super) undecided: Column<u32>,
    pub(super) links: Column<u32>,
    /// Links of nodes to be opened.
    pub(super) opened: Column<u32>,
    /// Cells for the local expansion, cells that act as one body, leaves that act body by body.
    pub(super) far: Column<u32>,
    pub(super) cells: Column<u32>,
    pub(super) leaves: Column<u32>,
}

/// How many the lists hold. Apart from them, so that the compiler keeps the numbers in registers.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) undecided: usize,
    pub(super) opened: usize,
    pub(super) far: usize,
    pub(super) cells: usize,
    pub(super) leaves: usize,
}

/// Appends the lanes whose bit is set. The caller has seen to the room.
#[inline(always)]
pub(super) fn append(list: &Column<u32>, count: &mut usize, nodes: Word4, bits: u32) {
    list.store(*count, nodes.compress(bits));
    *count += bits.count_ones() as usize;
}

/// One worker's memory.
pub struct Walker<'a> {
    /// The world.
    pub world: &'a World,
    /// Whether it sums potentials rather than pulls.
    pub potential: bool,
    /// Sources that act body by body on the group in work.
    pub near: Near,
    frames: Column<Real>,
    waiting: usize,
    /// Its lists.
    pub(super) lists: Lists,
}

impl<'a> Walker<'a> {
    /// The memory of worker `worker`.
    pub fn new(world: &'a World, worker: usize, potential: bool) -> Self {
        let base = world.columns.tree_scratch.address(worker * SCRATCH / 4) as usize;
        let near = base + FRAMES_BYTES;
        let mut next = near + near::BYTES;
        let mut list = |length: usize| {
            let list = Column::at(next, length + LANES);
            next += bytes(length);
            list
        };
        let (undecided, links) = (list(UNDECIDED), list(UNDECIDED));
        let lists = Lists { undecided, links, opened: list(LIST), far: list(LIST), cells: list(LIST), leaves: list(LIST) };
        Self { world, near: Near::at(near), frames: Column::at(base, FRAMES * FRAME), waiting: 0, lists, potential }
    }

    /// Queues a target node with its list, the field around it, and what its parent's expansion says about its centre.
    #[inline(always)]
    pub fn push<const FIELDS: usize>(&mut self, node: usize, list: (usize, usize), field: Real, local: &[Local; FIELDS]) {
        let frame = self.waiting * FRAME;
        for (k, v) in [node as Real, list.0 as Real, list.1 as Real, field].into_iter().enumerate() {
            self.frames.set(frame + k, v);
        }
        for (k, v) in local.iter().flatten().enumerate() {
            self.frames.set(frame + 4 + k, *v);
        }
        self.waiting += 1;
    }

    /// Takes the target node queued last.
    #[inline(always)]
    pub fn pop<const FIELDS: usize>(&mut self) -> Option<Frame<FIELDS>> {
        self.waiting = self.waiting.checked_sub(1)?;
        let number = |k: usize| self.frames.get(self.waiting * FRAME + k);
        let word = |k: usize| number(k) as usize;
        let local = core::array::from_fn(|field| core::array::from_fn(|k| number(4 + field * TERMS + k)));
        Some(Frame { node: word(0), list: (word(1), word(2)), field: number(3), local })
    }
}

/// A target node that waits.
pub struct Frame<const FIELDS: usize> {
    /// The node.
    pub node: usize,
    /// Where its list of undecided sources starts and ends.
    pub list: (usize, usize),
    /// About the field there.
    pub field: Real,
    /// What the expansions of its ancestors say about its centre.
    pub local: [Local; FIELDS],
}
