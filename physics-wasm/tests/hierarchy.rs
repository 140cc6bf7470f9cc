//! World matrices against a recursion in plain f64; what changed and nothing else; the same bits with any number of threads; bad parents.

mod common;
use common::*;
use kernel::layout::{Columns, MATRIX};
use kernel::wide::Real;
use kernel::world::{counter, flag, setting, World};

/// Elements of a matrix of some depth lose digits with the depth.
const CLOSE: f64 = if cfg!(feature = "double") { 1e-12 } else { 2e-4 };

fn place(c: &Columns, e: usize, numbers: &mut Numbers) {
    for column in [&c.position_x, &c.position_y, &c.position_z] {
        column.set(e, numbers.between(-3.0, 3.0));
    }
    let mut q = [0.0; 4].map(|_: Real| numbers.between(-1.0, 1.0));
    let length = q.iter().map(|v| v * v).sum::<Real>().sqrt();
    q = q.map(|v| v / length);
    for (column, v) in [&c.rotation_x, &c.rotation_y, &c.rotation_z, &c.rotation_w].into_iter().zip(q) {
        column.set(e, v);
    }
    for column in [&c.scale_x, &c.scale_y, &c.scale_z] {
        column.set(e, numbers.between(0.7, 1.3));
    }
}

/// `count` entities, each with a parent of a smaller or larger id, some with none, in chains up to some depth.
fn forest(count: usize, numbers: &mut Numbers) -> Owned {
    let owned = create(capacity(count + 1));
    let c = &owned.world.columns;
    c.settings.set(setting::HIGH, count as f64 + 1.0);
    let mut order: Vec<usize> = (1..=count).collect();
    for i in (1..count).rev() {
        order.swap(i, (numbers.next() * (i + 1) as Real) as usize);
    }
    for (i, e) in order.iter().enumerate() {
        place(c, *e, numbers);
        // Not the first tenth, and parents near one another, so that depth grows.
        if i > count / 10 {
            let back = 1 + (numbers.next() * (count / 8) as Real) as usize;
            c.parent.set(*e, order[i.saturating_sub(back)] as u32);
        }
    }
    c.settings.set(setting::NODES_STALE, 1.0);
    owned
}

fn local(c: &Columns, e: usize, body: bool) -> [f64; MATRIX] {
    let [x, y, z, w] = [&c.rotation_x, &c.rotation_y, &c.rotation_z, &c.rotation_w].map(|column| column.get(e) as f64);
    let s = [&c.scale_x, &c.scale_y, &c.scale_z].map(|column| if body { 1.0 } else { column.get(e) as f64 });
    let p = [&c.position_x, &c.position_y, &c.position_z].map(|column| column.get(e) as f64);
    let r = [
        [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + w * z), 2.0 * (x * z - w * y)],
        [2.0 * (x * y - w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z + w * x)],
        [2.0 * (x * z + w * y), 2.0 * (y * z - w * x), 1.0 - 2.0 * (x * x + y * y)],
    ];
    core::array::from_fn(|k| match (k / 4, k % 4) {
        (3, 3) => 1.0,
        (_, 3) => 0.0,
        (3, row) => p[row],
        (column, row) => r[column][row] * s[column],
    })
}

fn expected(c: &Columns, e: usize) -> [f64; MATRIX] {
    let body = c.flags.get(e) & flag::BODY != 0;
    let mine = local(c, e, body);
    let parent = c.parent.get(e) as usize;
    if parent == 0 || body {
        return mine;
    }
    let theirs = expected(c, parent);
    core::array::from_fn(|k| (0..4).map(|i| theirs[4 * i + k % 4] * mine[4 * (k / 4) + i]).sum())
}

fn matrix(world: &World, e: usize) -> [Real; MATRIX] {
    let node = world.columns.node_of.get(e) as usize;
    assert!(node > 0, "entity {e} has no node");
    core::array::from_fn(|k| world.columns.node_matrix.get((node - 1) * MATRIX + k))
}

fn check(world: &World, entities: impl Iterator<Item = usize>) {
    for e in entities {
        let (found, wanted) = (matrix(world, e), expected(&world.columns, e));
        let size = wanted.iter().fold(1.0f64, |most, v| most.max(v.abs()));
        for k in 0..MATRIX {
            assert!((found[k] as f64 - wanted[k]).abs() <= CLOSE * size, "entity {e}, element {k}: {} for {}", found[k], wanted[k]);
        }
    }
}

fn nodes(world: &World) -> Vec<usize> {
    (1..world.capacity.entities).filter(|e| world.columns.node_of.get(*e) != 0).collect()
}

#[test]
fn matrices_are_the_products_along_the_chain() {
    let mut numbers = Numbers(11);
    let mut owned = forest(3000, &mut numbers);
    step(&mut owned, 1.0 / 60.0, 1);
    let world = &owned.world;
    assert_eq!(world.count(counter::NODES), nodes(world).len());
    assert!(world.count(counter::LEVELS) > 8 && world.count(counter::NODES) > 2600);
    assert_eq!(world.count(counter::NODES_MOVED), world.count(counter::NODES));
    check(world, nodes(world).into_iter());
}

