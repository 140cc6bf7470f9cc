//! Deltas: what TypeScript (`engine/state/delta.ts`) lays on the desk, worked out and packed four numbers at a time. The desk is divided into trays of
//! 1,024 numbers of the state.
//!
//! What a step makes of bodies that touch nothing is worked out from the base, each operation rounded as in the step, so that most numbers come
//! out to the last bit. What is wrong here costs bytes and nothing else: a delta tells the difference.

use super::state::{DESK, LANES as SUMS};
use crate::wide::{Mask4, Real, Real4, Word4, LANES};
use crate::world::flag;

/// Numbers of a tray.
pub const TRAY: usize = 1024;
/// Trays of the desk: as many as bodies that fly have columns, and one for what pulls them.
pub const TRAYS: usize = 17;
/// Words of a number.
pub const WORDS: usize = size_of::<Real>() / 4;

/// Trays of bodies: places, velocities, accelerations; velocities that they have got; rotations and angular velocities.
mod tray {
    pub const PLACE: usize = 0;
    pub const SPEED: usize = 3;
    pub const PULL: usize = 6;
    pub const FLAGS: usize = 9;
    pub const SCALE: usize = 10;
    pub const DAMPING: usize = 11;
    pub const NOW: usize = 10;
    pub const TURN: usize = 0;
    pub const SPIN: usize = 4;
    pub const NUMBERS: usize = 16;
}

/// Numbers of the last tray; behind them, x, y, z and G·m of each source.
mod number {
    pub const DT: usize = 0;
    pub const GRAVITY: usize = 1;
    pub const SOFTENING: usize = 4;
    pub const NEAR: usize = 5;
    pub const SOURCES: usize = 8;
}

/// The desk, as numbers of the state.
struct Trays(*mut Real);

impl Trays {
    #[inline(always)]
    fn load(&self, tray: usize, i: usize) -> Real4 {
        debug_assert!(tray < TRAYS && i + LANES <= TRAY);
        // SAFETY: four numbers of a tray.
        unsafe { Real4::load(self.0.add(tray * TRAY + i)) }
    }
    #[inline(always)]
    fn store(&self, tray: usize, i: usize, v: Real4) {
        debug_assert!(tray < TRAYS && i + LANES <= TRAY);
        // SAFETY: as in `load`.
        unsafe { v.store(self.0.add(tray * TRAY + i)) };
    }
    #[inline(always)]
    fn three(&self, tray: usize, i: usize) -> [Real4; 3] {
        [0, 1, 2].map(|k| self.load(tray + k, i))
    }
    #[inline(always)]
    fn number(&self, k: usize) -> Real4 {
        debug_assert!(k < TRAY);
        // SAFETY: one number of the last tray.
        Real4::splat(unsafe { *self.0.add(tray::NUMBERS * TRAY + k) })
    }
    #[inline(always)]
    fn flags(&self, i: usize) -> Word4 {
        // SAFETY: four words of a tray.
        unsafe { Word4::load(self.0.add(tray::FLAGS * TRAY).cast::<u32>().add(i)) }
    }
}

/// Works out velocities (`kind` 0), then, with those that came of the steps, places (1); rotations (2).
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn fly(desk: &mut [u32; DESK], kind: u32, count: usize, steps: u32) {
    // SAFETY: behind the sums, which take a multiple of a number.
    let trays = Trays(unsafe { desk.as_mut_ptr().add(SUMS) }.cast());
    for i in (0..count.min(TRAY)).step_by(LANES) {
        let flags = trays.flags(i);
        let moves = flags.has(flag::DYNAMIC | flag::KINEMATIC);
        match kind {
            0 => accelerate(&trays, i, (flags.has(flag::BODY) & flags.has(flag::DYNAMIC)).without(flags.has(flag::ASLEEP)), steps as usize),
            1 => displace(&trays, i, moves, steps),
            _ => turn(&trays, i, moves, steps),
        }
    }
}

/// v ← v/(1 + dt·damping) + a·dt.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn accelerate(trays: &Trays, i: usize, awake: Mask4, sources: usize) {
    let one = Real4::splat(1.0);
    let dt = trays.number(number::DT);
    let half = Real4::splat(0.5) * dt;
    let speed = trays.three(tray::SPEED, i);
    let mut middle = trays.three(tray::PLACE, i);
    let mut sum = [Real4::splat(0.0); 3];
    for k in 0..3 {
        middle[k] = middle[k] + speed[k] * half;
    }
    for s in 0..sources.min((TRAY - number::SOURCES) / 4) {
        let source = |k: usize| trays.number(number::SOURCES + 4 * s + k);
        let d = [source(0) - middle[0], source(1) - middle[1], source(2) - middle[2]];
        let distance2 = (d[0] * d[0] + d[1] * d[1]) + d[2] * d[2];
        let r2 = distance2 + trays.number(number::SOFTENING);
        let strength = (source(3) * (one / (r2 * r2.sqrt()))).keep(distance2.ge(trays.number(number::NEAR)));
        for k in 0..3 {
            sum[k] = sum[k] + d[k] * strength;
        }
    }
    let keep = one / (one + dt * trays.load(tray::DAMPING, i).max(Real4::splat(0.0)));
    let scale = trays.load(tray::SCALE, i);
    for k in 0..3 {
        let pull = trays.number(number::GRAVITY + k) * scale + sum[k];
        trays.store(tray::PULL + k, i, pull.keep(awake));
        trays.store(tray::SPEED + k, i, awake.select(speed[k] * keep + pull * dt, speed[k]));
    }
}

