//! The pool of particles: pages go to systems and come back, none is lost or had twice.

mod common;
use common::{capacity, create, step, Owned};
use kernel::layout::{PARTICLE_PAGE, SYSTEM_REALS, SYSTEM_WORDS};
use kernel::stages::particle_pages::listed;
use kernel::stages::particle_system::{bit, real, word};
use kernel::world::{counter, setting, World};

const SYSTEMS: usize = 5;

fn pool(particles: usize) -> Owned {
    let owned = create(kernel::layout::Capacity { particles, systems: SYSTEMS, ..capacity(1024) });
    owned.world.columns.settings.set(setting::SYSTEMS, SYSTEMS as f64);
    owned
}

fn set(world: &World, system: usize, index: usize, value: u32) {
    world.columns.system_word.set(system * SYSTEM_WORDS + index, value);
}

fn get(world: &World, system: usize, index: usize) -> usize {
    world.columns.system_word.get(system * SYSTEM_WORDS + index) as usize
}

/// A system whose particles live for `life` seconds.
fn start(world: &World, system: usize, life: f32) {
    set(world, system, word::FLAGS, bit::LIVE);
    set(world, system, word::MOST, u32::MAX);
    set(world, system, word::SEED, system as u32);
    for (index, value) in [(real::LIFE, life), (real::LIFE + 1, life), (real::ROTATION + 3, 1.0), (real::SPREAD, 1.0)] {
        world.columns.system_real.set(system * SYSTEM_REALS + index, value);
    }
}

/// Every page that was ever taken is in the list once or free once, and each system has as many as it needs.
fn check(world: &World) {
    let c = &world.columns;
    let taken = world.count(counter::PARTICLE_PAGES);
    assert!(taken <= world.capacity.particle_pages());
    let mut seen = vec![0; taken];
    let mut at = 0;
    for system in 0..SYSTEMS {
        assert_eq!(get(world, system, word::LIST), at);
        for _ in 0..get(world, system, word::PAGES) {
            assert_eq!(c.page_system.get(at) as usize, system);
            seen[c.page_list.get(at) as usize] += 1;
            at += 1;
        }
        assert!(get(world, system, word::COUNT) <= get(world, system, word::PAGES) * PARTICLE_PAGE);
    }
    assert_eq!(at, listed(world));
    for k in 0..world.count(counter::FREE_PAGES) {
        seen[c.page_free.get(k) as usize] += 1;
    }
    assert!(seen.iter().all(|n| *n == 1), "{seen:?}");
}

#[test]
fn pages_go_round() {
    let mut owned = pool(4000);
    for system in 1..SYSTEMS {
        start(&owned.world, system, 0.1 * system as f32);
    }
    let mut random = common::Numbers(7);
    let mut full = 0;
    for round in 0..400 {
        let system = 1 + round % (SYSTEMS - 1);
        set(&owned.world, system, word::ASKED, (random.next() * 900.0) as u32);
        if round % 50 == 49 {
            // As removing a system does it: the pages are the kernel's to take back.
            set(&owned.world, system, word::COUNT, 0);
            let sum: usize = (0..SYSTEMS).map(|s| get(&owned.world, s, word::COUNT)).sum();
            owned.world.set_count(counter::PARTICLES, sum);
        }
        step(&mut owned, 1.0 / 60.0, 1 + round as u32 % 3);
        check(&owned.world);
        let sum: usize = (0..SYSTEMS).map(|s| get(&owned.world, s, word::COUNT)).sum();
        assert_eq!(sum, owned.world.count(counter::PARTICLES));
        full += (owned.world.count(counter::DROPPED_PARTICLES) > 0) as usize;
    }
    assert!(full > 20, "the pool was never full");
}

#[test]
fn every_particle_of_the_capacity_finds_a_place_however_systems_share_it() {
    let particles = 4 * PARTICLE_PAGE;
    for split in [[1, 1, 1], [255, 257, 511], [1, 256, 700], [300, 300, 300]] {
        let mut owned = pool(particles);
        let rest = particles - split.iter().sum::<usize>();
        for (k, count) in split.into_iter().chain([rest]).enumerate() {
            start(&owned.world, k + 1, 10.0);
            set(&owned.world, k + 1, word::ASKED, count as u32);
        }
        step(&mut owned, 1.0 / 60.0, 1);
        assert_eq!(owned.world.count(counter::PARTICLES), particles);
        assert_eq!(owned.world.count(counter::DROPPED_PARTICLES), 0);
        check(&owned.world);
    }
}

#[test]
fn deaths_keep_the_others() {
    let mut owned = pool(2000);
    start(&owned.world, 1, 1.0);
    owned.world.columns.system_real.set(SYSTEM_REALS + real::LIFE, 0.0001);
    set(&owned.world, 1, word::ASKED, 1500);
    let (mut before, mut deaths) = (1500, 0);
    for _ in 0..70 {
        step(&mut owned, 1.0 / 60.0, 2);
        let count = get(&owned.world, 1, word::COUNT);
        for i in 0..count {
            let left = kernel::stages::particle_pages::number(&owned.world, 1, i, kernel::stages::particle_pages::field::LEFT);
            assert!(left > 0.0 && left < 1.0);
        }
        deaths += before - count;
        before = count;
    }
    assert_eq!(deaths, 1500);
}
