"""The ladder's first rung: the five stages in plain Python, without any package.

Reads a scene as JSON from standard input, steps it, and writes times, contacts and positions as JSON to standard output;
a line for each step goes to standard error. The physics is that of objects.ts, equation for equation.
"""

import json
import math
import sys
import time

# Surfaces closer than this share of the summed radii count as touching.
MARGIN = 0.005
# The contact spring: hertz as a share of the sub-step rate, damping ratio, fastest push out of overlap (m/s).
CONTACT_RATE = 0.25
DAMPING_RATIO = 10.0
PUSH_SPEED = 3.0
# Slower impacts than this do not bounce, m/s.
BOUNCE_THRESHOLD = 1.0

STAGES = ("broadPhase", "narrowPhase", "forces", "integration", "constraints")


def add(a, b):
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def subtract(a, b):
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def scale(a, factor):
    return (a[0] * factor, a[1] * factor, a[2] * factor)


def dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a, b):
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def length(a):
    return math.sqrt(dot(a, a))


ZERO = (0.0, 0.0, 0.0)


class Body:
    def __init__(self, number, row):
        x, y, z, vx, vy, vz, self.radius, self.mass, self.charge, self.friction, self.restitution = row
        self.number = number
        self.position = (x, y, z)
        self.velocity = (vx, vy, vz)
        self.spin = ZERO
        self.turn = ZERO
        self.turn_w = 1.0
        self.acceleration = ZERO
        # Velocity before the kick of this step.
        self.coasting = ZERO
        # A contact, not the free integration, moves it in this step.
        self.touched = False
        self.displacement = ZERO
        self.inverse_inertia = 1.0 / (0.4 * self.mass * self.radius * self.radius)

    def surface_velocity(self, arm):
        return add(self.velocity, cross(self.spin, arm))

    def apply_impulse(self, arm, impulse):
        self.velocity = add(self.velocity, scale(impulse, 1.0 / self.mass))
        self.spin = add(self.spin, scale(cross(arm, impulse), self.inverse_inertia))

    def rotate(self, dt):
        half = scale(self.spin, dt / 2)
        turn = add(add(self.turn, scale(half, self.turn_w)), cross(half, self.turn))
        w = self.turn_w - dot(half, self.turn)
        size = math.sqrt(dot(turn, turn) + w * w)
        self.turn = scale(turn, 1.0 / size)
        self.turn_w = w / size


class Contact:
    def __init__(self, a, b, normal, separation, when):
        self.a = a
        self.b = b
        self.normal = normal
        self.separation = separation
        velocity_a = add(a.coasting, scale(a.acceleration, when))
        velocity_b = add(b.coasting, scale(b.acceleration, when))
        self.approach = dot(normal, subtract(velocity_b, velocity_a))
        self.friction = math.sqrt(a.friction * b.friction)
        self.restitution = max(a.restitution, b.restitution)
        self.arm_a = scale(normal, a.radius)
        self.arm_b = scale(normal, -b.radius)
        masses = 1.0 / a.mass + 1.0 / b.mass
        spins = a.radius * a.radius * a.inverse_inertia + b.radius * b.radius * b.inverse_inertia
        self.normal_mass = 1.0 / masses
        self.tangent_mass = 1.0 / (masses + spins)
        self.normal_impulse = 0.0
        self.tangent_impulse = ZERO
        self.peak_impulse = 0.0

    def apply_impulse(self, impulse):
        self.a.apply_impulse(self.arm_a, scale(impulse, -1.0))
        self.b.apply_impulse(self.arm_b, impulse)

    def relative_velocity(self):
        return subtract(self.b.surface_velocity(self.arm_b), self.a.surface_velocity(self.arm_a))

    def warm_start(self):
        self.apply_impulse(add(scale(self.normal, self.normal_impulse), self.tangent_impulse))

    def push(self, impulse):
        """Adds to the accumulated impulse, which never pulls."""
        total = max(self.normal_impulse + impulse, 0.0)
        self.apply_impulse(scale(self.normal, total - self.normal_impulse))
        self.normal_impulse = total

    def solve(self, h, softness):
        """One pass: the normal impulse, then friction. Without softness overlap is left alone (relax)."""
        moved = subtract(self.b.displacement, self.a.displacement)
        separation = self.separation + dot(self.normal, moved)
        bias, mass_scale, impulse_scale = 0.0, 1.0, 0.0
        if separation > 0:
            bias = separation / h
        elif softness:
            bias_rate, mass_scale, impulse_scale = softness
            bias = max(bias_rate * separation, -PUSH_SPEED)
        speed = dot(self.normal, self.relative_velocity())
        self.push(-self.normal_mass * mass_scale * (speed + bias) - impulse_scale * self.normal_impulse)
        self.peak_impulse = max(self.peak_impulse, self.normal_impulse)
        self.solve_friction()

    def solve_friction(self):
        velocity = self.relative_velocity()
        sliding = subtract(velocity, scale(self.normal, dot(velocity, self.normal)))
        total = subtract(self.tangent_impulse, scale(sliding, self.tangent_mass))
        longest = self.friction * self.normal_impulse
        size = length(total)
        if size > longest:
            total = scale(total, longest / size)
        self.apply_impulse(subtract(total, self.tangent_impulse))
        self.tangent_impulse = total

    def bounce(self):
        if self.restitution == 0 or self.approach >= -BOUNCE_THRESHOLD or self.peak_impulse <= 0:
            return
        speed = dot(self.normal, self.relative_velocity())
        self.push(-self.normal_mass * (speed + self.restitution * self.approach))


