//! The grid offers every pair that brute force finds, each once.

mod common;
use common::*;
use kernel::stages::pair_pages;
use kernel::wide::Real;
use kernel::world::{counter, flag, World};
use std::collections::HashMap;

fn found(world: &World) -> HashMap<(u32, u32), usize> {
    let mut pairs = HashMap::new();
    for page in 0..world.count(counter::PAGES) {
        for at in pair_pages::pairs_of(world, world.columns.page_order.get(page) as usize) {
            // `collide` has written how many contacts the pair has.
            if world.columns.page.get(at + 3) != 0 {
                let (a, b) = (world.columns.page.get(at), world.columns.page.get(at + 1));
                *pairs.entry((a.min(b), a.max(b))).or_insert(0) += 1;
            }
        }
    }
    pairs
}

/// Spheres at rest, so that what touches is what overlaps.
fn check(name: &str, bodies: &[([Real; 3], Real)]) {
    let mut size = capacity(bodies.len() + 1);
    size.contacts = 200_000;
    let mut owned = create(size);
    for (k, (position, radius)) in bodies.iter().enumerate() {
        sphere(&owned.world, k + 1, *position, [0.0; 3], *radius, flag::DYNAMIC);
    }
    step(&mut owned, 1e-6, 1);
    let grid = found(&owned.world);
    assert!(grid.values().all(|count| *count == 1), "{name}: a pair was found twice");
    let mut expected = 0;
    for i in 0..bodies.len() {
        for j in i + 1..bodies.len() {
            let d2: f64 = (0..3).map(|axis| (bodies[i].0[axis] as f64 - bodies[j].0[axis] as f64).powi(2)).sum();
            let sum = bodies[i].1 as f64 + bodies[j].1 as f64;
            let (near, far) = (sum * 1.0049, sum * 1.0051);
            let pair = grid.contains_key(&(i as u32 + 1, j as u32 + 1));
            assert!(pair || d2.sqrt() > near, "{name}: pair {i} {j} was missed");
            assert!(!pair || d2.sqrt() < far, "{name}: pair {i} {j} does not touch");
            expected += pair as usize;
        }
    }
    assert_eq!(grid.len(), expected, "{name}");
}

#[test]
fn finds_every_pair_once() {
    let mut n = Numbers(11);
    let mut cloud = |count: usize, extent: [Real; 3], radius: [Real; 2]| -> Vec<([Real; 3], Real)> {
        (0..count).map(|_| (extent.map(|e| n.between(-e, e)), n.between(radius[0], radius[1]))).collect()
    };
    check("cube", &cloud(1500, [10.0; 3], [0.2, 0.6]));
    check("sparse", &cloud(1500, [60.0; 3], [0.5, 1.5]));
    check("disc", &cloud(1500, [60.0, 0.5, 60.0], [0.5, 1.5]));
    check("line", &cloud(900, [400.0, 0.1, 0.1], [0.5, 1.5]));
    check("across the origin", &cloud(400, [1.0; 3], [0.2, 0.5]));
    check("across the origin, two cells", &cloud(120, [0.6; 3], [0.3, 0.5]));
    check("few", &cloud(9, [3.0; 3], [0.5, 1.5]));
    check("wide range", &cloud(900, [200.0; 3], [0.01, 10.0]));
    check("one point", &vec![([1.0, 2.0, 3.0], 0.5); 300]);
    let mut mixed = cloud(800, [30.0; 3], [0.3, 0.6]);
    mixed.extend(cloud(12, [40.0; 3], [5.0, 20.0]));
    mixed.extend(cloud(40, [1e6; 3], [0.5, 1.0]));
    mixed.push(([1e9, 0.0, -1e9], 1.0));
    check("outliers and mountains", &mixed);
}

#[test]
fn finds_pairs_across_the_wrap() {
    // Rows of a torus: clusters a whole number of grid widths apart share cells and must not be mistaken for neighbours.
    for seed in 0..20 {
        let mut n = Numbers(100 + seed);
        let bodies: Vec<_> = (0..400)
            .map(|k| {
                let shift = [0.0, 64.0, 128.0, -64.0][k % 4];
                ([n.between(-8.0, 8.0) + shift, n.between(-3.0, 3.0), n.between(-3.0, 3.0) - shift], n.between(0.3, 0.5))
            })
            .collect();
        check("wrap", &bodies);
    }
}
