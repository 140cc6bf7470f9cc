//! Seeded random numbers, vectors and rotations.

use super::{length, wide};
use kernel::geometry::vector::{normalize_quat, Vec3};
use kernel::wide::Real;

/// SplitMix64.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> Real {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as Real / 16_777_216.0
    }
    pub fn between(&mut self, low: Real, high: Real) -> Real {
        low + (high - low) * self.next()
    }
    pub fn vector(&mut self, size: Real) -> Vec3 {
        [self.between(-size, size), self.between(-size, size), self.between(-size, size)]
    }
    pub fn unit(&mut self) -> Vec3 {
        loop {
            let v = self.vector(1.0);
            let l = length(wide(v));
            if l > 0.1 && l < 1.0 {
                return wide(v).map(|x| (x / l) as Real);
            }
        }
    }
    /// A rotation: any, or (one in three) nearly one of the cube's.
    pub fn rotation(&mut self) -> [Real; 4] {
        if self.next() < 0.3 {
            let mut q = [0.0, 0.0, 0.0, 1.0];
            let h = (0.5 as Real).sqrt();
            let k = (self.next() * 3.0) as usize % 3;
            if self.next() < 0.5 {
                (q[k], q[3]) = (h, h);
            }
            let tilt = if self.next() < 0.5 { 0.01 } else { 0.0 };
            let v = self.vector(tilt);
            return normalize_quat([q[0] + v[0], q[1] + v[1], q[2] + v[2], q[3]]);
        }
        let v = self.unit();
        let w = self.between(-1.0, 1.0);
        let s = (1.0 - w * w).sqrt();
        normalize_quat([v[0] * s, v[1] * s, v[2] * s, w])
    }
}
