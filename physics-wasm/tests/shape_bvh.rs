//! What the tree of boxes finds, against looking at every box.

mod common;

use common::Numbers;
use kernel::geometry::bounds::Aabb;
use kernel::geometry::bvh::{build, node_capacity, Bvh, Memory, Ray, BOX_STRIDE};
use kernel::geometry::vector::{normalize_or, Vec3};
use kernel::wide::Real;

struct Owned {
    boxes: Vec<Real>,
    links: Vec<u32>,
}

impl Owned {
    fn over(items: &[Aabb]) -> Self {
        let capacity = node_capacity(items.len());
        let (mut boxes, mut links) = (vec![Real::NAN; BOX_STRIDE * capacity], vec![7; 4 * capacity]);
        let mut keys = vec![u64::MAX; 2 * items.len()];
        let mut memory = Memory { keys: &mut keys, boxes: &mut boxes, links: &mut links };
        let nodes = build(items.len(), |item| items[item as usize], &mut memory);
        boxes.truncate(BOX_STRIDE * nodes);
        links.truncate(4 * nodes);
        Self { boxes, links }
    }
    fn tree(&self) -> Bvh<'_> {
        Bvh { boxes: &self.boxes, links: &self.links }
    }
}

fn any(numbers: &mut Numbers, reach: Real) -> Vec3 {
    std::array::from_fn(|_| numbers.between(-reach, reach))
}

/// Boxes of several kinds: spread, in clusters, all in one place, on a line, of very different sizes, on a lattice.
fn scene(kind: usize, n: usize, numbers: &mut Numbers) -> Vec<Aabb> {
    (0..n)
        .map(|k| {
            let mut low = any(numbers, 10.0);
            let mut size: Vec3 = std::array::from_fn(|_| numbers.between(0.0, 1.0));
            match kind {
                0 => {}
                1 => low = low.map(|v| 1e-3 * v + (k % 7) as Real),
                2 => (low, size) = ([3.0; 3], [0.5; 3]),
                3 => (low[1], low[2]) = (0.0, 0.0),
                4 => size = size.map(|v| v * v * v * v * 20.0),
                _ => (low, size) = (low.map(Real::floor), [0.0; 3]),
            }
            [low, std::array::from_fn(|axis| low[axis] + size[axis])]
        })
        .collect()
}

fn each_scene(mut check: impl FnMut(&[Aabb], Bvh, &mut Numbers)) {
    let mut numbers = Numbers(11);
    for kind in 0..6 {
        for n in [0, 1, 2, 3, 4, 5, 6, 9, 17, 64, 100, 333, 1500] {
            let items = scene(kind, n, &mut numbers);
            let owned = Owned::over(&items);
            check(&items, owned.tree(), &mut numbers);
        }
    }
}

fn overlap(a: &Aabb, b: &Aabb) -> bool {
    (0..3).all(|k| a[0][k] <= b[1][k] && a[1][k] >= b[0][k])
}

#[test]
fn structure() {
    each_scene(|items, tree, _| {
        let mut seen = vec![0; items.len()];
        let mut parents = vec![0; tree.links.len() / 4];
        for link in tree.links {
            if *link == u32::MAX {
                continue;
            } else if link >> 31 != 0 {
                seen[(link & 0x7fff_ffff) as usize] += 1;
            } else {
                parents[*link as usize] += 1;
            }
        }
        assert!(seen.iter().all(|s| *s == 1));
        assert!(parents.iter().skip(1).all(|p| *p == 1) && parents.first().is_none_or(|p| *p == 0));
        assert!(tree.links.len() / 4 <= node_capacity(items.len()));
        if !items.is_empty() {
            let [low, high] = tree.bounds();
            for axis in 0..3 {
                assert_eq!(low[axis], items.iter().map(|b| b[0][axis]).fold(Real::INFINITY, Real::min));
                assert_eq!(high[axis], items.iter().map(|b| b[1][axis]).fold(Real::NEG_INFINITY, Real::max));
            }
        }
    });
}

