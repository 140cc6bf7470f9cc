//! The index of the queries: every body is in one leaf, every box holds what is below it, and rays find what brute force finds.

mod common;
use common::*;
use kernel::stages::query::{self, filter};
use kernel::stages::query_index::{self, state, CHILDREN, COUNT_SHIFT, LEAF_BIT, NODE, NOTHING};
use kernel::stages::{query_ray, query_walk};
use kernel::wide::Real;
use kernel::world::{flag, World};

fn world_of(bodies: &[([Real; 3], Real)]) -> Owned {
    let owned = create(capacity(bodies.len() + 2));
    let f = &owned.world.columns.query_filter;
    f.set(filter::GROUP, u32::MAX);
    f.set(filter::MASK, u32::MAX);
    f.set(filter::TYPES, 7);
    for (k, (position, radius)) in bodies.iter().enumerate() {
        sphere(&owned.world, k + 1, *position, [0.0; 3], *radius, flag::DYNAMIC);
    }
    owned
}

fn index(world: &World) {
    query_index::forget(world);
    assert!(query::open(world, 1000, 1));
    query::close(world);
}

type Bounds = ([Real; 3], [Real; 3]);

/// Walks the tree, collects the bodies, and checks that each box holds what is below it.
fn collect(world: &World, reference: u32, into: &mut Vec<u32>) -> Bounds {
    let c = &world.columns;
    let mut all = ([Real::INFINITY; 3], [-Real::INFINITY; 3]);
    let mut add = |b: Bounds| {
        for axis in 0..3 {
            all.0[axis] = all.0[axis].min(b.0[axis]);
            all.1[axis] = all.1[axis].max(b.1[axis]);
        }
    };
    if reference & LEAF_BIT != 0 {
        let (start, count) = (reference & ((1 << COUNT_SHIFT) - 1), (reference >> COUNT_SHIFT & 7) + 1);
        for at in start as usize..(start + count) as usize {
            let e = c.query_id.get(at) as usize;
            into.push(e as u32);
            let (p, r) = ([c.position_x.get(e), c.position_y.get(e), c.position_z.get(e)], c.radius.get(e));
            assert_eq!([0, 1, 2].map(|k| c.query_leaf.get(at * 4 + k)), p);
            assert_eq!(c.query_leaf.get(at * 4 + 3), r);
            add((p.map(|v| v - r), p.map(|v| v + r)));
        }
        return all;
    }
    let node = reference as usize;
    for lane in 0..CHILDREN {
        let child = query_walk::word(world, node, lane);
        if child == NOTHING {
            continue;
        }
        let inner = collect(world, child, into);
        for axis in 0..3 {
            assert!(c.query_node.get(node * NODE + axis * 8 + lane) <= inner.0[axis]);
            assert!(c.query_node.get(node * NODE + 24 + axis * 8 + lane) >= inner.1[axis]);
        }
        add(inner);
    }
    all
}

