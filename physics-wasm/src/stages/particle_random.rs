//! Random numbers of the particles: PCG hashes (Jarzynski & Olano 2020) of a counter, so that equal counters give equal particles anywhere.

/// A stream of random numbers from a counter.
pub struct Random(pub u32);

/// A word that any word becomes: the finish of PCG.
#[inline(always)]
fn scramble(word: u32) -> u32 {
    let state = word.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    let mixed = ((state >> ((state >> 28) + 4)) ^ state).wrapping_mul(277_803_737);
    (mixed >> 22) ^ mixed
}

impl Random {
    /// The stream of newborn number `ordinal` of a system with this seed: 64 numbers until that of the next one.
    #[inline(always)]
    pub fn of(seed: u32, ordinal: u32) -> Self {
        Self(scramble(seed).wrapping_add(ordinal.wrapping_mul(64)))
    }

    /// A number in [0, 1).
    #[inline(always)]
    pub fn unit(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(1);
        (scramble(self.0) >> 8) as f32 * (1.0 / 16_777_216.0)
    }

    /// Goes on somewhere else: for who draws more than the 64 numbers of a newborn.
    pub fn leap(&mut self) {
        self.0 = scramble(self.0);
    }

    /// A number in [low, high).
    #[inline(always)]
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// A unit vector within a cone about `axis`, uniform on the sphere's cap.
    #[inline(never)]
    pub fn in_cone(&mut self, axis: [f32; 3], cosine: f32) -> [f32; 3] {
        let along = self.between(cosine, 1.0);
        let across = (1.0 - along * along).max(0.0).sqrt();
        let (u, v) = self.on_circle();
        let [tangent, other] = basis(axis);
        core::array::from_fn(|i| axis[i] * along + (tangent[i] * u + other[i] * v) * across)
    }

    /// A point of the unit circle, by rejection: no sine, whose last bit depends on the library.
    #[inline(never)]
    pub fn on_circle(&mut self) -> (f32, f32) {
        for _ in 0..32 {
            let (u, v) = (self.between(-1.0, 1.0), self.between(-1.0, 1.0));
            let length2 = u * u + v * v;
            if length2 > 1e-4 && length2 <= 1.0 {
                let scale = 1.0 / length2.sqrt();
                return (u * scale, v * scale);
            }
        }
        (1.0, 0.0)
    }
}

/// Two unit vectors that complete a unit vector to a right-handed basis (Duff et al. 2017).
#[inline(always)]
pub fn basis(n: [f32; 3]) -> [[f32; 3]; 2] {
    let sign = if n[2] >= 0.0 { 1.0 } else { -1.0 };
    let a = -1.0 / (sign + n[2]);
    let b = n[0] * n[1] * a;
    [[1.0 + sign * n[0] * n[0] * a, sign * b, -sign * n[0]], [b, sign + n[1] * n[1] * a, -n[1]]]
}

/// `v` turned by the unit quaternion `q`.
#[inline(never)]
pub fn rotate(q: [f32; 4], v: [f32; 3]) -> [f32; 3] {
    let cross = |a: [f32; 3], b: [f32; 3]| [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
    let u = [q[0], q[1], q[2]];
    let t = cross(u, v).map(|x| 2.0 * x);
    let ut = cross(u, t);
    core::array::from_fn(|i| v[i] + q[3] * t[i] + ut[i])
}
