//! The angles and springs of joints against the host's mathematics.

#![allow(missing_docs)]

use kernel::geometry::angle::{atan2, exp, small_sin, wrap, PI};
use kernel::stages::joint_spring::Soft;
use kernel::wide::{Real, Real4};

const TOLERANCE: f64 = if cfg!(feature = "double") { 6e-16 } else { 3e-7 };

#[test]
fn arc_tangent_in_every_quadrant() {
    let at = |y: Real, x: Real| atan2(Real4::splat(y), Real4::splat(x)).to_array()[0];
    let mut worst = 0.0f64;
    for k in 0..100_000 {
        let angle = (k as f64 / 50_000.0 - 1.0) * std::f64::consts::PI;
        let scale = [1e-15, 1.0, 3e7][k % 3];
        let (y, x) = ((angle.sin() * scale) as Real, (angle.cos() * scale) as Real);
        worst = worst.max((at(y, x) as f64 - (y as f64).atan2(x as f64)).abs());
    }
    assert!(worst < 2.0 * TOLERANCE, "{worst}");
    assert_eq!([at(0.0, 0.0), at(0.0, 1.0), at(0.0, -1.0)], [0.0, 0.0, PI]);
    assert!((at(1.0, 0.0) - 0.5 * PI).abs() < 1e-6 && (at(-1.0, 0.0) + 0.5 * PI).abs() < 1e-6);
}

#[test]
fn angles_are_brought_near_the_middle() {
    let wrapped = |angle: Real, middle: Real| wrap(Real4::splat(angle), Real4::splat(middle)).to_array()[0];
    assert!((wrapped(-3.0, 2.5) - (2.0 * PI - 3.0)).abs() < 1e-5);
    assert!((wrapped(3.0, -2.5) - (3.0 - 2.0 * PI)).abs() < 1e-5);
    assert!((wrapped(1.0, 0.0) - 1.0).abs() < 1e-6);
}

#[test]
fn exponential_and_sine() {
    for k in 0..2000 {
        let x = -0.02 * k as f64;
        assert!((exp(x) - x.exp()).abs() <= 2e-14 * x.exp(), "exp {x}");
        let y = k as f64 / 2000.0;
        assert!((small_sin(y) - y.sin()).abs() < 1e-15, "sin {y}");
    }
    assert_eq!([exp(f64::NAN), exp(-1e9)], [0.0, 0.0]);
}

#[test]
fn a_spring_of_one_body_has_the_eigenvalues_of_the_oscillator() {
    let h = 1.0 / 240.0;
    for (hertz, zeta) in [(0.1, 0.0), (1.0, 0.0), (5.0, 0.3), (2.0, 1.0), (2.0, 4.0)] {
        let soft = Soft::spring(hertz as Real, zeta as Real, h as Real);
        let (alpha, beta) = (soft.mass as f64, soft.rate as f64 * h);
        let omega_h = std::f64::consts::TAU * hertz * h;
        let (determinant, trace) = (1.0 - alpha, 2.0 - alpha - beta);
        let decay = (-zeta * omega_h).exp();
        let wave = if zeta < 1.0 { (omega_h * (1.0 - zeta * zeta).sqrt()).cos() } else { (omega_h * (zeta * zeta - 1.0f64).sqrt()).cosh() };
        assert!((determinant - decay * decay).abs() < 1e-6, "{hertz} {zeta}");
        assert!((trace - 2.0 * decay * wave).abs() < 1e-6, "{hertz} {zeta}");
        assert_eq!(soft.impulse, 1.0 - soft.mass);
    }
}

#[test]
fn bad_springs_do_nothing() {
    for (hertz, zeta) in [(0.0, 1.0), (-1.0, 1.0), (Real::NAN, 1.0), (1.0, Real::NAN), (1.0, -1.0)] {
        assert_eq!(Soft::spring(hertz, zeta, 0.01), Soft { mass: 0.0, rate: 0.0, impulse: 1.0 });
    }
    let stiff = Soft::spring(1e18, 1e18, 1e-3);
    assert!(stiff.mass.is_finite() && stiff.rate.is_finite() && stiff.impulse.is_finite());
}