class World:
    def __init__(self, scene):
        self.gravity = scene["gravity"]
        self.coulomb = scene["coulomb"]
        self.softening = scene["softening"]
        self.min_distance = scene["minDistance"]
        self.sub_steps = scene["subSteps"]
        self.bodies = [Body(number, row) for number, row in enumerate(scene["bodies"])]
        self.contacts = {}

    def step(self, dt):
        """One step. Returns its contacts and the milliseconds of each stage."""
        clock = [time.perf_counter()]
        self.compute_forces(dt)
        clock.append(time.perf_counter())
        self.integrate_velocities(dt)
        clock.append(time.perf_counter())
        pairs = self.find_pairs(dt)
        clock.append(time.perf_counter())
        contacts = self.collide(pairs, dt)
        clock.append(time.perf_counter())
        self.solve(contacts, dt)
        clock.append(time.perf_counter())
        self.integrate_positions(dt)
        clock.append(time.perf_counter())
        forces, kick, broad, narrow, constraints, drift = (1e3 * (b - a) for a, b in zip(clock, clock[1:]))
        return len(contacts), dict(zip(STAGES, (broad, narrow, forces, kick + drift, constraints)))

    def compute_forces(self, dt):
        """Gravity and Coulomb force of every pair, at the positions in the middle of the step."""
        bodies = self.bodies
        nearest = self.min_distance * self.min_distance
        softening = self.softening * self.softening
        middle = [add(body.position, scale(body.velocity, dt / 2)) for body in bodies]
        pull = [ZERO] * len(bodies)
        for i, a in enumerate(bodies):
            xi, yi, zi = middle[i]
            gm, kc, mass = self.gravity * a.mass, self.coulomb * a.charge, a.mass
            ax, ay, az = pull[i]
            for j in range(i + 1, len(bodies)):
                b = bodies[j]
                xj, yj, zj = middle[j]
                dx, dy, dz = xj - xi, yj - yi, zj - zi
                squared = dx * dx + dy * dy + dz * dz
                if squared < nearest:
                    continue
                squared += softening
                force = (gm * b.mass - kc * b.charge) / (squared * math.sqrt(squared))
                share = force / mass
                ax += dx * share
                ay += dy * share
                az += dz * share
                share = force / b.mass
                bx, by, bz = pull[j]
                pull[j] = (bx - dx * share, by - dy * share, bz - dz * share)
            pull[i] = (ax, ay, az)
        for body, acceleration in zip(bodies, pull):
            body.acceleration = acceleration

    def integrate_velocities(self, dt):
        for body in self.bodies:
            body.coasting = body.velocity
            body.velocity = add(body.velocity, scale(body.acceleration, dt))

    def find_pairs(self, dt):
        """Bodies whose ways may cross in this step, by a grid whose cells hold the largest reach."""
        reach = [body.radius * (1 + MARGIN) + length(body.velocity) * dt for body in self.bodies]
        cell = 2 * max(reach)
        around = (-1, 0, 1)
        grid = {}
        pairs = []
        for body in self.bodies:
            i, j, k = (math.floor(value / cell) for value in body.position)
            for key in ((i + di, j + dj, k + dk) for di in around for dj in around for dk in around):
                # Only bodies that came before are in the grid yet, so each pair is met once.
                for other in grid.get(key, ()):
                    distance = length(subtract(body.position, other.position))
                    if distance <= reach[body.number] + reach[other.number]:
                        pairs.append((other, body))
            grid.setdefault((i, j, k), []).append(body)
        return pairs

    def collide(self, pairs, dt):
        """Pairs that touch, or will meet within the step on their straight ways, become contacts."""
        contacts = []
        for a, b in pairs:
            meeting = meet(a, b, dt)
            if not meeting:
                continue
            contact = Contact(a, b, *meeting)
            before = self.contacts.get((a.number, b.number))
            if before:
                contact.normal_impulse = before.normal_impulse
                contact.tangent_impulse = before.tangent_impulse
            contacts.append(contact)
        return contacts

    def solve(self, contacts, dt):
        """Sequential impulses in sub-steps: kick, warm start, solve softly, move, solve again without the push."""
        h = dt / self.sub_steps
        softness = softness_of(h)
        touched = list(dict.fromkeys(body for contact in contacts for body in (contact.a, contact.b)))
        for body in touched:
            body.touched = True
            body.displacement = ZERO
            body.velocity = body.coasting
        for _ in range(self.sub_steps):
            for body in touched:
                body.velocity = add(body.velocity, scale(body.acceleration, h))
            for contact in contacts:
                contact.warm_start()
            for contact in contacts:
                contact.solve(h, softness)
            for body in touched:
                body.displacement = add(body.displacement, scale(body.velocity, h))
            for contact in contacts:
                contact.solve(h, None)
        for contact in contacts:
            contact.bounce()
        self.contacts = {(contact.a.number, contact.b.number): contact for contact in contacts}

    def integrate_positions(self, dt):
        for body in self.bodies:
            mean = subtract(body.velocity, scale(body.acceleration, dt / 2))
            body.position = add(body.position, body.displacement if body.touched else scale(mean, dt))
            body.touched = False
            body.rotate(dt)


