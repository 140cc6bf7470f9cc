/**
 * What every shader of stars begins with: one body as the physics packs it, and its colour. `motion.w` is the body's tint:
 * `8 · galaxy + kind + a number of its own` (see sim/constants.ts).
 */
export const PALETTE = /* glsl */ `
attribute vec4 pose;   // x, y, z, drawn size
attribute vec4 motion; // velocity, tint
uniform float bySpeed; // 0: colour tells the origin, 1: the speed

struct Star {
  float galaxy;
  float kind; // 0 bulge, 1 disc, 2 young, 3 nebula, 4 dark halo, 5 dust
  float own;  // uniform in 0 … 0.99
};

Star readStar() {
  float code = floor(motion.w);
  float galaxy = floor(code / 8.0);
  return Star(galaxy, code - 8.0 * galaxy, motion.w - code);
}

// More numbers of its own, from one.
float chance(Star star, float turn) {
  return fract(star.own * turn);
}

vec3 speedColor(float speed) {
  vec3 slow = mix(vec3(0.16, 0.12, 0.75), vec3(0.10, 0.72, 0.80), smoothstep(0.1, 0.9, speed));
  vec3 fast = mix(vec3(1.0, 0.72, 0.22), vec3(1.0, 0.16, 0.22), smoothstep(1.3, 2.4, speed));
  return mix(slow, fast, smoothstep(0.75, 1.35, speed));
}

// Linear light. One galaxy is azure, the other amber: they stay apart for the colour-blind as well.
vec3 starColor(Star star) {
  float g = star.galaxy;
  float heat = chance(star, 31.7) - 0.5;
  vec3 color = mix(vec3(1.0, 0.70, 0.36), vec3(1.0, 0.74, 0.46), g);
  if (star.kind == 1.0) color = mix(vec3(0.30, 0.50, 1.0), vec3(1.0, 0.50, 0.20), g);
  else if (star.kind == 2.0) color = mix(vec3(0.13, 0.40, 1.0), vec3(1.0, 0.27, 0.07), g);
  else if (star.kind == 3.0) color = mix(vec3(0.95, 0.16, 0.50), vec3(1.0, 0.13, 0.26), g);
  color *= 1.0 + heat * vec3(0.35, 0.05, -0.35);
  return mix(color, speedColor(length(motion.xyz)), bySpeed);
}
`