#[test]
fn only_what_changed_is_made_anew_and_what_hangs_on_it() {
    let mut numbers = Numbers(5);
    let mut owned = forest(2000, &mut numbers);
    step(&mut owned, 1.0 / 60.0, 1);
    step(&mut owned, 1.0 / 60.0, 1);
    assert_eq!(owned.world.count(counter::NODES_MOVED), 0);
    for round in 0..20 {
        let all = nodes(&owned.world);
        let chosen: Vec<usize> = (0..5).map(|_| all[(numbers.next() * all.len() as Real) as usize]).collect();
        for e in &chosen {
            place(&owned.world.columns, *e, &mut numbers);
        }
        step(&mut owned, 1.0 / 60.0, 1 + round % 3);
        let world = &owned.world;
        let hangs = |e: usize| {
            let mut at = e;
            while !chosen.contains(&at) && world.columns.parent.get(at) != 0 {
                at = world.columns.parent.get(at) as usize;
            }
            chosen.contains(&at)
        };
        assert_eq!(world.count(counter::NODES_MOVED), all.iter().filter(|e| hangs(**e)).count());
        check(world, all.into_iter());
    }
}

#[test]
fn a_body_carries_its_children_and_is_carried_by_nobody() {
    let mut owned = create(capacity(64));
    let world = &owned.world;
    sphere(world, 1, [0.0, 10.0, 0.0], [1.0, 0.0, 0.0], 2.0, flag::DYNAMIC);
    for e in [2, 3] {
        place(&world.columns, e, &mut Numbers(e as u64));
    }
    world.columns.scale_x.set(1, 2.0);
    world.columns.settings.set(setting::HIGH, 4.0);
    for (child, parent) in [(2, 1), (3, 2), (1, 3)] {
        world.columns.parent.set(child, parent);
    }
    world.columns.settings.set(setting::NODES_STALE, 1.0);
    for _ in 0..10 {
        step(&mut owned, 1.0 / 60.0, 1);
        check(&owned.world, 1..4);
        assert_eq!(owned.world.count(counter::NODES_MOVED), 3);
    }
}

#[test]
fn the_same_bits_with_any_number_of_threads() {
    let bits = |threads| {
        let mut owned = forest(6000, &mut Numbers(3));
        step(&mut owned, 1.0 / 60.0, threads);
        let c = &owned.world.columns;
        (0..owned.world.count(counter::NODES) * MATRIX).map(|k| c.node_matrix.get(k).to_bits()).collect::<Vec<_>>()
    };
    let one = bits(1);
    for threads in [2, 3, 8] {
        assert!(bits(threads) == one, "{threads} threads");
    }
}

#[test]
fn wide_levels_are_shared_between_threads() {
    let bits = |threads| {
        let mut numbers = Numbers(17);
        let mut owned = create(capacity(12_001));
        let c = owned.world.columns;
        for e in 1..12_001 {
            place(&c, e, &mut numbers);
            // A root, 6,000 children of it, and a child of each of these.
            c.parent.set(e, if e == 1 { 0 } else { (e as u32 - 1).saturating_sub(6000).max(1) });
        }
        c.settings.set(setting::HIGH, 12_001.0);
        c.settings.set(setting::NODES_STALE, 1.0);
        let mut all = Vec::new();
        for round in 0..4 {
            if round > 0 {
                place(&c, [1, 700, 11_000][round - 1], &mut numbers);
            }
            step(&mut owned, 1.0 / 60.0, threads);
            let world = &owned.world;
            assert_eq!(world.count(counter::NODES), 12_000);
            assert_eq!(world.count(counter::NODE_SPANS), 3);
            check(world, 1..12_001);
            all.push(world.count(counter::NODES_MOVED) as u64);
            all.extend((0..12_000 * MATRIX).map(|k| c.node_matrix.get(k).to_bits() as u64));
        }
        all
    };
    let one = bits(1);
    for threads in [2, 3, 8] {
        assert!(bits(threads) == one, "{threads} threads");
    }
}

#[test]
fn nothing_is_made_anew_where_nobody_has_a_parent() {
    let mut owned = create(capacity(64));
    place(&owned.world.columns, 3, &mut Numbers(1));
    owned.world.columns.settings.set(setting::HIGH, 10.0);
    for stale in [1.0, 0.0] {
        owned.world.columns.settings.set(setting::NODES_STALE, stale);
        step(&mut owned, 1.0 / 60.0, 2);
        assert_eq!(owned.world.count(counter::NODES), 0);
        assert_eq!(owned.world.count(counter::NODES_MOVED), 0);
    }
}

#[test]
fn circles_and_wild_parents_are_cut_and_harm_nobody() {
    let mut owned = forest(500, &mut Numbers(9));
    let c = &owned.world.columns;
    for (child, parent) in [(10, 11), (11, 12), (12, 10), (13, 13), (14, u32::MAX), (15, 900_000), (16, 10)] {
        c.parent.set(child, parent);
    }
    c.settings.set(setting::NODES_STALE, 1.0);
    for _ in 0..3 {
        step(&mut owned, 1.0 / 60.0, 2);
    }
    let world = &owned.world;
    let circle = |e: usize| {
        let (mut at, mut steps) = (e, 0);
        while steps < 1000 && world.columns.parent.get(at) != 0 && (world.columns.parent.get(at) as usize) < world.capacity.entities {
            at = world.columns.parent.get(at) as usize;
            steps += 1;
        }
        steps == 1000 || [13, 14, 15].contains(&at)
    };
    check(world, nodes(world).into_iter().filter(|e| !circle(*e)));
}

#[test]
fn more_nodes_than_room_leave_the_rest_out() {
    let mut small = capacity(512);
    small.nodes = 64;
    let mut owned = create(small);
    let c = &owned.world.columns;
    for e in 1..400 {
        place(c, e, &mut Numbers(e as u64));
        c.parent.set(e, if e > 1 { 1 } else { 0 });
    }
    c.settings.set(setting::HIGH, 400.0);
    c.settings.set(setting::NODES_STALE, 1.0);
    step(&mut owned, 1.0 / 60.0, 1);
    assert_eq!(owned.world.count(counter::NODES), 64);
    check(&owned.world, nodes(&owned.world).into_iter());
}
