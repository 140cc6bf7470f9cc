//! A list of pairs that serves several steps misses nothing, whatever moves, comes, goes or changes meanwhile.

mod common;
use common::*;
use kernel::stages::pair_pages;
use kernel::wide::Real;
use kernel::world::{counter, flag, World};
use std::collections::HashSet;

const BODIES: usize = 600;

fn touching(world: &World) -> HashSet<(u32, u32)> {
    let mut pairs = HashSet::new();
    for page in 0..world.count(counter::PAGES) {
        for at in pair_pages::pairs_of(world, world.columns.page_order.get(page) as usize) {
            if world.columns.page.get(at + 3) != 0 {
                let (a, b) = (world.columns.page.get(at), world.columns.page.get(at + 1));
                assert!(pairs.insert((a.min(b), a.max(b))), "a pair was found twice");
            }
        }
    }
    pairs
}

/// The pairs that overlap before the step.
fn overlapping(world: &World) -> Vec<(u32, u32)> {
    let c = &world.columns;
    let mut pairs = Vec::new();
    for i in 1..=BODIES {
        for j in i + 1..=BODIES {
            let bodies = c.flags.get(i) & c.flags.get(j) & flag::BODY != 0;
            let d = [&c.position_x, &c.position_y, &c.position_z].map(|column| (column.get(i) - column.get(j)) as f64);
            let near = (c.radius.get(i) + c.radius.get(j)) as f64 * 1.004;
            if bodies && pair_pages::accepts(world, i, j) && d[0] * d[0] + d[1] * d[1] + d[2] * d[2] < near * near {
                pairs.push((i as u32, j as u32));
            }
        }
    }
    pairs
}

#[test]
fn a_list_that_lasts_misses_nothing() {
    for (seed, size) in [(1, 12.0), (2, 30.0), (3, 6.0)] {
        let mut size_of_world = capacity(BODIES + 1);
        size_of_world.contacts = 100_000;
        let mut owned = create(size_of_world);
        let mut n = Numbers(seed);
        for e in 1..=BODIES {
            let v = [n.between(-5.0, 5.0), n.between(-5.0, 5.0), n.between(-5.0, 5.0)];
            sphere(
                &owned.world,
                e,
                [n.between(-size, size), n.between(-size, size), n.between(-size, size)],
                v,
                n.between(0.3, 0.9),
                flag::DYNAMIC,
            );
        }
        let mut kept = 0;
        for tick in 0..120 {
            let c = owned.world.columns;
            let e = 1 + (n.next() * BODIES as Real) as usize;
            match tick % 12 {
                3 => c.position_x.set(e, c.position_x.get(e) + 5.0),
                5 => c.velocity_y.set(e, 200.0),
                7 => c.mask.set(e, 0),
                8 => (1..=BODIES).for_each(|e| c.mask.set(e, u32::MAX)),
                10 => c.flags.set(e, c.flags.get(e) ^ flag::BODY),
                11 => c.radius.set(e, 1.5),
                _ => {}
            }
            let expected = overlapping(&owned.world);
            step(&mut owned, 1.0 / 60.0, 1);
            kept += owned.world.parameters.listed as usize;
            let found = touching(&owned.world);
            for pair in expected {
                assert!(found.contains(&pair), "seed {seed}, step {tick}: {pair:?} was missed");
            }
        }
        // Or the test says nothing.
        assert!(kept > 5 || size < 20.0, "seed {seed}: lists served {kept} steps");
    }
}
