//! The shape table: what `build` writes, the readers give; what it refuses leaves the entry as it was; numbers that are no entry are harmless.

mod common;
use common::{capacity, create, Owned};
use kernel::geometry::convex::Convex;
use kernel::shapes::build::{build, measure, status, Order, Place, Workshop};
use kernel::shapes::{self, kind};
use kernel::wide::Real;

fn stage(owned: &Owned, values: &[Real]) {
    values.iter().enumerate().for_each(|(i, v)| owned.world.columns.staging.set(i, *v));
}

fn make(owned: &Owned, shop: &mut Workshop, order: Order, place: Place) -> Result<(), (u32, u32)> {
    measure(&owned.world, shop, order).map_err(|status| (status, 0))?;
    build(&owned.world, shop, order, place)
}

fn close(a: &[Real], b: &[Real]) {
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4), "{a:?} is not {b:?}");
}

const CUBE: [Real; 24] = [0., 0., 0., 0., 0., 2., 0., 2., 0., 0., 2., 2., 2., 0., 0., 2., 0., 2., 2., 2., 0., 2., 2., 2.];

#[test]
fn compounds_have_their_parts_about_the_common_centre() {
    let owned = create(capacity(100));
    let shop = &mut Workshop::new();
    stage(&owned, &CUBE);
    make(&owned, shop, Order { kind: kind::HULL, count: 8, more: 0 }, Place { shape: 1, real_at: 100, word_at: 100 }).unwrap();
    let Some(Convex::Hull(hull)) = shapes::convex(&owned.world, 1) else { panic!("no hull") };
    assert_eq!((hull.vertices.len(), hull.planes.len(), hull.edges.len()), (8, 6, 24));
    assert!((0..24).all(|e| hull.edges[e].twin as usize == e ^ 1));
    close(&shapes::unit_inertia(&owned.world, 1), &[2. / 3., 2. / 3., 2. / 3., 0., 0., 0.]);
    close(&[shapes::inner_radius(&owned.world, 1)], &[1.]);
    // The hull as it was given, and a sphere of the same volume two metres up.
    let radius = (6.0 / core::f64::consts::PI).cbrt() as Real;
    stage(&owned, &[0., 0., 0., 0., 0., 0., 1., 0., 1., 1., 3., 1., 0., 0., 0., 1., radius, 0.]);
    make(&owned, shop, Order { kind: kind::COMPOUND, count: 2, more: 0 }, Place { shape: 2, real_at: 300, word_at: 300 }).unwrap();
    assert_eq!(shapes::child_count(&owned.world, 2), 2);
    let (part, pose) = shapes::child(&owned.world, 2, 0);
    assert!(matches!(part, Convex::Hull(_)));
    close(&pose.position, &[0., -1., 0.]);
    let (part, pose) = shapes::child(&owned.world, 2, 1);
    assert!(matches!(part, Convex::Sphere(r) if (r - radius).abs() < 1e-5));
    close(&pose.position, &[0., 1., 0.]);
    let (low, high) = shapes::bounds(&owned.world, 2);
    close(&low, &[-radius, -2., -radius]);
    close(&high, &[radius, 1. + radius, radius]);
    assert!(shapes::convex(&owned.world, 2).is_none());
}

#[test]
fn level_geometry_gives_the_triangles_of_a_box() {
    let owned = create(capacity(100));
    let shop = &mut Workshop::new();
    let (order, place) = (Order { kind: kind::MESH, count: 4, more: 2 }, Place { shape: 1, real_at: 7, word_at: 9 });
    let c = &owned.world.columns;
    let corners: [Real; 12] = [-1., 0., -1., 1., 0., -1., 1., 0., 1., -1., 0., 1.];
    corners.iter().enumerate().for_each(|(i, v)| c.geometry_real.set(place.real_at + i, *v));
    [0, 2, 1, 0, 3, 2].iter().enumerate().for_each(|(i, v)| c.geometry_word.set(place.word_at + i, *v));
    make(&owned, shop, order, place).unwrap();
    let found = |low, high| {
        let mut found = Vec::new();
        shapes::for_each_triangle(&owned.world, 1, low, high, |index, _| found.push(index));
        found
    };
    // Both triangles have the bounds of the whole square.
    assert_eq!(found([0.8, -0.1, -0.9], [0.9, 0.1, -0.8]).len(), 2);
    assert!(found([-0.9, 0.1, -0.9], [0.9, 0.2, 0.9]).is_empty());
    assert!(found([2.0, -0.1, 2.0], [3.0, 0.1, 3.0]).is_empty());
    // A triangle of one corner: refused, and named.
    c.geometry_word.set(place.word_at + 3, 2);
    c.geometry_word.set(place.word_at + 4, 2);
    assert_eq!(make(&owned, shop, order, Place { shape: 2, ..place }), Err((status::FLAT, 1)));
    c.geometry_word.set(place.word_at + 3, 9);
    assert_eq!(make(&owned, shop, order, Place { shape: 2, ..place }), Err((status::RANGE, 1)));
    assert_eq!(shapes::kind_of(&owned.world, 2), 0);
}

#[test]
fn what_is_out_of_range_is_refused_and_what_is_no_entry_is_harmless() {
    let owned = create(capacity(100));
    let shop = &mut Workshop::new();
    stage(&owned, &[1., 2., 3.]);
    let order = Order { kind: kind::BOX, count: 1, more: 0 };
    for shape in [0, owned.world.capacity.shapes, usize::MAX] {
        assert_eq!(make(&owned, shop, order, Place { shape, real_at: 0, word_at: 0 }), Err((status::RANGE, 0)));
        assert_eq!(shapes::kind_of(&owned.world, shape), 0);
        assert!(shapes::convex(&owned.world, shape).is_none());
        assert_eq!(shapes::child_count(&owned.world, shape), 0);
        assert_eq!(shapes::unit_inertia(&owned.world, shape), [0.0; 6]);
    }
    let edge = Place { shape: 1, real_at: owned.world.capacity.geometry - 3, word_at: 0 };
    stage(&owned, &CUBE);
    assert_eq!(make(&owned, shop, Order { kind: kind::HULL, count: 8, more: 0 }, edge), Err((status::RANGE, 0)));
    for (count, more) in [(2, 1), (usize::MAX, 1), (3, usize::MAX), (3, 0)] {
        assert_eq!(make(&owned, shop, Order { kind: kind::MESH, count, more }, edge), Err((status::RANGE, 0)));
    }
    stage(&owned, &[1., Real::NAN, 3.]);
    assert!(make(&owned, shop, order, Place { shape: 1, real_at: 0, word_at: 0 }).is_err());
    stage(&owned, &[0.; 24]);
    assert_eq!(make(&owned, shop, Order { kind: kind::HULL, count: 8, more: 0 }, edge), Err((status::FLAT, 0)));
    assert_eq!(shapes::kind_of(&owned.world, 1), 0);
}
