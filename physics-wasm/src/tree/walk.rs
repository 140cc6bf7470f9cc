//! The walk: a task's targets descend from its node to groups of a few, with a list of the sources that are not decided yet.
//!
//! For each pair of a target node T and a source node S, `d` apart, with radii rT and rS:
//!
//! - far enough for the expansion's error w (rS + rT)⁴ / d⁶ to be small beside the field around T: S becomes part of T's local expansion;
//! - a group T, and w rS² / d⁴ as small: S acts as one body at its centre of mass (gravity alone);
//! - else the larger is split: S is replaced by its children, or S stays in the list for T's children;
//! - a leaf S near a group T: body by body.
//!
//! Acceptance by strength (Dehnen 2002) keeps one heavy body, or a layer of charge, from erring by more than a thousand light ones: with the
//! distance alone, satellites of a mass 10⁶ times theirs were off by 4 %.
//!
//! Frames of nodes and lists live in the worker's own scratch memory. Where a list is full, bodies are summed one by one.

use super::build::Link;
use super::expansion::{self, Local, Local4, TERMS};
use super::moments::{Ball, CHARGE, STRIDE};
use super::near;
use super::walker::{append, Counts, Frame, Lists, Walker, LIST, RELIEVED, UNDECIDED};
use crate::column::Column;
use crate::wide::{lanes_below, transpose, Real, Real4, Vector4, Word4, LANES};
use crate::world::World;

/// Points of a group: a node with as many or fewer is not split for its targets.
const GROUP: usize = 32;
/// Points from which on a group takes far cells into its local expansion; for fewer, one body each is cheaper.
const EXPANDED: usize = 8;
/// Share of the least distance that is safe from rounding.
const WITHIN: Real = 0.99999;
/// The target node in work.
struct Target {
    points: (usize, usize),
    centre: Vector4,
    radius: Real4,
    /// About the field there: what errors are measured against.
    field: Real,
    /// Whether it is a group: not split further.
    group: bool,
    /// Whether far cells become part of its local expansion rather than act as one body each.
    expanded: bool,
}

/// Runs task `task` on worker `worker`: writes `pull` of the task's points, or with `potential` their potentials.
#[inline(never)]
pub fn run<const FIELDS: usize>(world: &World, task: usize, worker: usize, potential: bool) {
    let c = &world.columns;
    let root = c.tree_task.get(task) as usize;
    let (start, end) = (c.node_start.get(root) as usize, c.node_end.get(root) as usize);
    c.pull.fill(4 * start, 4 * (end - start), 0.0);
    let mut walker = Walker::new(world, worker, potential);
    walker.push(root, (0, 0), c.node_field.get(root), &[[0.0; TERMS]; FIELDS]);
    // The first target starts with the root of all, as the only child of nothing.
    let mut start_with = Some(Link::pack(0, 1, 1));
    while let Some(Frame { node, list, field, mut local }) = walker.pop::<FIELDS>() {
        visit::<FIELDS>(&mut walker, node, list, start_with.take(), field, &mut local);
    }
}

/// Decides all sources of one target node.
#[inline(always)]
fn visit<const FIELDS: usize>(
    walker: &mut Walker,
    node: usize,
    list: (usize, usize),
    start_with: Option<u32>,
    field: Real,
    local: &mut [Local; FIELDS],
) {
    let world = walker.world;
    let c = &world.columns;
    let points = (c.node_start.get(node) as usize, c.node_end.get(node) as usize);
    let link = c.node_link.get(node);
    let ball = Ball::of(&c.node_targets, node);
    let at = ball.centre;
    let count = points.1 - points.0;
    // With no room for a list, a target keeps all its sources to itself.
    let group = link == 0 || count <= GROUP || list.1 > UNDECIDED - RELIEVED * LANES;
    let expanded = FIELDS > 1 || !group || count >= EXPANDED;
    let target = Target { points, centre: Vector4::splat(at), radius: Real4::splat(ball.radius), field, group, expanded };
    let lists = walker.lists;
    let mut counts = Counts { undecided: list.1, ..Counts::default() };
    if let Some(link) = start_with {
        lists.opened.set(0, link);
        counts.opened = 1;
    }
    // First the list that the parent left, then the children of what was opened, four at a time.
    let (mut next, mut children, mut since) = (list.0, 0..0, 0);
    loop {
        let (nodes, links, count) = if next < list.1 {
            let k = next;
            next += LANES;
            (lists.undecided.load(k), lists.links.load(k), list.1 - k)
        } else {
            if children.start >= children.end {
                if counts.opened == 0 {
                    break;
                }
                counts.opened -= 1;
                let link = lists.opened.get(counts.opened);
                children = Link::first(link)..Link::first(link) + Link::giving(link);
            }
            let first = children.start;
            children.start += LANES;
            (Word4::ramp(first as u32), c.node_link.load(first), children.end - first)
        };
        decide::<FIELDS>(world, &lists, &mut counts, &target, nodes, links, count);
        since += 1;
        if since == RELIEVED {
            since = 0;
            counts = relieve::<FIELDS>(walker, &target, counts, local);
        }
    }
    expand_all::<FIELDS>(walker, &lists.far, counts.far, target.centre, local);
    if group {
        meet::<FIELDS>(walker, points, &counts);
        near::flush::<FIELDS>(walker, points);
        evaluate_all::<FIELDS>(walker, points, at, local);
        return;
    }
    let end = counts.undecided;
    let first = Link::first(link);
    for child in (first..first + Link::count(link)).filter(|n| c.node_count.get(*n) > 0) {
        let to = Ball::of(&c.node_targets, child).centre;
        let x = [to[0] - at[0], to[1] - at[1], to[2] - at[2]];
        let shifted = local.map(|l| expansion::shift(&l, x));
        walker.push(child, (list.1, end), field.max(c.node_field.get(child)), &shifted);
    }
}