/// A name, and the place and radius of each body.
type Scene = (&'static str, Vec<([Real; 3], Real)>);

fn scenes() -> Vec<Scene> {
    let mut n = Numbers(5);
    let mut cloud = |count: usize, extent: [Real; 3], radius: [Real; 2]| -> Vec<([Real; 3], Real)> {
        (0..count).map(|_| (extent.map(|e| n.between(-e, e)), n.between(radius[0], radius[1]))).collect()
    };
    let mut mixed = cloud(3000, [30.0; 3], [0.3, 0.6]);
    mixed.extend(cloud(12, [40.0; 3], [5.0, 20.0]));
    mixed.extend(cloud(40, [1e6; 3], [0.5, 1.0]));
    mixed.push(([1e9, 0.0, -1e9], 1.0));
    vec![
        ("none", vec![]),
        ("one", cloud(1, [9.0; 3], [1.0, 2.0])),
        ("four", cloud(4, [9.0; 3], [1.0, 2.0])),
        ("five", cloud(5, [9.0; 3], [1.0, 2.0])),
        ("cube", cloud(9000, [30.0; 3], [0.2, 0.6])),
        ("disc", cloud(2000, [60.0, 0.1, 60.0], [0.5, 1.5])),
        ("line", cloud(2000, [400.0, 0.0, 0.0], [0.5, 1.5])),
        ("one point", vec![([1.0, 2.0, 3.0], 0.5); 2000]),
        ("outliers and mountains", mixed),
    ]
}

#[test]
fn every_body_is_in_one_leaf() {
    for (name, bodies) in scenes() {
        let owned = world_of(&bodies);
        index(&owned.world);
        let mut found = Vec::new();
        let root = owned.world.columns.query_state.get(state::ROOT);
        if root != NOTHING {
            collect(&owned.world, root, &mut found);
        }
        found.sort();
        assert_eq!(found, (1..=bodies.len() as u32).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn what_is_not_finite_is_left_out() {
    let mut bodies = vec![([0.0; 3], 1.0); 50];
    bodies[7].0[1] = Real::NAN;
    bodies[8].0[2] = Real::INFINITY;
    bodies[9].1 = Real::NAN;
    let owned = world_of(&bodies);
    index(&owned.world);
    let mut found = Vec::new();
    collect(&owned.world, owned.world.columns.query_state.get(state::ROOT), &mut found);
    assert_eq!(found.len(), 47);
}

/// The same rays through the index and over all bodies give the same bits.
#[test]
fn rays_find_the_same_with_and_without_the_index() {
    for (name, bodies) in scenes() {
        let owned = world_of(&bodies);
        let c = &owned.world.columns;
        let mut n = Numbers(77);
        let rays: Vec<([Real; 3], [Real; 3])> = (0..600)
            .map(|k| {
                let axis = k % 5 == 0;
                let mut toward = [0; 3].map(|_| n.between(-1.0, 1.0));
                if axis {
                    toward = [[1.0, 0.0, 0.0], [0.0, -2.0, 0.0], [0.0, 0.0, 3.0]][k / 5 % 3];
                }
                ([0; 3].map(|_| n.between(-70.0, 70.0)), toward)
            })
            .collect();
        let far = [1.0, 50.0, 500.0, 1e9];
        let mut hits = 0;
        let mut expected = Vec::new();
        for indexed in [false, true] {
            index(&owned.world);
            for (i, (origin, toward)) in rays.iter().enumerate() {
                if !indexed {
                    query_index::forget(&owned.world);
                }
                for axis in 0..3 {
                    c.query_origin.set(axis, origin[axis]);
                    c.query_direction.set(axis, toward[axis]);
                }
                c.query_far.set(0, far[i % 4]);
                assert!((0..=1).contains(&query_ray::cast_rays(&owned.world, 1, 1)));
                assert_eq!(c.query_state.get(state::VALID), indexed as u32);
                let seen = (c.query_entity.get(0), c.query_distance.get(0), [0, 1, 2].map(|k| c.query_normal.get(k)));
                if indexed {
                    assert_eq!(seen, expected[i], "{name} {i}");
                } else {
                    expected.push(seen);
                    hits += (seen.0 != 0) as usize;
                }
            }
        }
        assert!(hits > 30 || name != "cube", "{name}: {hits}");
    }
}

#[test]
fn a_ray_that_cannot_be_cast_is_named() {
    let owned = world_of(&[([0.0; 3], 1.0)]);
    let c = &owned.world.columns;
    let cast = |at: usize, change: &dyn Fn()| {
        for i in 0..8 {
            for axis in 0..3 {
                c.query_origin.set(3 * i + axis, -5.0);
                c.query_direction.set(3 * i + axis, 1e-30);
            }
            c.query_far.set(i, 100.0);
        }
        change();
        assert_eq!(query_ray::cast_rays(&owned.world, 8, 1), -1 - at as i32);
    };
    cast(3, &|| (0..3).for_each(|axis| c.query_direction.set(9 + axis, 0.0)));
    cast(5, &|| c.query_origin.set(15, Real::NAN));
    cast(5, &|| c.query_direction.set(16, Real::INFINITY));
    cast(2, &|| c.query_far.set(2, -1.0));
    cast(0, &|| c.query_far.set(0, Real::NAN));
}