#[test]
fn boxes() {
    each_scene(|items, tree, numbers| {
        for round in 0..20 {
            let low = any(numbers, 11.0);
            let size = if round % 2 == 0 { 0.5 } else { 6.0 };
            let query: Aabb = [low, low.map(|v| v + numbers.between(0.0, size))];
            let mut found = vec![];
            tree.visit_box(query[0], query[1], |item| found.push(item));
            found.sort_unstable();
            let expected: Vec<u32> = (0..items.len() as u32).filter(|i| overlap(&items[*i as usize], &query)).collect();
            assert_eq!(found, expected);
        }
    });
}

/// Where a ray enters a grown box, in 64 bits; with the distance by which it misses or meets it, to leave out what rounding decides.
fn enter(ray: &Ray, b: &Aabb, slack: f64) -> Option<f64> {
    let (mut near, mut far) = (0.0f64, ray.max_distance as f64 + slack);
    for k in [0, 1, 2] {
        let [low, high] = [b[0][k] as f64 - ray.expand[k] as f64 - slack, b[1][k] as f64 + ray.expand[k] as f64 + slack];
        let (o, d) = (ray.origin[k] as f64, ray.direction[k] as f64);
        if d == 0.0 {
            if o < low || o > high {
                return None;
            }
            continue;
        }
        let (one, two) = ((low - o) / d, (high - o) / d);
        near = near.max(one.min(two));
        far = far.min(one.max(two));
    }
    (near <= far).then_some(near)
}

fn random_ray(round: usize, numbers: &mut Numbers) -> Ray {
    let mut direction = any(numbers, 1.0);
    for (axis, component) in direction.iter_mut().enumerate() {
        // Some along the axes and in their planes.
        if round >> axis & 1 != 0 {
            *component = if round & 8 != 0 { -0.0 } else { 0.0 };
        }
    }
    Ray {
        origin: if round % 3 == 0 { any(numbers, 12.0).map(Real::floor) } else { any(numbers, 12.0) },
        direction: normalize_or(direction, [0.0, 0.0, -1.0]),
        max_distance: if round % 4 == 0 { 5.0 } else { 1e4 },
        expand: if round % 5 == 0 { [0.5, 0.25, 1.0] } else { [0.0; 3] },
    }
}

#[test]
fn rays_report_all_boxes() {
    each_scene(|items, tree, numbers| {
        for round in 0..32 {
            let ray = random_ray(round, numbers);
            let mut found = vec![false; items.len()];
            tree.visit_ray(&ray, |item, max| {
                assert!(!std::mem::replace(&mut found[item as usize], true));
                max
            });
            for (found, b) in found.iter().zip(items) {
                let (surely, maybe) = (enter(&ray, b, -1e-4).is_some(), enter(&ray, b, 1e-4).is_some());
                assert!(!surely || *found, "{ray:?} misses {b:?}");
                assert!(maybe || !found, "{ray:?} meets {b:?}");
                // Where nothing is rounded, touching counts.
                if round % 3 == 0 && b[0] == b[1] && round & 7 != 0 && enter(&ray, b, 0.0).is_some() && ray.direction.contains(&1.0) {
                    assert!(found, "{ray:?} {b:?}");
                }
            }
        }
    });
}

#[test]
fn rays_prune() {
    let mut visits = 0;
    each_scene(|items, tree, numbers| {
        for round in 0..32 {
            let ray = random_ray(round, numbers);
            let mut best = ray.max_distance;
            tree.visit_ray(&ray, |item, max| {
                visits += 1;
                assert_eq!(max, best);
                if let Some(at) = enter(&ray, &items[item as usize], 0.0) {
                    best = best.min(at as Real);
                }
                best
            });
            let expected = items.iter().filter_map(|b| enter(&ray, b, 0.0)).fold(ray.max_distance as f64, f64::min);
            assert!((best as f64 - expected).abs() < 1e-4, "{best} {expected}");
        }
    });
    // Without pruning it would be more than ten times as many.
    assert!(visits < 40_000, "{visits}");
}

