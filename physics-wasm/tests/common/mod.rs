//! A world over memory of its own, filled from a small generator, and stepped with any number of threads.

#![allow(dead_code)]

use kernel::layout::Capacity;
use kernel::wide::Real;
use kernel::world::{flag, setting, World};

/// A world and the memory that it lies in.
pub struct Owned {
    pub world: Box<World>,
    _memory: Vec<u64>,
}

/// A world of this capacity over zeroed memory.
pub fn create(capacity: Capacity) -> Owned {
    let (_, _, bytes) = World::place(capacity, 0);
    let memory = vec![0u64; bytes / 8 + 16];
    let (world, _, _) = World::place(capacity, memory.as_ptr() as usize);
    let world = Box::new(world);
    world.columns.settings.set(setting::SUB_STEPS, 4.0);
    Owned { world, _memory: memory }
}

/// Capacity for `bodies` bodies.
pub fn capacity(bodies: usize) -> Capacity {
    Capacity {
        entities: bodies.next_multiple_of(1024),
        particles: 2048,
        contacts: 4 * bodies,
        emitters: 4,
        hits: 256,
        instances: bodies,
        scales: 1,
        shapes: 64,
        geometry: 65_536,
        manifolds: 4 * bodies,
        joints: 256,
        events: 1024,
        nodes: bodies.next_multiple_of(4),
        columns: 20,
        systems: 4,
        particle_hits: 64,
    }
}

/// SplitMix-like numbers in [0, 1).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> Real {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as Real / 16_777_216.0
    }
    pub fn between(&mut self, low: Real, high: Real) -> Real {
        low + (high - low) * self.next()
    }
}

/// A sphere with id `e`.
pub fn sphere(world: &World, e: usize, position: [Real; 3], velocity: [Real; 3], radius: Real, flags: u32) {
    let c = &world.columns;
    let set = |columns: [&kernel::column::Column<Real>; 3], v: [Real; 3]| columns.iter().zip(v).for_each(|(column, v)| column.set(e, v));
    set([&c.position_x, &c.position_y, &c.position_z], position);
    set([&c.velocity_x, &c.velocity_y, &c.velocity_z], velocity);
    c.rotation_w.set(e, 1.0);
    c.mass.set(e, 4.0 * radius * radius * radius);
    c.radius.set(e, radius);
    c.friction.set(e, 0.5);
    c.restitution.set(e, 0.3);
    c.gravity_scale.set(e, 1.0);
    c.group.set(e, 1);
    c.mask.set(e, u32::MAX);
    c.flags.set(e, flag::BODY | flags);
    let high = c.settings.get(setting::HIGH).max(e as f64 + 1.0);
    c.settings.set(setting::HIGH, high);
}

/// Steps with `threads` threads: the caller and `threads − 1` helpers that spin through the fork-join.
pub fn step(owned: &mut Owned, dt: Real, threads: u32) {
    let address = owned.world.as_ref() as *const World as usize;
    std::thread::scope(|scope| {
        let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        for slot in 1..threads {
            let stop = stop.clone();
            scope.spawn(move || {
                // SAFETY: as in the WebAssembly build, a helper touches the fork-join and what its phases hand it.
                let world = unsafe { &*(address as *const World) };
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    world.jobs.help(slot);
                    std::thread::yield_now();
                }
            });
        }
        assert!(kernel::step::step(&mut owned.world, dt, threads), "a helper was lost");
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}
