//! What a node knows of its bodies: centre and radius of its sources, monopole, dipole, quadrupole; centre and radius of its targets.
//!
//! The centre of the sources is weighted by G m + |k c|: for gravity alone it is the centre of mass and the dipole is zero; for charges of both
//! signs it lies where the charge is and the dipole is kept. Radii are exact up to `EXACT` points and bounds from the children above.
//! A node whose numbers leave the range gets an infinite radius: it is always opened, and its bodies are summed one by one.

use super::build::Link;
use super::leaf;
use crate::column::Column;
use crate::wide::Real;
use crate::world::World;

/// Numbers of one node's moments: two records, that of gravity and that of charge.
pub const STRIDE: usize = 32;
/// First number of the record of charge.
pub const CHARGE: usize = 16;
/// Points up to which radii are measured body by body: a bound from the children is a tenth larger, which a third more of near bodies pay for.
const EXACT: usize = 256;
/// A radius is rounded up by this much.
pub const ABOVE: Real = 1.000001;
/// Radius of nothing.
pub const NONE: Real = -1.0;
/// Moments beyond are not trusted to stay finite in the expansions.
const LIMIT: Real = Real::MAX / 64.0;

/// Sums about a centre: strength, first moment, second moments xx yy zz xy xz yz.
#[derive(Clone, Copy, Default)]
pub struct Sums {
    /// Σ s
    pub strength: Real,
    /// Σ s y
    pub first: [Real; 3],
    /// Σ s y y
    pub second: [Real; 6],
}

impl Sums {
    /// Adds sums whose own centre is at `y` from this one's.
    fn add(&mut self, o: &Sums, y: [Real; 3]) {
        const PAIRS: [(usize, usize); 6] = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)];
        self.strength += o.strength;
        for (k, sum) in self.first.iter_mut().enumerate() {
            *sum += o.first[k] + o.strength * y[k];
        }
        for (slot, (j, k)) in PAIRS.into_iter().enumerate() {
            self.second[slot] += o.second[slot] + o.first[j] * y[k] + o.first[k] * y[j] + o.strength * y[j] * y[k];
        }
    }
    fn sound(&self) -> bool {
        self.strength.abs() < LIMIT && self.second.iter().all(|v| v.abs() < LIMIT)
    }
}

/// A ball around bodies.
#[derive(Clone, Copy)]
pub struct Ball {
    /// Its centre.
    pub centre: [Real; 3],
    /// Its radius; −1 when there are no bodies.
    pub radius: Real,
}

impl Ball {
    /// The ball of node `n`.
    #[inline(always)]
    pub fn of(balls: &Column<Real>, n: usize) -> Self {
        let [x, y, z, radius] = balls.load(4 * n).to_array();
        Self { centre: [x, y, z], radius }
    }
    fn set(self, balls: &Column<Real>, n: usize) {
        for (k, v) in self.centre.into_iter().chain([self.radius]).enumerate() {
            balls.set(4 * n + k, v);
        }
    }
}

/// What is known of a node.
pub struct Node {
    /// Around its sources.
    pub sources: Ball,
    /// Around its targets.
    pub targets: Ball,
    /// Targets.
    pub count: u32,
    /// Σ G m + |k c|.
    pub weight: Real,
    /// Mean square distance of its points from the centre of the sources.
    pub spread: Real,
    /// Moments of gravity and of charge.
    pub sums: [Sums; 2],
    /// Whether it must be opened.
    pub open: bool,
}

/// Fills in node `node` from its points or from its children, which are filled in. `exact`: it may measure its radii body by body.
pub fn gather<const FIELDS: usize>(world: &World, node: usize, exact: bool) {
    let c = &world.columns;
    let points = (c.node_start.get(node) as usize, c.node_end.get(node) as usize);
    let link = c.node_link.get(node);
    let known = match link {
        0 => leaf::gather::<FIELDS>(world, points),
        _ => {
            let mut known = join::<FIELDS>(world, link);
            if exact && points.1 - points.0 <= EXACT {
                let (sources, targets) = leaf::radii(world, points, known.sources.centre, known.targets.centre);
                (known.sources.radius, known.targets.radius) = (sources, targets);
            }
            known
        }
    };
    let finite = known.sources.centre.iter().all(|v| v.is_finite());
    let sound = !known.open && finite && known.weight < LIMIT && known.sums.iter().all(Sums::sound);
    let ball = if sound { known.sources } else { Ball { centre: [0.0; 3], radius: Real::INFINITY } };
    ball.set(&c.node_sources, node);
    known.targets.set(&c.node_targets, node);
    c.node_count.set(node, known.count);
    c.node_weight.set(node, known.weight);
    c.node_spread.set(node, known.spread);
    c.node_field.set(node, if known.spread > 0.0 && sound { known.weight / known.spread } else { 0.0 });
    for field in 0..FIELDS {
        write(world, node, &known.sums[field], ball.centre, field * CHARGE);
    }
}