/// x ← x + dt·(v − a·dt/2) with the velocities that came of it; where they are not as expected something else pulled, and counts too.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn displace(trays: &Trays, i: usize, moves: Mask4, steps: u32) {
    let dt = trays.number(number::DT);
    let half = Real4::splat(0.5) * dt;
    for k in 0..3 {
        let (now, expected, pull) = (trays.load(tray::NOW + k, i), trays.load(tray::SPEED + k, i), trays.load(tray::PULL + k, i));
        let other = now.eq(expected).select(pull, pull + (now - expected) / dt);
        let before = trays.load(tray::PLACE + k, i);
        let mut place = before;
        for _ in 0..steps {
            place = place + (now - other * half) * dt;
        }
        trays.store(tray::PLACE + k, i, moves.select(place, before));
    }
}

/// q ← normalise(q + ½ dt (ω, 0) ⊗ q) with the angular velocities that came of it.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn turn(trays: &Trays, i: usize, moves: Mask4, steps: u32) {
    let half = Real4::splat(0.5) * trays.number(number::DT);
    let [a, b, c] = trays.three(tray::SPIN, i).map(|spin| spin * half);
    let mut q: [Real4; 4] = core::array::from_fn(|k| trays.load(tray::TURN + k, i));
    for _ in 0..steps {
        let [x, y, z, s] = q;
        let next =
            [(x + a * s) + (b * z - c * y), (y + b * s) + (c * x - a * z), (z + c * s) + (a * y - b * x), s - ((a * x + b * y) + c * z)];
        let length2 = ((next[0] * next[0] + next[1] * next[1]) + next[2] * next[2]) + next[3] * next[3];
        let inverse = Real4::splat(1.0) / length2.sqrt();
        let turned = moves & length2.gt(Real4::splat(0.0));
        q = core::array::from_fn(|k| turned.select(next[k] * inverse, q[k]));
    }
    for (k, v) in q.into_iter().enumerate() {
        trays.store(tray::TURN + k, i, v);
    }
}

/// Words of a group.
const GROUP: usize = 32;

/// The words of a block of up to 1,024, what was guessed, and what is told: parts of the desk.
#[inline(always)]
fn parts(desk: &mut [u32; DESK]) -> (&mut [u32; TRAY], &[u32; TRAY], &mut [u32; TOLD]) {
    // SAFETY: parts of the desk that do not overlap.
    unsafe {
        let words = desk.as_mut_ptr().add(SUMS);
        (&mut *words.cast(), &*words.add(TRAY).cast(), &mut *words.add(2 * TRAY).cast())
    }
}
/// Words that a block takes at most, and some more.
const TOLD: usize = 2 * TRAY;

/// Tells `groups` groups of words by how they differ from the guess: how many words it takes, 0 when they do not. First a byte a group: the width
/// of its widest difference in bits; then for each group that differs which words do, and their differences, all as wide.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
pub fn tell(desk: &mut [u32; DESK], groups: usize) -> usize {
    let (words, guess, told) = parts(desk);
    let groups = groups.min(TRAY / GROUP);
    let head = groups.div_ceil(4);
    told[..head].fill(0);
    let mut at = head;
    for g in 0..groups {
        let mut all = Word4::splat(0);
        let mut mask = 0;
        for k in (0..GROUP).step_by(LANES) {
            // SAFETY: groups are whole. The differences take the place of the words.
            unsafe {
                let word = words.as_mut_ptr().add(g * GROUP + k);
                let d = Word4::load(word) - Word4::load(guess.as_ptr().add(g * GROUP + k));
                let folded = d.raised(1) ^ Word4::splat(u32::MAX).keep(d.has(1 << 31));
                all = all | folded;
                mask |= folded.has(u32::MAX).bits() << k;
                folded.store(word);
            }
        }
        if mask == 0 {
            continue;
        }
        let [a, b, c, d] = all.to_array();
        let width = 32 - (a | b | c | d).leading_zeros();
        told[g / 4] |= width << (8 * (g % 4));
        told[at] = mask;
        at += 1;
        let (mut held, mut bits) = (0u64, 0);
        while mask != 0 {
            held |= (words[g * GROUP + mask.trailing_zeros() as usize] as u64) << bits;
            bits += width;
            mask &= mask - 1;
            if bits >= 32 || mask == 0 {
                told[at] = held as u32;
                at += (bits > 0) as usize;
                held >>= 32;
                bits = bits.saturating_sub(32);
            }
        }
        told[at] = held as u32;
        at += (bits > 0) as usize;
    }
    if at > head {
        at
    } else {
        0
    }
}

const _: () = assert!(DESK >= SUMS + 4 * TRAY && TRAYS == tray::NUMBERS + 1);
