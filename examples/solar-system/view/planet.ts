import { NOISE } from '../../galactic-wars/view/shaders/noise.ts'
import { NODE_VERTEX } from '../../view/nodes.ts'
import { LIGHT } from './light.ts'

export const BALL_VERTEX = /* glsl */ `
${NODE_VERTEX}
varying vec3 vObject;
varying vec3 vPlace;
flat varying int vId;

void main() {
  vId = int(number + 0.5);
  vObject = position;
  vPlace = (node * vec4(position, 1.0)).xyz;
  gl_Position = projectionMatrix * viewMatrix * vec4(vPlace, 1.0);
}
`

/** Colours of the surfaces by the planet's number: x, y, z on the unit sphere. */
const SURFACES = /* glsl */ `
struct Surface { vec3 color; vec3 glow; float shine; vec3 slope; };

float bands(vec3 p, float many, float warp) {
  vec3 q = vec3(p.x, p.y * 3.2, p.z);
  float swirl = fbm(q * 2.3) - 0.5;
  float fine = fbm(vec3(p.x, p.y * 7.0, p.z) * 5.0 + swirl * 2.6) - 0.5;
  float y = p.y + warp * (0.7 * swirl + 0.4 * fine) * (1.0 - p.y * p.y);
  return clamp(0.5 + 0.27 * sin(y * many + 0.6) + 0.17 * sin(y * many * 2.2 + 2.0) + 0.35 * fine, 0.0, 1.0);
}

Surface ember(vec3 p) {
  vec4 rough = noised(p * 6.0);
  float crack = abs(fbm(p * 3.2) - 0.5);
  vec3 glow = vec3(3.2, 0.75, 0.10) * smoothstep(0.035, 0.0, crack) * smoothstep(0.35, 0.6, fbm(p * 1.4 + 5.0));
  return Surface(mix(vec3(0.12, 0.09, 0.08), vec3(0.26, 0.20, 0.17), rough.x), glow, 0.0, rough.yzw * 0.22);
}

Surface sulphur(vec3 p) {
  float b = bands(p, 6.0, 0.6);
  return Surface(mix(vec3(0.52, 0.30, 0.10), vec3(0.86, 0.70, 0.38), b), vec3(0.0), 0.0, vec3(0.0));
}

Surface haven(vec3 p) {
  float land = fbm(p * 1.9 + 3.0) + 0.22 * (fbm(p * 7.0) - 0.5);
  float shore = smoothstep(0.515, 0.535, land);
  float dry = smoothstep(0.45, 0.6, fbm(p * 3.0 + 20.0)) * (1.0 - abs(p.y));
  vec3 ground = mix(vec3(0.06, 0.15, 0.045), vec3(0.34, 0.26, 0.13), dry);
  ground = mix(ground, vec3(0.25, 0.22, 0.2), smoothstep(0.66, 0.78, land));
  vec3 color = mix(mix(vec3(0.008, 0.03, 0.085), vec3(0.02, 0.12, 0.17), smoothstep(0.44, 0.52, land)), ground, shore);
  color = mix(color, vec3(0.8), smoothstep(0.82, 0.9, abs(p.y) + 0.12 * (land - 0.5)));
  float cloud = smoothstep(0.56, 0.82, fbm(p * 3.1 + vec3(fbm(p * 2.0 + 9.0) * 2.2)) + 0.05);
  float town = smoothstep(0.62, 0.80, noise(p * 95.0)) * smoothstep(0.45, 0.62, fbm(p * 9.0 + 4.0)) * shore;
  vec3 glow = vec3(1.0, 0.62, 0.25) * town * (1.0 - cloud) * (1.0 - smoothstep(0.7, 0.85, abs(p.y)));
  return Surface(mix(color, vec3(0.86), 0.92 * cloud), glow, (1.0 - shore) * (1.0 - cloud), vec3(0.0));
}

Surface rust(vec3 p) {
  vec4 rough = noised(p * 5.0);
  float plains = smoothstep(0.38, 0.64, fbm(p * 1.7 + 8.0));
  vec3 color = mix(vec3(0.46, 0.19, 0.075), vec3(0.17, 0.09, 0.06), plains) * (0.8 + 0.4 * fbm(p * 6.0));
  color = mix(color, vec3(0.75, 0.72, 0.70), smoothstep(0.88, 0.93, abs(p.y) + 0.05 * rough.x));
  return Surface(color, vec3(0.0), 0.0, rough.yzw * 0.14);
}

Surface king(vec3 p) {
  float t = bands(p, 16.0, 0.17);
  vec3 color = mix(vec3(0.30, 0.15, 0.08), vec3(0.72, 0.58, 0.42), smoothstep(0.22, 0.5, t));
  color = mix(color, vec3(0.80, 0.72, 0.62), smoothstep(0.55, 0.75, t));
  vec3 to = p - normalize(vec3(0.45, -0.36, 0.82));
  float storm = length(vec3(to.x, to.y * 2.1, to.z)) + 0.03 * (t - 0.5);
  color = mix(color, vec3(0.84, 0.72, 0.58), 0.8 * smoothstep(0.30, 0.22, storm));
  color = mix(color, vec3(0.56, 0.18, 0.08) * (0.8 + 0.5 * sin(storm * 70.0)), smoothstep(0.20, 0.16, storm));
  return Surface(mix(color, vec3(0.20, 0.22, 0.26), smoothstep(0.75, 0.99, abs(p.y))), vec3(0.0), 0.0, vec3(0.0));
}

Surface halo(vec3 p) {
  float t = bands(p, 11.0, 0.07);
  vec3 color = mix(vec3(0.56, 0.42, 0.25), vec3(0.82, 0.72, 0.52), t);
  return Surface(mix(color, vec3(0.42, 0.46, 0.46), smoothstep(0.70, 0.98, abs(p.y))), vec3(0.0), 0.0, vec3(0.0));
}

Surface tilted(vec3 p) {
  float t = bands(p, 5.0, 0.04);
  return Surface(mix(vec3(0.22, 0.50, 0.54), vec3(0.42, 0.70, 0.72), t), vec3(0.0), 0.0, vec3(0.0));
}

Surface deep(vec3 p) {
  float t = bands(p, 8.0, 0.22);
  vec3 color = mix(vec3(0.03, 0.09, 0.34), vec3(0.11, 0.27, 0.62), t);
  float wisp = smoothstep(0.62, 0.80, fbm(vec3(p.x, p.y * 9.0, p.z) * 3.0 + 2.0));
  return Surface(mix(color, vec3(0.72, 0.80, 0.92), 0.7 * wisp), vec3(0.0), 0.0, vec3(0.0));
}

Surface surfaceOf(int id, vec3 p) {
  if (id == 0) return ember(p);
  if (id == 1) return sulphur(p);
  if (id == 2) return haven(p);
  if (id == 3) return rust(p);
  if (id == 4) return king(p);
  if (id == 5) return halo(p);
  if (id == 6) return tilted(p);
  return deep(p);
}
`

