//! A hash of the whole state: every body's id, flags, pose and velocity, every particle, the random counter, parents and joints. Two lanes of MurmurHash3's mixer.

use super::joint;
use super::particles::each_number;
use crate::layout::{JOINT_REALS, JOINT_STATE};
use crate::wide::Real;
use crate::world::{counter, flag, setting, World};

struct Hash([u32; 2]);

impl Hash {
    fn add(&mut self, word: u32) {
        for (lane, seed) in self.0.iter_mut().zip([0xcc9e_2d51u32, 0x8529_7a4d]) {
            let k = word.wrapping_mul(seed).rotate_left(15).wrapping_mul(0x1b87_3593);
            *lane = (*lane ^ k).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
        }
    }

    /// Adds all bits of a number of the state.
    #[cfg(not(feature = "double"))]
    fn real(&mut self, v: Real) {
        self.number(v);
    }

    /// Adds all bits of a number of the state; −0 counts as 0, and every NaN as one.
    #[cfg(feature = "double")]
    fn real(&mut self, v: Real) {
        let bits = if v.is_nan() { f64::NAN.to_bits() } else { (v + 0.0).to_bits() };
        self.add(bits as u32);
        self.add((bits >> 32) as u32);
    }

    /// Adds a 32-bit number; −0 counts as 0, and every NaN as one.
    fn number(&mut self, v: f32) {
        self.add(if v == 0.0 {
            0
        } else if v.is_nan() {
            0x7fc0_0000
        } else {
            v.to_bits()
        });
    }
}

/// The hash, low word first.
pub fn run(world: &World) -> [u32; 2] {
    let c = &world.columns;
    let mut hash = Hash([0x1234_5678, 0x9abc_def0]);
    let high = (c.settings.get(setting::HIGH) as usize).min(world.capacity.entities);
    for e in (0..high).filter(|e| c.flags.get(*e) & flag::BODY != 0) {
        hash.add(e as u32);
        hash.add(c.flags.get(e));
        for column in [
            &c.position_x,
            &c.position_y,
            &c.position_z,
            &c.rotation_x,
            &c.rotation_y,
            &c.rotation_z,
            &c.rotation_w,
            &c.velocity_x,
            &c.velocity_y,
            &c.velocity_z,
            &c.angular_x,
            &c.angular_y,
            &c.angular_z,
            &c.mass,
            &c.charge,
            &c.radius,
        ] {
            hash.real(column.get(e));
        }
    }
    hash.add(world.count(counter::SEED) as u32);
    each_number(world, &mut |v| hash.number(v));
    families_and_joints(world, high, &mut hash);
    hash.0
}

/// Adds who hangs on whom and where, and every joint with its numbers and impulses; nothing where there are none.
#[cfg_attr(target_arch = "wasm32", optimize(size))]
fn families_and_joints(world: &World, high: usize, hash: &mut Hash) {
    let c = &world.columns;
    for e in (0..high).filter(|e| c.parent.get(*e) != 0) {
        hash.add(e as u32);
        hash.add(c.parent.get(e));
        let pose = [&c.position_x, &c.position_y, &c.position_z, &c.rotation_x, &c.rotation_y, &c.rotation_z, &c.rotation_w];
        for column in pose.into_iter().chain([&c.scale_x, &c.scale_y, &c.scale_z]) {
            hash.real(column.get(e));
        }
    }
    for j in (1..joint::count(world)).filter(|j| c.joint_kind.get(*j) != 0) {
        for word in [j as u32, c.joint_kind.get(j), c.joint_a.get(j), c.joint_b.get(j), c.joint_flags.get(j)] {
            hash.add(word);
        }
        for k in 0..JOINT_REALS {
            hash.real(c.joint_real.get(j * JOINT_REALS + k));
        }
        for k in 0..JOINT_STATE {
            hash.real(c.joint_state.get(j * JOINT_STATE + k));
        }
    }
}