fn distance(p: Vec3, b: &Aabb) -> f64 {
    (0..3).map(|k| ((b[0][k] as f64 - p[k] as f64).max(p[k] as f64 - b[1][k] as f64).max(0.0)).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn nearest() {
    each_scene(|items, tree, numbers| {
        for round in 0..20 {
            let p = any(numbers, 14.0);
            let reach = if round % 2 == 0 { 2.0 } else { 100.0 };
            let mut best = reach;
            tree.visit_nearest(p, reach, |item, max| {
                assert_eq!(max, best);
                best = best.min(distance(p, &items[item as usize]) as Real);
                best
            });
            let expected = items.iter().map(|b| distance(p, b)).fold(reach as f64, f64::min);
            assert!((best as f64 - expected).abs() < 1e-5, "{best} {expected}");
            let mut within = 0;
            tree.visit_nearest(p, reach, |_, max| {
                within += 1;
                max
            });
            assert!(within >= items.iter().filter(|b| distance(p, b) < reach as f64 - 1e-4).count());
            assert!(within <= items.iter().filter(|b| distance(p, b) < reach as f64 + 1e-4).count());
        }
    });
}

#[test]
fn bad_boxes_are_never_found_and_hurt_no_others() {
    let mut numbers = Numbers(12);
    let mut items = scene(0, 200, &mut numbers);
    let bad = [3, 50, 51, 199];
    items[3] = [[Real::NAN; 3]; 2];
    items[50] = [[Real::NAN, 0.0, 0.0], [1.0; 3]];
    items[51] = [[1.0; 3], [-1.0; 3]];
    items[199] = [[Real::INFINITY; 3], [Real::NEG_INFINITY; 3]];
    // A plane's box is no trouble.
    items[100] = [[Real::NEG_INFINITY; 3], [Real::INFINITY, 0.0, Real::INFINITY]];
    let owned = Owned::over(&items);
    let tree = owned.tree();
    let all = |found: Vec<u32>| {
        let mut found = found;
        found.sort_unstable();
        assert_eq!(found, (0..200).filter(|i| !bad.contains(i)).collect::<Vec<u32>>());
    };
    let mut found = vec![];
    tree.visit_box([-1e9; 3], [1e9; 3], |item| found.push(item));
    all(found);
    let mut found = vec![];
    tree.visit_nearest([0.0; 3], 1e9, |item, max| {
        found.push(item);
        max
    });
    all(found);
    let mut hit = false;
    tree.visit_ray(&Ray { origin: [0.0, 50.0, 0.0], direction: [0.0, -1.0, 0.0], max_distance: 51.0, expand: [0.0; 3] }, |item, max| {
        hit |= item == 100;
        max
    });
    assert!(hit);
    // Bad questions have no answers.
    for v in [Real::NAN, Real::INFINITY] {
        tree.visit_box([v; 3], [v; 3], |item| assert_eq!(item, 100));
        tree.visit_ray(&Ray { origin: [v; 3], direction: [v; 3], max_distance: 1.0, expand: [0.0; 3] }, |_, max| max);
        tree.visit_nearest([v; 3], 1.0, |_, max| max);
    }
}

#[test]
fn short_memory_gives_no_tree() {
    let items = scene(0, 10, &mut Numbers(13));
    let (mut keys, mut boxes, mut links) = ([0; 19], [0.0; 24 * 10], [0; 40]);
    let mut memory = Memory { keys: &mut keys, boxes: &mut boxes, links: &mut links };
    assert_eq!(build(10, |item| items[item as usize], &mut memory), 0);
}

#[test]
fn large_trees() {
    let mut numbers = Numbers(14);
    for n in [25_000, 100_000] {
        let items: Vec<Aabb> = (0..n)
            .map(|_| {
                let p = any(&mut numbers, 100.0);
                [p, p.map(|v| v + 0.5)]
            })
            .collect();
        let owned = Owned::over(&items);
        let mut counts = [0; 2];
        for _ in 0..20 {
            let low = any(&mut numbers, 100.0);
            let query = [low, low.map(|v| v + 10.0)];
            owned.tree().visit_box(query[0], query[1], |_| counts[0] += 1);
            counts[1] += items.iter().filter(|b| overlap(b, &query)).count();
        }
        assert_eq!(counts[0], counts[1]);
    }
}

/// Worst case of depth: codes that double from item to item, and very many equal ones.
#[test]
fn deep_trees_keep_everything() {
    let mut items: Vec<Aabb> = vec![];
    for level in 0..30 {
        let v = (0.5 as Real).powi(level);
        for k in 0..50 {
            let p: Vec3 = [v, if k % 2 == 0 { v } else { 0.0 }, if k % 3 == 0 { v } else { 0.0 }];
            items.push([p, p]);
        }
    }
    items.extend(vec![[[0.0; 3]; 2]; 20_000]);
    let owned = Owned::over(&items);
    let mut found = 0;
    owned.tree().visit_box([-1.0; 3], [2.0; 3], |_| found += 1);
    assert_eq!(found, items.len());
    let mut found = 0;
    owned.tree().visit_nearest([0.0; 3], 10.0, |_, max| {
        found += 1;
        max
    });
    assert_eq!(found, items.len());
}

/// Prints what a build and a query cost: `cargo test --release --test shape_bvh -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn cost() {
    let mut numbers = Numbers(15);
    for n in [25_000, 100_000] {
        let items: Vec<Aabb> = (0..n)
            .map(|_| {
                let p = any(&mut numbers, 50.0);
                [p, p.map(|v| v + 1.0)]
            })
            .collect();
        let capacity = node_capacity(n);
        let (mut boxes, mut links, mut keys) = (vec![0.0; BOX_STRIDE * capacity], vec![0; 4 * capacity], vec![0; 2 * n]);
        let mut least = f64::INFINITY;
        let mut nodes = 0;
        for _ in 0..20 {
            let start = std::time::Instant::now();
            let mut memory = Memory { keys: &mut keys, boxes: &mut boxes, links: &mut links };
            nodes = build(n, |item| items[item as usize], &mut memory);
            least = least.min(start.elapsed().as_secs_f64());
        }
        let tree = Bvh { boxes: &boxes[..BOX_STRIDE * nodes], links: &links[..4 * nodes] };
        let rays: Vec<Ray> = (0..10_000).map(|_| Ray { max_distance: 100.0, expand: [0.0; 3], ..random_ray(0, &mut numbers) }).collect();
        let (mut per_ray, mut visits) = (f64::INFINITY, 0);
        for _ in 0..15 {
            let start = std::time::Instant::now();
            visits = 0;
            for ray in &rays {
                tree.visit_ray(ray, |item, max| {
                    visits += 1;
                    enter(ray, &items[item as usize], 0.0).map_or(max, |at| max.min(at as Real))
                });
            }
            per_ray = per_ray.min(start.elapsed().as_secs_f64() / 1e4);
        }
        // Nodes that a ray has to look at: those whose box it meets before it ends.
        let mut looks = 0;
        for ray in rays.iter().take(300) {
            let mut end = *ray;
            tree.visit_ray(ray, |item, max| {
                end.max_distance = enter(ray, &items[item as usize], 0.0).map_or(max, |at| max.min(at as Real));
                end.max_distance
            });
            for (k, link) in tree.links.iter().enumerate().filter(|(_, link)| *link >> 31 == 0) {
                let at = |axis: usize| boxes[BOX_STRIDE * (k / 4) + 4 * axis + k % 4];
                looks += enter(&end, &[[at(0), at(1), at(2)], [at(3), at(4), at(5)]], 0.0).is_some() as u32 * (*link < u32::MAX) as u32;
            }
        }
        let looks = looks as f64 / 300.0;
        println!(
            "{n} items: build {:.3} ms, {nodes} nodes, ray {:.2} us, {} visits and {looks:.1} nodes a ray",
            1e3 * least,
            1e6 * per_ray,
            visits as f64 / 1e4
        );
    }
}