export const PLANET_FRAGMENT = /* glsl */ `
${LIGHT}
${NOISE}
${SURFACES}
uniform vec3 airs[8];
varying vec3 vObject;
varying vec3 vPlace;
flat varying int vId;

void main() {
  Surface s = surfaceOf(vId, normalize(vObject));
  vec3 n = normalize(vPlace - planets[vId].xyz);
  // The slope is in the planet's frame; its turn hardly matters to so small a thing.
  n = normalize(n - 0.5 * (s.slope - n * dot(n, s.slope)));
  vec3 toSun = normalize(-vPlace);
  vec3 toEye = normalize(cameraPosition - vPlace);
  float sine = dot(n, toSun);
  float day = smoothstep(-0.06, 0.16, sine) * max(sine + 0.06, 0.0);
  vec3 light = sunAt(vPlace) * (day * throughRing(vPlace, vId) * sunlit(vPlace, vId));
  vec3 low = mix(vec3(1.0, 0.5, 0.25), vec3(1.0), smoothstep(0.0, 0.3, sine));
  vec3 color = s.color * (light * mix(vec3(1.0), low, step(0.001, dot(airs[vId], airs[vId]))) + STARLIGHT);
  color += light * s.shine * 0.55 * pow(max(dot(reflect(-toSun, n), toEye), 0.0), 38.0);
  float haze = pow(1.0 - max(dot(n, toEye), 0.0), 3.2);
  color = mix(color, airs[vId] * light * 0.5, 0.75 * haze * step(0.001, dot(airs[vId], airs[vId])));
  // Towns are seen at night; lava at any time.
  color += s.glow * (vId == 2 ? smoothstep(0.05, -0.12, sine) * 0.7 : 1.0);
  gl_FragColor = vec4(color, 1.0);
}
`

/** The glowing rim above the limb: how much air a ray that misses the planet crosses, and how much of it is in the sun. */
export const AIR_FRAGMENT = /* glsl */ `
${LIGHT}
uniform vec3 airs[8];
varying vec3 vPlace;
flat varying int vId;

void main() {
  vec3 centre = planets[vId].xyz;
  vec3 ray = normalize(vPlace - cameraPosition);
  vec3 to = centre - cameraPosition;
  vec3 nearest = ray * dot(to, ray) - to;
  float height = max(length(nearest) / planets[vId].w - 1.0, 0.0);
  float sine = dot(normalize(nearest), normalize(-centre));
  float density = exp(-height / 0.016) + 0.22 * exp(-height / 0.040);
  density *= smoothstep(0.115, 0.07, height);
  vec3 tone = mix(vec3(1.0, 0.4, 0.15), airs[vId], smoothstep(-0.15, 0.3, sine));
  float lit = smoothstep(-0.35, 0.35, sine) * (1.0 + 2.0 * pow(max(dot(ray, normalize(-cameraPosition)), 0.0), 6.0));
  gl_FragColor = vec4(tone * sunAt(centre) * (density * lit * 0.28 * step(0.001, dot(airs[vId], airs[vId]))), 1.0);
}
`

