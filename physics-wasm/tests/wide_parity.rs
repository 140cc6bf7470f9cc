//! Each wide operation, lane by lane, against the plain statement of what it does. Run on the host this holds the scalar backend to it; the
//! engine's determinism tests hold the SIMD build to the scalar one, scene by scene.

use kernel::wide::{Float4, Real, Real4, Vector4, Word4};

macro_rules! parity {
    ($module:ident, $wide:ident, $real:ident) => {
        mod $module {
            use kernel::wide::$wide;

            const SPECIAL: [$real; 12] = [
                0.0,
                -0.0,
                1.0,
                -1.5,
                3.25e7,
                -7.9e-9,
                <$real>::MAX,
                <$real>::MIN_POSITIVE,
                <$real>::MIN_POSITIVE / 64.0,
                <$real>::INFINITY,
                <$real>::NEG_INFINITY,
                <$real>::NAN,
            ];

            fn each_pair(check: impl Fn($real, $real, $wide, $wide)) {
                for a in SPECIAL {
                    for b in SPECIAL {
                        check(a, b, $wide::splat(a), $wide::splat(b));
                    }
                }
            }

            fn same(wide: $wide, plain: $real) {
                for lane in wide.to_array() {
                    assert!(lane.to_bits() == plain.to_bits() || (lane.is_nan() && plain.is_nan()), "{lane} {plain}");
                }
            }

            #[test]
            fn arithmetic() {
                each_pair(|a, b, wa, wb| {
                    same(wa + wb, a + b);
                    same(wa - wb, a - b);
                    same(wa * wb, a * b);
                    same(wa / wb, a / b);
                    same(wa.min(wb), if b < a { b } else { a });
                    same(wa.max(wb), if a < b { b } else { a });
                    same(-wa, -a);
                    same(wa.sqrt(), a.sqrt());
                    assert_eq!(wa.floor_to_word().to_array(), [a.floor() as i32 as u32; 4]);
                });
            }

            #[test]
            fn comparisons() {
                each_pair(|a, b, wa, wb| {
                    for (mask, plain) in
                        [(wa.lt(wb), a < b), (wa.le(wb), a <= b), (wa.gt(wb), a > b), (wa.ge(wb), a >= b), (wa.eq(wb), a == b)]
                    {
                        assert_eq!(mask.bits(), if plain { 15 } else { 0 });
                        assert_eq!(mask.any(), plain);
                        same(mask.select(wa, wb), if plain { a } else { b });
                        same(wa.keep(mask), if plain { a } else { 0.0 });
                    }
                });
            }

            #[test]
            fn transposition() {
                let rows = [0, 4, 8, 12].map(|k| $wide::from_array([k as $real, k as $real + 1.0, k as $real + 2.0, k as $real + 3.0]));
                for (i, column) in $wide::transpose(rows).into_iter().enumerate() {
                    assert_eq!(column.to_array(), [i as $real, i as $real + 4.0, i as $real + 8.0, i as $real + 12.0]);
                }
            }
        }
    };
}

parity!(single, Float4, f32);
#[cfg(feature = "double")]
parity!(double, Double4, f64);

#[test]
fn words_and_lanes() {
    let v = Float4::from_array([-1.5, 2.5, 3e9, f32::NAN]);
    let w = Word4::splat(6);
    assert!(w.has(2).bits() == 15 && w.has(8).bits() == 0 && w.any() && !Word4::splat(0).any());
    assert_eq!((w & Word4::splat(3) | Word4::splat(8)).to_array(), [10; 4]);
    assert_eq!(w.raised(2).to_array(), [24; 4]);
    assert_eq!(w.keep(w.has(1)).to_array(), [0; 4]);
    let mask = v.lt(Float4::splat(0.0));
    assert_eq!(mask.bits(), 1);
    assert_eq!(w.has(2).without(mask).bits(), 14);
}

fn same(wide: Real4, plain: Real) {
    assert_eq!(wide.to_array(), [plain; 4]);
}

#[test]
fn vectors() {
    let (x, y) = (Vector4::splat([1.0, 2.0, 3.0]), Vector4::splat([-4.0, 5.0, 0.5]));
    same(x.dot(y), 1.0 * -4.0 + 2.0 * 5.0 + 3.0 * 0.5);
    let c = x.cross(y);
    same(c.x, 2.0 * 0.5 - 3.0 * 5.0);
    same(c.y, 3.0 * -4.0 - 1.0 * 0.5);
    same(c.z, 1.0 * 5.0 - 2.0 * -4.0);
}

#[test]
fn widths() {
    let exact = Float4::from_array([1.5, -0.0, f32::MAX, f32::MIN_POSITIVE]);
    assert_eq!(Real4::widen(exact).narrow().to_array().map(f32::to_bits), exact.to_array().map(f32::to_bits));
    let fine: [Real; 4] = [0.1, -1.0 / 3.0, 1e7 + 0.125, 3.0];
    assert_eq!(Real4::from_array(fine).narrow().to_array(), fine.map(|v| v as f32));
}
