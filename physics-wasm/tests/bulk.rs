//! Bulk mathematics: what is inside the world is computed, to its end; what names anything else is refused.

mod common;
use common::*;
use kernel::stages::bulk::{is_sound, run, Entities, BULK_LIST};
use kernel::wide::Real;
use kernel::world::World;

const NORMALIZE_VECTOR: u32 = 0;
const ADD_SCALED: u32 = 3;

fn range(first: usize, count: usize) -> Entities {
    Entities { first, count, listed: false }
}

/// Names own columns `first` … `first + 3` as operand `operand`.
fn name(world: &World, operand: usize, first: usize) {
    let c = &world.columns;
    let base = c.position_x.address(0) as usize;
    for k in 0..4 {
        let column = c.own.address((first + k) * world.capacity.entities) as usize;
        c.bulk_offset.set(4 * operand + k, (column - base) as u32);
    }
}

fn named(world: &World) {
    for operand in 0..3 {
        name(world, operand, 4 * operand);
    }
}

#[test]
fn the_last_entities_of_the_last_column_and_nothing_beyond() {
    let owned = create(capacity(1024));
    let world = &owned.world;
    let entities = world.capacity.entities;
    // Result and argument are the last of the caller's own columns; what lies behind them is not touched.
    for operand in 0..3 {
        name(world, operand, 16);
    }
    let value = |axis: usize, e: usize| world.columns.own.get((16 + axis) * entities + e);
    for k in 16 * entities..20 * entities {
        world.columns.own.set(k, 3.0);
    }
    for (first, count) in [(entities - 7, 7), (entities - 1, 1), (entities, 0), (0, entities)] {
        assert!(is_sound(world, range(first, count)));
        run(world, ADD_SCALED, range(first, count), 0.5);
    }
    for axis in 0..3 {
        assert_eq!(value(axis, 0), 4.5);
        assert_eq!(value(axis, entities - 7), 6.75);
        assert_eq!(value(axis, entities - 1), 10.125);
    }
    assert_eq!(value(3, entities - 1), 3.0);
    run(world, NORMALIZE_VECTOR, range(0, entities), 0.0);
    assert!((value(0, 5) - (1.0 / 3.0 as Real).sqrt()).abs() < 1e-6);
}

#[test]
fn what_is_not_the_worlds_is_refused() {
    let owned = create(capacity(1024));
    let world = &owned.world;
    let entities = world.capacity.entities;
    named(world);
    assert!(is_sound(world, range(0, entities)));
    for wrong in [range(1, entities), range(entities + 1, 0), range(usize::MAX, 2), range(2, usize::MAX)] {
        assert!(!is_sound(world, wrong));
    }
    let list = |count| Entities { first: 0, count, listed: true };
    world.columns.bulk_list.set(0, entities as u32 - 1);
    assert!(is_sound(world, list(1)));
    assert!(!is_sound(world, list(BULK_LIST + 1)));
    world.columns.bulk_list.set(0, entities as u32);
    assert!(!is_sound(world, list(1)));
    for wrong in [u32::MAX, u32::MAX - 3, 2] {
        named(world);
        world.columns.bulk_offset.set(5, wrong);
        assert!(!is_sound(world, range(0, 1)));
    }
}

#[test]
fn wild_numbers_harm_nobody() {
    let owned = create(capacity(1024));
    let world = &owned.world;
    let entities = world.capacity.entities;
    for operation in 0..10 {
        named(world);
        for k in 0..20 * entities {
            let wild = [Real::NAN, Real::INFINITY, -0.0, Real::MAX, Real::MIN_POSITIVE, 1.0];
            world.columns.own.set(k, wild[(k * 7 + k / 11) % wild.len()]);
        }
        run(world, operation, range(0, entities), 0.3);
    }
}
