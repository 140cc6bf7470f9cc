//! The same bits with any number of threads: a crowded scene with contacts, bullets, planes, a source of gravity and particles.

mod common;
use common::*;
use kernel::layout::EMISSION;
use kernel::stages::hash;
use kernel::world::{counter, flag, setting};

fn scene() -> Owned {
    let owned = create(capacity(3000));
    let world = &owned.world;
    let mut numbers = Numbers(7);
    world.columns.settings.set(setting::GRAVITY_Y, -9.81);
    world.columns.settings.set(setting::G, 1.0);
    world.columns.settings.set(setting::MIN_DISTANCE, 1e-3);
    for e in 1..2400 {
        let at = [0; 3].map(|_| numbers.between(-12.0, 12.0));
        let v = [0; 3].map(|_| numbers.between(-5.0, 5.0));
        let flags = if e % 5 == 0 { flag::DYNAMIC | flag::BULLET } else { flag::DYNAMIC };
        let radius = if e % 5 == 0 { 0.05 } else { numbers.between(0.2, 0.7) };
        sphere(world, e, at, v.map(|v| if e % 5 == 0 { v * 40.0 } else { v }), radius, flags);
    }
    sphere(world, 2400, [0.0, -4.0, 0.0], [0.0; 3], 3.0, flag::ATTRACTS);
    sphere(world, 2401, [0.0, -14.0, 0.0], [0.0; 3], 1.0, flag::PLANE);
    let burst =
        [900.0, 0.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, -1.0, 1.0, 9.0, 0.05, 2.0, 0.1, 0.2, 1.0, 0.5, 0.2, 0.5, 1.0, 0.3, 0.0];
    for (k, value) in burst.into_iter().enumerate() {
        assert!(k < EMISSION);
        world.columns.bursts.set(k, value);
    }
    world.columns.settings.set(setting::BURSTS, 1.0);
    owned
}

#[test]
fn hash_is_equal_for_every_number_of_threads() {
    let mut hashes = Vec::new();
    for threads in [1, 2, 3, 4, 8] {
        let mut owned = scene();
        let (mut contacts, mut hits) = (0, 0);
        for _ in 0..40 {
            step(&mut owned, 1.0 / 60.0, threads);
            contacts += owned.world.count(counter::CONTACTS);
            hits += owned.world.count(counter::HITS);
        }
        assert!(contacts > 1000 && hits > 50, "the scene is too quiet: {contacts} contacts, {hits} hits");
        hashes.push((hash::run(&owned.world), contacts, hits));
    }
    assert!(hashes.iter().all(|hash| *hash == hashes[0]), "{hashes:?}");
}

#[test]
fn pairs_beyond_capacity_are_dropped_alike_and_counted() {
    let mut results = Vec::new();
    for threads in [1, 3] {
        let mut small = capacity(1024);
        small.contacts = 200;
        let mut owned = create(small);
        let mut numbers = Numbers(3);
        for e in 1..1000 {
            let at = [0; 3].map(|_| numbers.between(-2.0, 2.0));
            sphere(&owned.world, e, at, [0.0; 3], 0.5, flag::DYNAMIC);
        }
        for _ in 0..5 {
            step(&mut owned, 1.0 / 60.0, threads);
            assert!(owned.world.count(counter::CONTACTS) <= 200);
            assert!(owned.world.count(counter::DROPPED_CONTACTS) > 0);
        }
        results.push(hash::run(&owned.world));
    }
    assert_eq!(results[0], results[1]);
}