/// Sorts up to four sources into far, near, to be opened and undecided.
#[inline(always)]
fn decide<const FIELDS: usize>(
    world: &World,
    lists: &Lists,
    counts: &mut Counts,
    target: &Target,
    nodes: Word4,
    links: Word4,
    count: usize,
) {
    let balls = &world.columns.node_sources;
    let index = nodes.to_array().map(|node| node as usize);
    let [x, y, z, radius] = transpose(index.map(|node| balls.load(4 * node)));
    let weight = Real4::from_array(index.map(|node| world.columns.node_weight.get(node)));
    let d = target.centre - Vector4::new(x, y, z);
    let distance2 = d.dot(d);
    let distance = distance2.sqrt();
    let allowed = |tolerance: Real| Real4::splat(tolerance * target.field);
    // Apart, no pair nearer than the least distance, and an error below the tolerance: w R⁴ / d⁶ of a third-order expansion.
    let reach = radius + target.radius;
    // Nodes that lie within the least distance of each other exert nothing: a crowd at one point costs nothing.
    let within = (distance + reach).lt(Real4::splat(world.parameters.min_distance * WITHIN));
    let valid = (lanes_below(count) & radius.ge(Real4::splat(0.0))).without(within);
    let least = reach + Real4::splat(world.parameters.min_distance);
    let apart = (reach * Real4::splat(world.tolerance.apart)).max(least);
    // In ratios: the sixth power of a distance leaves the range of f32 at 2,000 km.
    let inverse2 = Real4::splat(1.0) / distance2;
    let ratio2 = reach * reach * inverse2;
    let exact = (weight * inverse2 * ratio2 * ratio2).lt(allowed(world.tolerance.expansion));
    let mut far = distance2.gt(apart * apart) & exact & valid;
    let leaf = links.eq(Word4::splat(0));
    if target.group {
        let mut cell = far.without(far);
        if FIELDS == 1 {
            // As one body: w r² / d⁴, from the nearest point of the target on.
            let apart = (radius * Real4::splat(world.tolerance.apart) + target.radius).max(least);
            let gap = distance - target.radius;
            let inverse2 = Real4::splat(1.0) / (gap * gap);
            let exact = (weight * inverse2 * radius * radius * inverse2).lt(allowed(world.tolerance.monopole));
            cell = distance2.gt(apart * apart) & exact & valid;
            if target.expanded {
                cell = cell.without(far);
            } else {
                far = far.without(cell);
            }
            append(&lists.cells, &mut counts.cells, nodes, cell.bits());
        }
        let rest = valid.without(far | cell);
        append(&lists.leaves, &mut counts.leaves, nodes, (rest & leaf).bits());
        append(&lists.opened, &mut counts.opened, links, rest.without(leaf).bits());
    } else {
        let rest = valid.without(far);
        let opened = (rest & radius.gt(target.radius)).without(leaf);
        let kept = rest.without(opened).bits();
        lists.links.store(counts.undecided, links.compress(kept));
        append(&lists.undecided, &mut counts.undecided, nodes, kept);
        append(&lists.opened, &mut counts.opened, links, opened.bits());
    }
    append(&lists.far, &mut counts.far, nodes, far.bits());
}

/// Makes room in lists that may be full after `RELIEVED` more fours.
#[inline(never)]
fn relieve<const FIELDS: usize>(walker: &mut Walker, target: &Target, mut counts: Counts, local: &mut [Local; FIELDS]) -> Counts {
    let lists = walker.lists;
    const FULL: usize = LIST - RELIEVED * LANES;
    if counts.far > FULL {
        expand_all::<FIELDS>(walker, &lists.far, counts.far, target.centre, local);
        counts.far = 0;
    }
    if counts.leaves > FULL || counts.cells > FULL {
        meet::<FIELDS>(walker, target.points, &counts);
        (counts.leaves, counts.cells) = (0, 0);
    }
    while counts.opened > FULL {
        counts.opened -= 1;
        let link = lists.opened.get(counts.opened);
        for node in Link::first(link)..Link::first(link) + Link::giving(link) {
            one_by_one::<FIELDS>(walker, target.points, node);
        }
    }
    while counts.undecided > UNDECIDED - RELIEVED * LANES {
        counts.undecided -= 1;
        let node = lists.undecided.get(counts.undecided) as usize;
        one_by_one::<FIELDS>(walker, target.points, node);
    }
    counts
}

