//! How soft a row of a joint is: λ = −M·(mass·v + rate·C) − impulse·Λ, with the row's velocity v, error C, accumulated impulse Λ and
//! effective mass M.

use crate::geometry::angle::{exp, small_sin};
use crate::wide::Real;

/// ωh up to which a spring is exact; stiffer ones are integrated implicitly, which damps them but holds whatever hangs together.
const EXACT: f64 = 0.5;
/// Rate of the hard rows, as a share of the sub-step rate, and their damping ratio. At 0.35 a hanging chain of balls with a heavy end shakes,
const HARD_RATE: f64 = 0.25;
/// at 0.5 it flies apart; the ratio hardly matters from 2 to 10, 2 bears the heaviest ends.
const HARD_DAMPING: f64 = 2.0;

/// The three factors.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Soft {
    /// Share of the velocity that is taken out.
    pub mass: Real,
    /// Speed per metre or radian of error.
    pub rate: Real,
    /// Share of the accumulated impulse that is given back.
    pub impulse: Real,
}

impl Soft {
    /// A row that only takes out velocity.
    pub const RIGID: Self = Self { mass: 1.0, rate: 0.0, impulse: 0.0 };

    /// The hard rows of joints in sub-steps of `h` seconds.
    pub fn hard(h: Real) -> Self {
        Self::implicit(HARD_RATE * core::f64::consts::TAU, HARD_DAMPING, h as f64)
    }

    /// A spring of `hertz` and `damping` (ratio), in sub-steps of `h` seconds.
    ///
    /// The sub-step v' = v − (α v + β x/h), x' = x + h v' has the determinant 1 − α and the trace 2 − α − β; the damped oscillator has
    /// e^(−2ζωh) and 2 e^(−ζωh) cos(ωh √(1 − ζ²)). Solved for α and β, one body on one spring moves as in the closed form.
    pub fn spring(hertz: Real, damping: Real, h: Real) -> Self {
        let (hertz, zeta, h) = ((hertz as f64), (damping as f64), (h as f64));
        let omega_h = core::f64::consts::TAU * hertz * h;
        let sound = omega_h > 0.0 && zeta >= 0.0 && h > 0.0;
        if !sound {
            return Self { mass: 0.0, rate: 0.0, impulse: 1.0 };
        }
        if omega_h > EXACT {
            return Self::implicit(omega_h, zeta, h);
        }
        let decay = exp(-zeta * omega_h);
        let beta = if zeta < 1.0 {
            let s = small_sin(0.5 * omega_h * (1.0 - zeta * zeta).sqrt());
            (1.0 - decay) * (1.0 - decay) + 4.0 * decay * s * s
        } else {
            let root = (zeta * zeta - 1.0).sqrt();
            (1.0 - exp(-omega_h / (zeta + root))) * (1.0 - exp(-omega_h * (zeta + root)))
        };
        let alpha = 1.0 - decay * decay;
        Self { mass: alpha as Real, rate: (beta / h) as Real, impulse: (1.0 - alpha) as Real }
    }

    /// Catto's soft constraint: the spring by the implicit Euler method.
    fn implicit(omega_h: f64, zeta: f64, h: f64) -> Self {
        // A very stiff spring is a rigid row; the bound keeps its square finite.
        let omega_h = omega_h.min(1e12);
        let a1 = 2.0 * zeta.min(1e12) + omega_h;
        let a2 = omega_h * a1;
        let a3 = 1.0 / (1.0 + a2);
        Self { mass: (a2 * a3) as Real, rate: (a2 * a3 * omega_h / (a1 * h)) as Real, impulse: a3 as Real }
    }
}