def meet(a, b, dt):
    """Normal, gap along it and the time (s) when two spheres meet; None when they do not within the step."""
    radii = a.radius + b.radius
    d = subtract(b.position, a.position)
    distance = length(d)
    if distance - radii < MARGIN * radii:
        normal = scale(d, 1 / distance) if distance > 0 else (0.0, 1.0, 0.0)
        return normal, distance - radii, 0.0
    way = scale(subtract(b.velocity, a.velocity), dt)
    closing = dot(way, d)
    gap = distance * distance - radii * radii
    root = closing * closing - dot(way, way) * gap
    if closing >= 0 or root < 0:
        return None
    share = gap / (math.sqrt(root) - closing)
    if share > 1:
        return None
    normal = scale(add(d, scale(way, share)), 1 / radii)
    return normal, dot(d, normal) - radii, share * dt


def softness_of(h):
    omega = 2 * math.pi * CONTACT_RATE / h
    a1 = 2 * DAMPING_RATIO + h * omega
    a2 = h * omega * a1
    return omega / a1, a2 / (1 + a2), 1 / (1 + a2)


def main():
    scene = json.load(sys.stdin)
    world = World(scene)
    frames, stages, contacts, positions = [], {stage: [] for stage in STAGES}, [], None
    for frame in range(scene["frames"]):
        start = time.perf_counter()
        found, times = world.step(scene["dt"])
        frames.append(1e3 * (time.perf_counter() - start))
        contacts.append(found)
        for stage in STAGES:
            stages[stage].append(times[stage])
        if frame + 1 == scene["checkAfter"]:
            positions = [value for body in world.bodies for value in body.position]
        print(frame + 1, file=sys.stderr, flush=True)
    json.dump({"frames": frames, "stages": stages, "contacts": contacts, "positions": positions}, sys.stdout)


main()