/// All bodies of a source node act on all of the target's.
#[inline(never)]
fn one_by_one<const FIELDS: usize>(walker: &mut Walker, targets: (usize, usize), node: usize) {
    let c = &walker.world.columns;
    let (start, end) = (c.node_start.get(node) as usize, c.node_end.get(node) as usize);
    near::gather::<FIELDS>(walker, start, end, targets);
    near::flush::<FIELDS>(walker, targets);
}

/// Gathers the near leaves and the cells that act as one body.
#[inline(never)]
fn meet<const FIELDS: usize>(walker: &mut Walker, targets: (usize, usize), counts: &Counts) {
    let c = &walker.world.columns;
    let lists = walker.lists;
    for k in 0..counts.leaves {
        let node = lists.leaves.get(k) as usize;
        let (start, end) = (c.node_start.get(node) as usize, c.node_end.get(node) as usize);
        near::gather::<FIELDS>(walker, start, end, targets);
    }
    if FIELDS == 1 {
        lists.cells.fill(counts.cells, LANES, 0);
        for k in (0..counts.cells).step_by(LANES) {
            let nodes = lists.cells.load(k).to_array();
            near::gather_cells(walker, nodes, (counts.cells - k).min(LANES), targets);
        }
    }
}

/// `expand` of what the walker sums. Potentials are summed with two fields alone.
#[inline(always)]
fn expand_all<const FIELDS: usize>(walker: &Walker, far: &Column<u32>, count: usize, centre: Vector4, local: &mut [Local; FIELDS]) {
    // With two fields always the potential too: one term of twenty, against a second copy of the routine.
    if FIELDS > 1 {
        expand::<FIELDS, true>(walker.world, far, count, centre, local);
    } else {
        expand::<FIELDS, false>(walker.world, far, count, centre, local);
    }
}

/// Adds the fields of the far cells to the local expansions, four cells at a time.
#[inline(never)]
fn expand<const FIELDS: usize, const POTENTIAL: bool>(
    world: &World,
    far: &Column<u32>,
    count: usize,
    centre: Vector4,
    local: &mut [Local; FIELDS],
) {
    if count == 0 {
        return;
    }
    let moments = &world.columns.node_moments;
    let softening2 = Real4::splat(world.parameters.softening2);
    // The last four are filled up with the first, masked.
    far.fill(count, LANES, far.get(0));
    let mut sums: [Local4; FIELDS] = [[Real4::splat(0.0); TERMS]; FIELDS];
    for k in (0..count).step_by(LANES) {
        let places = far.load(k).to_array().map(|node| node as usize * STRIDE);
        let valid = lanes_below(count - k);
        let (at, m) = if FIELDS > 1 { expansion::load::<true>(moments, places) } else { expansion::load::<false>(moments, places) };
        let (inverse, u) = expansion::direction(centre - at, softening2);
        let inverse = inverse.keep(valid);
        if FIELDS > 1 {
            expansion::cell_to_local::<true, POTENTIAL>(&mut sums[0], &m, inverse, u);
            let (_, m) = expansion::load::<true>(moments, places.map(|place| place + CHARGE));
            expansion::cell_to_local::<true, POTENTIAL>(&mut sums[1], &m, inverse, u);
        } else {
            expansion::cell_to_local::<false, POTENTIAL>(&mut sums[0], &m, inverse, u);
        }
    }
    for (total, sum) in local.iter_mut().zip(&sums) {
        expansion::add_lanes(total, sum);
    }
}

/// `evaluate` of what the walker sums.
#[inline(always)]
fn evaluate_all<const FIELDS: usize>(walker: &Walker, points: (usize, usize), at: [Real; 3], local: &[Local; FIELDS]) {
    if FIELDS > 1 && walker.potential {
        evaluate::<FIELDS, true>(walker.world, points, at, local);
    } else {
        evaluate::<FIELDS, false>(walker.world, points, at, local);
    }
}

/// Adds the local expansions at the points of a group.
#[inline(never)]
fn evaluate<const FIELDS: usize, const POTENTIAL: bool>(
    world: &World,
    (start, end): (usize, usize),
    at: [Real; 3],
    local: &[Local; FIELDS],
) {
    let c = &world.columns;
    let centre = Vector4::splat(at);
    for p in (start..end).step_by(LANES) {
        let x = Vector4::new(c.point_x.load(p), c.point_y.load(p), c.point_z.load(p)) - centre;
        let (mut pull, value) = expansion::evaluate::<POTENTIAL>(&local[0], x);
        if FIELDS > 1 {
            let (charge, potential) = expansion::evaluate::<POTENTIAL>(&local[FIELDS - 1], x);
            if POTENTIAL {
                pull = Vector4::new(value, potential, Real4::splat(0.0));
            } else {
                pull = pull - charge.scale(c.point_ratio.load(p));
            }
        }
        for (p, row) in (p..end).zip(transpose([pull.x, pull.y, pull.z, Real4::splat(0.0)])) {
            near::add(world, p, row);
        }
    }
}
