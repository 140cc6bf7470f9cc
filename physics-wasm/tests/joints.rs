//! Joints written raw, as no caller should: what is wrong does nothing and spoils nothing; and the same bits with any number of threads.

#![allow(missing_docs)]

mod common;
mod joint_common;
use common::{sphere, Numbers, Owned};
use joint_common::*;
use kernel::layout::JOINT_REALS;
use kernel::stages::hash;
use kernel::stages::joint::{self, bit, kind, parameter as p};
use kernel::wide::Real;
use kernel::world::{counter, flag};

/// Four pendulums of every kind; the second joint is for the test to spoil.
fn pendulums() -> Owned {
    let owned = world(-9.81);
    for k in 0..4 {
        let x = 3.0 * k as Real;
        ball(&owned.world, 1 + 2 * k, [x, 0.0, 0.0], 0.0, 0.1);
        ball(&owned.world, 2 + 2 * k, [x + 1.0, 0.0, 0.0], 1.0, 0.2);
        let kinds = [kind::BALL, kind::HINGE, kind::FIXED, kind::DISTANCE];
        let d = joint(kinds[k], 1 + 2 * k, 2 + 2 * k, [x, 0.0, 0.0], [0.0, 0.0, 1.0]).with(0, &[(p::LOWER, 0.5), (p::UPPER, 0.5)]);
        put(&owned.world, 1 + k, &d);
    }
    owned
}

fn positions(owned: &Owned, but: usize) -> Vec<[Real; 3]> {
    (1..9).filter(|e| *e != but).map(|e| pose(&owned.world, e).position).collect()
}

fn run(owned: &mut Owned, steps: usize) {
    (0..steps).for_each(|_| step(owned, DT));
}

#[test]
fn a_bad_number_takes_one_joint_out_and_no_other() {
    let mut sound = pendulums();
    run(&mut sound, 60);
    for at in 0..p::USED {
        for bad in [Real::NAN, Real::INFINITY, -1e30] {
            let mut owned = pendulums();
            owned.world.columns.joint_real.set(2 * JOINT_REALS + at, bad);
            assert!(!joint::acts(&owned.world, 2));
            run(&mut owned, 60);
            assert_eq!(positions(&owned, 4), positions(&sound, 4), "{bad} at {at}");
            let fallen = pose(&owned.world, 4).position;
            assert!((fallen[1] + 4.905).abs() < 0.05, "{bad} at {at}: {fallen:?}");
        }
    }
}

#[test]
fn bad_ends_and_kinds_do_nothing() {
    for (kind, a, b) in
        [(99, 3, 4), (kind::BALL, 4, 4), (kind::BALL, 3, 100_000), (kind::BALL, u32::MAX, 4), (kind::BALL, 3, 900), (0, 3, 4)]
    {
        let owned = &mut pendulums();
        let c = owned.world.columns;
        c.joint_kind.set(2, kind);
        c.joint_a.set(2, a);
        c.joint_b.set(2, b);
        run(owned, 60);
        assert_eq!(owned.world.count(counter::JOINTS), 3);
        assert!((pose(&owned.world, 4).position[1] + 4.905).abs() < 0.05, "{kind} {a} {b}");
    }
}

#[test]
fn impulses_that_are_no_numbers_are_forgotten() {
    let mut owned = pendulums();
    run(&mut owned, 10);
    for k in 16..32 {
        owned.world.columns.joint_state.set(k, Real::NAN);
    }
    run(&mut owned, 50);
    assert!(gap(&owned.world, 1) < 0.01 && force(&owned.world, 1).iter().all(|f| f.is_finite()));
}

#[test]
fn what_broke_is_listed_once_in_order_and_lets_go() {
    let mut owned = pendulums();
    for j in [3, 1] {
        owned.world.columns.joint_flags.set(j, bit::BREAKABLE);
    }
    step(&mut owned, DT);
    let c = owned.world.columns;
    assert_eq!((owned.world.count(counter::BROKEN), c.joint_broken.get(0), c.joint_broken.get(1)), (2, 1, 3));
    assert_eq!(c.joint_flags.get(1), bit::BREAKABLE | bit::BROKEN);
    step(&mut owned, DT);
    assert_eq!((owned.world.count(counter::BROKEN), owned.world.count(counter::JOINTS)), (0, 2));
}

#[test]
fn pairs_are_joined_either_way_round_until_the_joint_breaks() {
    let owned = pendulums();
    put(&owned.world, 5, &joint(kind::BALL, 2, 4, [0.0; 3], [1.0, 0.0, 0.0]).with(bit::COLLIDE, &[]));
    joint::list_pairs(&owned.world);
    let joined = |a: u32, b: u32| joint::joined(&owned.world, a, b);
    assert_eq!([joined(1, 2), joined(2, 1), joined(8, 7), joined(2, 4), joined(1, 4)], [true, true, true, false, false]);
    owned.world.columns.joint_flags.set(1, bit::BROKEN);
    joint::list_pairs(&owned.world);
    assert!(!joined(1, 2));
}

/// A heap of bodies joined at random, one of them to fifty others: more than there are colours.
fn tangle() -> Owned {
    let owned = world(-9.81);
    let mut numbers = Numbers(11);
    for e in 1..200 {
        let at = [0; 3].map(|_| numbers.between(-6.0, 6.0));
        sphere(&owned.world, e, at, [0.0; 3], 0.3, if e % 50 == 7 { flag::KINEMATIC } else { flag::DYNAMIC });
        owned.world.columns.velocity_x.set(e, numbers.between(-2.0, 2.0));
    }
    for j in 1..200 {
        let a = if j < 50 { 1 } else { 1 + (numbers.next() * 198.0) as usize };
        let b = if j < 50 { 1 + j } else { 1 + (numbers.next() * 198.0) as usize };
        let at = pose(&owned.world, b.min(199)).position;
        let d = joint(1 + (j % 5) as u32, a, b, at, [0.3, 1.0, 0.2]);
        let flags =
            bit::LIMITED | [bit::SPRING, bit::CONE, bit::SPEED_MOTOR, bit::TARGET_MOTOR | bit::COLLIDE, bit::BREAKABLE][j % 5 * j % 5];
        let numbers = [
            (p::LOWER, -0.5),
            (p::UPPER, 0.8),
            (p::HERTZ, 3.0),
            (p::DAMPING, 0.5),
            (p::SPEED, 1.0),
            (p::MOTOR_MAX, 50.0),
            (p::BREAK_FORCE, 400.0),
        ];
        put(&owned.world, j, &d.with(flags, &numbers));
    }
    owned
}

#[test]
fn the_same_bits_with_any_number_of_threads() {
    let results: Vec<_> = [1, 2, 3, 8]
        .into_iter()
        .map(|threads| {
            let mut owned = tangle();
            (0..30).for_each(|_| step_on(&mut owned, DT, threads));
            assert!(owned.world.count(counter::JOINTS) > 100);
            assert!((1..200).all(|e| pose(&owned.world, e).position.iter().all(|v| v.is_finite())));
            (hash::run(&owned.world), (1..200).map(|j| force(&owned.world, j).map(|v| v as f64)).collect::<Vec<_>>())
        })
        .collect();
    assert!(results.iter().all(|result| *result == results[0]));
}
