//! The grid of the queries: many rays through it find what they find among all bodies, bit for bit; where it would serve badly the tree answers.

mod common;
use common::*;
use kernel::stages::query::filter;
use kernel::stages::query_grid::Grid;
use kernel::stages::query_index::{self, state, GRID, TREE};
use kernel::stages::query_ray;
use kernel::wide::Real;
use kernel::world::{flag, World};

/// Rays of a bulk.
const RAYS: usize = 1500;

type Ball = ([Real; 3], Real);
type Line = ([Real; 3], [Real; 3], Real);
type Answer = (u32, Real, [Real; 3], [Real; 3]);

fn world_of(bodies: &[Ball]) -> Owned {
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

fn ask(world: &World, rays: &[Line]) -> Vec<Answer> {
    let c = &world.columns;
    for (i, (origin, toward, far)) in rays.iter().enumerate() {
        for axis in 0..3 {
            c.query_origin.set(3 * i + axis, origin[axis]);
            c.query_direction.set(3 * i + axis, toward[axis]);
        }
        c.query_far.set(i, *far);
    }
    assert!(query_ray::cast_rays(world, rays.len(), 1) >= 0);
    let three = |column: &kernel::column::Column<Real>, i: usize| [0, 1, 2].map(|axis| column.get(3 * i + axis));
    (0..rays.len()).map(|i| (c.query_entity.get(i), c.query_distance.get(i), three(&c.query_point, i), three(&c.query_normal, i))).collect()
}

/// The answers of all bodies, one ray at a time.
fn scan(world: &World, rays: &[Line]) -> Vec<Answer> {
    let one = |ray: &Line| {
        query_index::forget(world);
        ask(world, core::slice::from_ref(ray))[0]
    };
    rays.iter().map(one).collect()
}

/// Rays from within and around a box of these half extents; some along axes, some from centres and surfaces of bodies, some along the cells' sides.
fn lines(n: &mut Numbers, half: [Real; 3], bodies: &[Ball], grid: &Grid) -> Vec<Line> {
    let axes = [[1.0, 0.0, 0.0], [0.0, -2.0, 0.0], [0.0, 0.0, 3.0], [1.0, 1.0, 0.0], [-1.0, 1.0, -1.0]];
    let longest = half.into_iter().fold(0.0, Real::max);
    (0..RAYS)
        .map(|k| {
            let toward = if k % 4 == 0 { axes[k / 4 % 5] } else { [0; 3].map(|_| n.between(-1.0, 1.0)) };
            let reach = if k % 3 == 0 { 2.0 } else { 1.0 };
            let (at, radius) = bodies[k % bodies.len()];
            let origin = match k % 7 {
                0 => at,
                1 => [at[0] + radius, at[1], at[2]],
                2 => core::array::from_fn(|axis| {
                    grid.low[axis] + grid.edge[axis] * (n.between(0.0, grid.size[axis] as Real) as usize as Real)
                }),
                _ => half.map(|h| n.between(-reach * h, reach * h)),
            };
            (origin, toward, [0.0, 0.1 * longest, longest, 1e9, 1e30][k % 5])
        })
        .collect()
}

#[test]
fn many_rays_find_through_the_grid_what_they_find_among_all_bodies() {
    let mut n = Numbers(11);
    // Half extents, bodies, least and largest radius.
    let scenes: [([Real; 3], usize, [Real; 2]); 7] = [
        ([50.0; 3], 9000, [0.2, 0.6]),
        ([50.0; 3], 3000, [0.0, 0.5]),
        ([20.0, 90.0, 7.0], 4000, [0.3, 0.4]),
        ([90.0, 0.2, 90.0], 2000, [0.5, 0.9]),
        ([3e-3; 3], 2500, [1e-5, 3e-5]),
        ([4e6; 3], 2500, [1e4, 3e4]),
        ([12.0; 3], 5000, [0.2, 0.5]),
    ];
    for (number, (half, count, radius)) in scenes.into_iter().enumerate() {
        let mut bodies: Vec<Ball> = (0..count).map(|_| (half.map(|h| n.between(-h, h)), n.between(radius[0], radius[1]))).collect();
        // Some in one place: more than a cell has room for, and equally far.
        for k in 0..40 {
            bodies[k] = bodies[0];
        }
        let owned = world_of(&bodies);
        let world = &owned.world;
        ask(world, &[([0.0; 3], [1.0, 0.0, 0.0], 1.0); RAYS]);
        assert_eq!(world.columns.query_state.get(state::VALID), GRID, "scene {number}");
        let rays = lines(&mut n, half, &bodies, &Grid::read(world));
        let found = ask(world, &rays);
        assert_eq!(world.columns.query_state.get(state::VALID), GRID, "scene {number}");
        let expected = scan(world, &rays);
        let hits = expected.iter().filter(|answer| answer.0 != 0).count();
        assert!(hits > RAYS / 8, "scene {number}: {hits}");
        for i in 0..RAYS {
            assert_eq!(found[i], expected[i], "scene {number}, ray {i}: {:?}", rays[i]);
        }
    }
}

#[test]
fn where_the_grid_serves_badly_the_tree_answers() {
    let mut n = Numbers(12);
    let even: Vec<Ball> = (0..2000).map(|_| ([0; 3].map(|_| n.between(-20.0, 20.0)), 0.3)).collect();
    let with = |body: Ball| -> Vec<Ball> { even.iter().copied().chain([body]).collect() };
    let far_away: Vec<Line> = vec![([3e7, 0.0, 0.0], [-1.0, 0.0, 0.0], 1e9); RAYS];
    let near: Vec<Line> =
        (0..RAYS).map(|_| ([0; 3].map(|_| n.between(-20.0, 20.0)), [0; 3].map(|_| n.between(-1.0, 1.0)), 100.0)).collect();
    let scenes: [(&str, Vec<Ball>, &[Line]); 6] = [
        ("a mountain", with(([0.0, -50.0, 0.0], 50.0)), &near),
        ("an outlier", with(([1e6, 0.0, 0.0], 0.3)), &near),
        ("no number", with(([Real::NAN, 0.0, Real::INFINITY], 0.3)), &near),
        ("a heap", (0..2000).map(|k| ([k as Real * 1e-3, 0.0, 0.0], 0.3)).collect(), &near),
        ("one point", vec![([1.0, 2.0, 3.0], 0.0); 2000], &near),
        ("rays from afar", even.clone(), &far_away),
    ];
    for (name, bodies, rays) in scenes {
        let owned = world_of(&bodies);
        let found = ask(&owned.world, rays);
        assert_eq!(owned.world.columns.query_state.get(state::VALID), TREE, "{name}");
        assert_eq!(found, scan(&owned.world, rays), "{name}");
    }
}

/// What asks for the tree gets it, and rays use the tree that is there.
#[test]
fn a_tree_takes_the_place_of_the_grid() {
    let mut n = Numbers(13);
    let bodies: Vec<Ball> = (0..3000).map(|_| ([0; 3].map(|_| n.between(-20.0, 20.0)), n.between(0.2, 0.3))).collect();
    let owned = world_of(&bodies);
    let (world, c) = (&owned.world, &owned.world.columns);
    let rays: Vec<Line> =
        (0..RAYS).map(|_| ([0; 3].map(|_| n.between(-20.0, 20.0)), [0; 3].map(|_| n.between(-1.0, 1.0)), 100.0)).collect();
    let through_grid = ask(world, &rays);
    assert_eq!(c.query_state.get(state::VALID), GRID);
    assert_eq!(kernel::stages::query_nearest::nearest(world, 100, 1), 100);
    assert_eq!(c.query_state.get(state::VALID), TREE);
    assert_eq!(ask(world, &rays), through_grid);
    // For a few steps the tree is built at once; without such questions the grid is back.
    let mut seen = Vec::new();
    for _ in 0..8 {
        query_index::forget(world);
        assert_eq!(ask(world, &rays), through_grid);
        seen.push(c.query_state.get(state::VALID));
    }
    assert_eq!((seen[0], seen[7]), (TREE, GRID));
}