/** A ring from afar: fine ice, brightest towards the sun and where the light comes through. */
export const DISC_FRAGMENT = /* glsl */ `
${LIGHT}
${NOISE}
varying vec3 vPlace;
flat varying int vId;

void main() {
  int id = vId;
  vec3 out_ = vPlace - planets[id].xyz;
  float at = (length(out_) - rings[id].w) / (reaches[id] - rings[id].w);
  // Finer than a pixel it would only shimmer.
  float grain = clamp(1.5 - 200.0 * fwidth(at), 0.0, 1.0);
  float density = ringDensity(at) * mix(1.0, 0.7 + 0.6 * noise(vec3(at * 130.0, 1.0, 2.0)), grain);
  vec3 toEye = normalize(cameraPosition - vPlace);
  float slant = abs(dot(toEye, rings[id].xyz));
  float opacity = 1.0 - exp(-density * 0.9 / (slant + 0.12));
  float forward = pow(max(dot(-toEye, normalize(-vPlace)), 0.0), 4.0);
  // Seen from the dark side only what comes through is bright.
  float side = dot(toEye, rings[id].xyz) * dot(normalize(-vPlace), rings[id].xyz) > 0.0 ? 1.0 : 0.4;
  vec3 ice = mix(vec3(0.46, 0.37, 0.27), vec3(0.82, 0.74, 0.62), smoothstep(0.1, 0.7, at));
  vec3 color = ice * sunAt(vPlace) * sunlit(vPlace, -1) * (0.42 * side + 0.8 * forward);
  gl_FragColor = vec4(color + ice * STARLIGHT, clamp(opacity, 0.0, 0.93));
}
`

export const MOON_FRAGMENT = /* glsl */ `
${LIGHT}
${NOISE}
varying vec3 vObject;
varying vec3 vPlace;
varying vec3 vNormal;
varying vec2 vShape;

void main() {
  vec3 p = normalize(vObject) * 2.4 + 40.0 * vShape.y;
  vec4 rough = noised(p * 2.6);
  vec4 fine = noised(p * 7.0);
  float plains = smoothstep(0.4, 0.62, fbm(p * 0.8));
  vec3 tone = mix(vec3(0.34, 0.31, 0.28), vec3(0.42, 0.33, 0.22), noise(vec3(30.0 * vShape.y)));
  vec3 slope = rough.yzw * 0.30 + fine.yzw * 0.16;
  vec3 n = normalize(vNormal);
  n = normalize(n - (slope - n * dot(slope, n)));
  vec3 light = sunAt(vPlace) * max(dot(n, normalize(-vPlace)), 0.0) * sunlit(vPlace, -1);
  gl_FragColor = vec4(tone * mix(1.0, 0.5, plains) * (light + STARLIGHT), 1.0);
}
`

export const SUN_FRAGMENT = /* glsl */ `
${NOISE}
uniform float time;
varying vec3 vObject;
varying vec3 vPlace;

void main() {
  vec3 p = normalize(vObject);
  float grain = fbm(p * 9.0 + vec3(0.0, time * 0.05, 0.0));
  float cells = fbm(p * 26.0 - vec3(time * 0.09, 0.0, 0.0));
  float facing = max(dot(normalize(vPlace), normalize(cameraPosition - vPlace)), 0.0);
  float spots = smoothstep(0.30, 0.40, fbm(p * 3.0 + 3.0) + 0.25 * abs(p.y));
  vec3 color = mix(vec3(1.9, 0.36, 0.03), vec3(4.2, 2.1, 0.55), smoothstep(0.25, 1.0, 0.75 * grain + 0.6 * cells));
  gl_FragColor = vec4(color * mix(0.35, 1.0, facing) * mix(0.45, 1.0, spots), 1.0);
}
`

/** A square about the sun that faces the eye. */
export const CORONA_VERTEX = /* glsl */ `
${NODE_VERTEX}
varying vec2 vCorner;

void main() {
  vCorner = position.xy * 7.0;
  vec4 centre = viewMatrix * place;
  gl_Position = projectionMatrix * (centre + vec4(position.xy * 7.0 * length(axisX.xyz), 0.0, 0.0));
}
`

export const CORONA_FRAGMENT = /* glsl */ `
${NOISE}
uniform float time;
varying vec2 vCorner;

void main() {
  float r = length(vCorner);
  float turn = atan(vCorner.y, vCorner.x);
  float rays = fbm(vec3(cos(turn) * 2.4, sin(turn) * 2.4, r * 0.22 - time * 0.02));
  float body = exp(-1.15 * max(r - 1.0, 0.0)) * (0.55 + 0.9 * rays) + 0.06 * exp(-0.5 * r);
  body *= smoothstep(7.0, 4.0, r) * smoothstep(0.86, 1.0, r);
  gl_FragColor = vec4(vec3(1.5, 0.66, 0.22) * body * 0.8, 1.0);
}
`
