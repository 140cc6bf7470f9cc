//! Snapshots: what the kernel keeps outside its columns, and what is not worth carrying because the rest says it.
//!
//! TypeScript copies columns (`engine/state/columns.ts`). Here the loose numbers are written down beside them, and after a restore the tables
//! that are found by hashing are filled anew. The list of pairs is made once more, when a step wants it, from what each body was when it was
//! listed (`kept_*`): same grid, same places, same pairs in the same order.

use super::delta::{TRAY, TRAYS, WORDS};
use super::{find_pairs, gather, keep, query_index, warm_start};
use crate::wide::{Real, Word4};
use crate::world::{counter, World};

/// Numbers of the record.
pub const KEPT: usize = 16;

/// Words of the desk: first the sums of a checksum, then what is summed.
pub const DESK: usize = LANES + TRAYS * TRAY * WORDS;
/// Sums of a checksum.
pub const LANES: usize = 16;
/// Odd, so that multiplying loses nothing.
const FACTOR: u32 = 0x9e37_79b1;

/// Writes the record into `State.kept`.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn save(world: &World) {
    let (kept, grid) = (&world.kept, &world.grid);
    let numbers: [f64; KEPT] = [
        world.parameters.half as f64,
        kept.valid as u32 as f64,
        kept.blocks as f64,
        kept.age as f64,
        kept.span as f64,
        kept.broken as f64,
        kept.pause as f64,
        grid.half as f64,
        grid.bits[0] as f64,
        grid.bits[1] as f64,
        grid.bits[2] as f64,
        kept.pairs as f64,
        world.parameters.blocks as f64,
        0.0,
        0.0,
        0.0,
    ];
    for (k, number) in numbers.into_iter().enumerate() {
        world.columns.state_kept.set(k, number);
    }
}

/// Takes the record over and makes the tables that follow from the columns. The caller has checked every number; what is checked here keeps a
/// wrong caller inside the world.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn load(world: &mut World) {
    let c = world.columns;
    let number = |k: usize| c.state_kept.get(k);
    let most = world.capacity.blocks();
    world.parameters.half = number(0) as usize & 1;
    world.parameters.blocks = (number(12) as usize).min(most);
    let kept = &mut world.kept;
    kept.valid = number(1) != 0.0;
    kept.blocks = (number(2) as usize).min(most);
    kept.age = number(3) as u32;
    kept.span = number(4) as Real;
    kept.broken = number(5) as u32;
    kept.pause = number(6) as u32;
    kept.pairs = number(11) as usize;
    kept.strays = 0;
    let grid = &mut world.grid;
    grid.half = number(7) as Real;
    grid.inverse = 0.5 / grid.half;
    grid.bits = [8, 9, 10].map(|k| (number(k) as u32).clamp(2, 20));
    let bits = grid.total_bits();
    // Nobody kept what moved: until the next step velocities say it.
    world.parameters.shown = false;
    c.slot.fill(0, c.slot.len(), 0);
    warm_start::fill_tables(world);
    query_index::forget(world);
    world.kept.valid &= (8..=world.capacity.grid_bits()).contains(&bits);
    world.kept.made = false;
}

/// Makes the list of pairs as it was: with every body in the place, with the flags and groups that it was listed with. By the first step that
/// finds that it still stands; one that does not is never missed. The counters stay.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn list_again(world: &mut World) {
    let columns = world.columns;
    let then = &mut world.columns;
    (then.position_x, then.position_y, then.position_z) = (columns.kept_x, columns.kept_y, columns.kept_z);
    (then.live, then.group, then.mask) = (columns.kept_live, columns.kept_group, columns.kept_mask);
    let counts = [counter::LARGE, counter::CELLS].map(|index| (index, world.count(index)));
    [world.grid.low, world.grid.high] = keep::bounds(world);
    gather::sort_all(world);
    find_pairs::search_again(world);
    counts.into_iter().for_each(|(index, count)| world.set_count(index, count));
    world.columns = columns;
}

/// Takes rows of 32 words into the 16 sums of a checksum: the first half of a row is mixed in and multiplied, the second added. Each sum is a
/// one-to-one function of every single word, so no slip in one word is lost. `desk`: the sums, then `rows` rows.
pub fn sum(desk: &mut [u32; DESK], rows: usize) {
    let (lanes, words) = desk.split_at_mut(LANES);
    // SAFETY: four times four of sixteen words.
    let mut sums: [Word4; 4] = core::array::from_fn(|k| unsafe { Word4::load(&lanes[4 * k]) });
    for row in words.chunks_exact(2 * LANES).take(rows) {
        for (k, sum) in sums.iter_mut().enumerate() {
            // SAFETY: eight times four of 32 words.
            let (first, second) = unsafe { (Word4::load(&row[4 * k]), Word4::load(&row[LANES + 4 * k])) };
            *sum = (*sum ^ first) * Word4::splat(FACTOR) + second;
        }
    }
    for (k, sum) in sums.into_iter().enumerate() {
        // SAFETY: as above.
        unsafe { sum.store(&mut lanes[4 * k]) };
    }
}

/// Whether words repeat the first `size` of them, one or two. Snapshots ask this of every block of every column: three times as fast as TypeScript.
pub fn uniform(words: &[u32], size: usize) -> bool {
    let (Some(even), Some(odd)) = (words.first().copied(), words.get(size.wrapping_sub(1)).copied()) else { return true };
    let differs = |pair: &[u32]| (pair[0] ^ even) | pair.get(1).map_or(0, |word| word ^ odd);
    let mut rows = words.chunks_exact(16);
    rows.all(|row| row.chunks_exact(2).fold(0, |sum, pair| sum | (pair[0] ^ even) | (pair[1] ^ odd)) == 0)
        && rows.remainder().chunks(2).all(|pair| differs(pair) == 0)
}
