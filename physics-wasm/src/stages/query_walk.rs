//! Walking the index of the queries: the children of a node in an order that comes with the question, what is beyond the best answer left out.
//!
//! Nothing is sorted: a node's children that are in question are the bits of a byte, whose bit `k` stands for child `k ^ first`. The child on the near side of
//! all three halvings is `first`, and counting upwards from there goes away from it.

use core::mem::MaybeUninit;

use super::query::{Four, Source};
use super::query_index::{CHILDREN, COUNT_SHIFT, LEAF_BIT, NODE, NOTHING, REFERENCES};
use crate::wide::{transpose, Real, Real4, Vector4, LANES};
use crate::world::World;

/// Most levels of a tree: those above the groups, and halvings of 2²⁰ bodies down to leaves in one.
const LEVELS: usize = 28;

/// Bits of a byte at other places: bit `k` of the answer is bit `k ^ first` of `bits`.
#[inline(always)]
fn turned(bits: u32, first: usize) -> u32 {
    let swap = |bits: u32, by: u32, low: u32| if first as u32 & by != 0 { (bits & low) << by | bits >> by & low } else { bits };
    swap(swap(swap(bits, 1, 0x55), 2, 0x33), 4, 0x0f)
}

/// Row `row` of a node (low x, y, z, high x, y, z) of its first or last four children (`half` 0 or 1).
#[inline(always)]
pub fn side(world: &World, node: usize, row: usize, half: usize) -> Real4 {
    world.columns.query_node.load(node * NODE + row * 8 + half * 4)
}

/// Word `k` behind the sides of a node: references of the eight children, axes of the halvings.
#[inline(always)]
pub fn word(world: &World, node: usize, k: usize) -> u32 {
    debug_assert!(k <= CHILDREN);
    // SAFETY: the words lie in the node.
    unsafe { *world.columns.query_node.address(node * NODE + REFERENCES).cast::<u32>().add(k) }
}

/// The nearest child of a node for what comes from the side that `signs` says, a bit an axis: set where it comes from above.
#[inline(always)]
pub fn first_child(world: &World, node: usize, signs: u32) -> usize {
    let axes = word(world, node, CHILDREN);
    let bit = |k: u32| signs >> (axes >> (8 * k) & 3) & 1;
    (bit(0) << 2 | bit(1) << 1 | bit(2)) as usize
}

/// The child with the least key.
#[inline(always)]
pub fn least(_: usize, keys: &[Real4; 2]) -> usize {
    let (a, b) = (keys[0].to_array(), keys[1].to_array());
    let at = |k: usize| if k < 4 { a[k] } else { b[k & 3] };
    (1..CHILDREN).fold(0, |best, k| if at(k) < at(best) { k } else { best })
}

/// What waits on a level: a node's children from near to far, and how far each is.
#[derive(Clone, Copy)]
struct Level {
    keys: [Real4; 2],
    node: usize,
    first: usize,
    left: u32,
}

/// Walks the tree. `key(node, half)`: how far each of four children is, infinite for those that are out of the question. `first(node, keys)`: the child
/// to begin with. `visit(four, bound)` gives the new bound: what is further is left out.
#[inline(always)]
pub fn walk(
    world: &World,
    root: u32,
    mut bound: Real,
    key: impl Fn(usize, usize) -> Real4,
    first: impl Fn(usize, &[Real4; 2]) -> usize,
    mut visit: impl FnMut(&Four, Real) -> Real,
) {
    if root == NOTHING {
        return;
    }
    let mut levels: [MaybeUninit<Level>; LEVELS] = [const { MaybeUninit::uninit() }; LEVELS];
    // The level that is being walked has its keys in `levels[depth]` and the rest here.
    let mut depth = 0;
    let (mut parent, mut turn, mut left) = (0usize, 0usize, 0u32);
    let mut node = root as usize;
    loop {
        let keys = [key(node, 0), key(node, 1)];
        let far = Real4::splat(bound);
        let bits = keys[0].le(far).bits() | keys[1].le(far).bits() << 4;
        if bits != 0 {
            if left != 0 && depth < LEVELS - 1 {
                let level = levels[depth].as_mut_ptr();
                // SAFETY: inside the array; the keys are there already.
                unsafe { ((*level).node, (*level).first, (*level).left) = (parent, turn, left) };
                depth += 1;
            }
            // SAFETY: inside the array.
            unsafe { (*levels[depth].as_mut_ptr()).keys = keys };
            parent = node;
            turn = first(node, &keys) & (CHILDREN - 1);
            left = turned(bits, turn);
        }
        loop {
            if left == 0 {
                if depth == 0 {
                    return;
                }
                depth -= 1;
                let level = levels[depth].as_ptr();
                // SAFETY: every level below the one that is being walked is complete.
                unsafe { (parent, turn, left) = ((*level).node, (*level).first, (*level).left) };
            }
            let lane = (left.trailing_zeros() as usize ^ turn) & (CHILDREN - 1);
            left &= left - 1;
            // SAFETY: the keys have been written; two groups of four reals follow each other, and `lane` is below 8.
            let near = unsafe { *(&raw const (*levels[depth].as_ptr()).keys).cast::<Real>().add(lane) };
            if near > bound {
                continue;
            }
            let reference = word(world, parent, lane);
            if reference & LEAF_BIT == 0 {
                node = reference as usize;
                break;
            }
            bound = visit_leaf(world, reference, bound, &mut visit);
        }
    }
}

/// Hands the bodies of a leaf to `visit`, four at a time.
#[inline(always)]
fn visit_leaf(world: &World, leaf: u32, mut bound: Real, visit: &mut impl FnMut(&Four, Real) -> Real) -> Real {
    let (mut at, mut left) = ((leaf & ((1 << COUNT_SHIFT) - 1)) as usize, (leaf >> COUNT_SHIFT & 7) as usize + 1);
    loop {
        bound = visit(&four(world, at, left), bound);
        if left <= LANES {
            return bound;
        }
        (at, left) = (at + LANES, left - LANES);
    }
}

/// Four bodies of a leaf, of which only `count` are its own.
#[inline(always)]
fn four(world: &World, at: usize, count: usize) -> Four {
    let [x, y, z, radius] = transpose([0, 1, 2, 3].map(|k| world.columns.query_leaf.load((at + k) * 4)));
    Four { centre: Vector4::new(x, y, z), radius, used: (1 << count) - 1, first: at, source: Source::Leaves }
}
