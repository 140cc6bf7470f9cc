import { PLANETS, SUN_RADIUS } from '../plan.ts'

/** How many planets the shaders know. */
export const COUNT = PLANETS.length

/** The light of the sun, which is at the origin, and the shadows of planets and rings. */
export const LIGHT = /* glsl */ `
uniform vec4 planets[${COUNT}];  // centre, radius
uniform vec4 rings[${COUNT}];    // axis; inner radius, 0 without a ring
uniform float reaches[${COUNT}]; // outer radius
const float SUN_RADIUS = ${SUN_RADIUS.toFixed(1)};
const vec3 SUNLIGHT = vec3(2.7, 2.5, 2.2);
const vec3 STARLIGHT = vec3(0.010, 0.013, 0.020);

// Share of the light that a ring takes, by the place between its inner (0) and outer (1) edge.
float ringDensity(float at) {
  float edge = smoothstep(0.0, 0.04, at) * (1.0 - smoothstep(0.95, 1.0, at));
  float gap = 1.0 - 0.92 * smoothstep(0.022, 0.010, abs(at - 0.66)) - 0.6 * smoothstep(0.010, 0.004, abs(at - 0.86));
  float bands = 0.62 + 0.16 * sin(at * 37.0) + 0.11 * sin(at * 83.0 + 1.7) + 0.08 * sin(at * 211.0 + 0.4);
  return clamp(edge * gap * bands * mix(0.55, 1.0, smoothstep(0.12, 0.3, at)), 0.0, 1.0);
}

// What of the sun is seen from p past all planets but one.
float sunlit(vec3 p, int but) {
  float far = length(p);
  vec3 toSun = -p / far;
  float light = 1.0;
  for (int i = 0; i < ${COUNT}; i++) {
    if (i == but) continue;
    vec3 to = planets[i].xyz - p;
    float along = dot(to, toSun);
    if (along <= 0.0) continue;
    // Sun and planet as discs, in radians: what the planet covers at most, and how near it is to that.
    float disc = SUN_RADIUS / far;
    float cover = planets[i].w / along;
    float apart = length(to - along * toSun) / along;
    float most = min(1.0, cover * cover / (disc * disc));
    light *= 1.0 - most * (1.0 - smoothstep(abs(disc - cover), disc + cover, apart));
  }
  return light;
}

// What the planet's own ring leaves of the sun at p.
float throughRing(vec3 p, int id) {
  if (rings[id].w == 0.0) return 1.0;
  vec3 axis = rings[id].xyz;
  vec3 toSun = normalize(-p);
  float t = dot(planets[id].xyz - p, axis) / dot(toSun, axis);
  if (t < 0.0) return 1.0;
  float r = length(p + t * toSun - planets[id].xyz);
  return 1.0 - 0.85 * ringDensity((r - rings[id].w) / (reaches[id] - rings[id].w));
}

// Sunlight is weaker far out, though less so than it should be.
vec3 sunAt(vec3 p) {
  return SUNLIGHT * (1.15 / (0.85 + length(p) / 240.0));
}
`