/// A node from its children.
#[inline(never)]
fn join<const FIELDS: usize>(world: &World, link: u32) -> Node {
    let c = &world.columns;
    let children = Link::first(link)..Link::first(link) + Link::count(link);
    let (mut weight, mut first) = (0.0, [0.0; 3]);
    let origin = Ball::of(&c.node_sources, children.start).centre;
    let mut open = false;
    for n in children.clone() {
        let w = c.node_weight.get(n);
        let ball = Ball::of(&c.node_sources, n);
        open |= ball.radius == Real::INFINITY;
        weight += w;
        for (axis, sum) in first.iter_mut().enumerate() {
            *sum += w * (ball.centre[axis] - origin[axis]);
        }
    }
    let centre = core::array::from_fn(|axis| if weight > 0.0 { origin[axis] + first[axis] / weight } else { origin[axis] });
    let mut sums = [Sums::default(); 2];
    let (mut spread, mut points) = (0.0, 0.0);
    for n in children.clone() {
        let at = Ball::of(&c.node_sources, n).centre;
        let y = core::array::from_fn(|axis| at[axis] - centre[axis]);
        let size = (c.node_end.get(n) - c.node_start.get(n)) as Real;
        spread += size * (c.node_spread.get(n) + y[0] * y[0] + y[1] * y[1] + y[2] * y[2]);
        points += size;
        for (field, sum) in sums.iter_mut().enumerate().take(FIELDS) {
            sum.add(&read(world, n, field * CHARGE), y);
        }
    }
    if FIELDS == 1 {
        sums[0].first = [0.0; 3];
    }
    let (mut low, mut high, mut count) = ([Real::INFINITY; 3], [Real::NEG_INFINITY; 3], 0);
    for n in children.clone().filter(|n| c.node_count.get(*n) > 0) {
        let ball = Ball::of(&c.node_targets, n);
        for axis in 0..3 {
            low[axis] = low[axis].min(ball.centre[axis] - ball.radius);
            high[axis] = high[axis].max(ball.centre[axis] + ball.radius);
        }
        count += c.node_count.get(n);
    }
    let middle = core::array::from_fn(|axis| if count > 0 { 0.5 * low[axis] + 0.5 * high[axis] } else { 0.0 });
    let cover = |balls: &Column<Real>, centre: [Real; 3]| {
        let mut most = NONE;
        for ball in children.clone().map(|n| Ball::of(balls, n)).filter(|ball| ball.radius >= 0.0) {
            let d: [Real; 3] = core::array::from_fn(|axis| ball.centre[axis] - centre[axis]);
            most = most.max(((d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt() + ball.radius) * ABOVE);
        }
        Ball { centre, radius: most }
    };
    let (sources, targets) = (cover(&c.node_sources, centre), cover(&c.node_targets, middle));
    Node { sources, targets, count, weight, spread: spread / points, sums, open }
}

/// A record: x, y, z, strength; xx, yy, zz, xy; xz, yz, first x, first y; first z.
fn write(world: &World, node: usize, sums: &Sums, at: [Real; 3], offset: usize) {
    let [xx, yy, zz, xy, xz, yz] = sums.second;
    let [fx, fy, fz] = sums.first;
    let slot = node * STRIDE + offset;
    for (k, v) in [at[0], at[1], at[2], sums.strength, xx, yy, zz, xy, xz, yz, fx, fy, fz].into_iter().enumerate() {
        world.columns.node_moments.set(slot + k, v);
    }
}

fn read(world: &World, node: usize, offset: usize) -> Sums {
    let slot = node * STRIDE + offset;
    let r: [Real; 10] = core::array::from_fn(|k| world.columns.node_moments.get(slot + 3 + k));
    Sums { strength: r[0], second: [r[1], r[2], r[3], r[4], r[5], r[6]], first: [r[7], r[8], r[9]] }
}
