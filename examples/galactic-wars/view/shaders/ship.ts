import { INSTANCE } from './instance.ts'
import { FINISH, LIGHT } from './light.ts'
import { NOISE } from './noise.ts'

/** What a face of a ship is made of: the values of the vertex attribute `paint`. */
export const PAINT = { hull: 0, trim: 1, dark: 2, engine: 3, glass: 4 } as const

/** The light that one point of a hull sends to the eye; in the vertex shader where fragments are dear. */
const SHADE = /* glsl */ `
${LIGHT}
uniform vec3 hullColor;
uniform vec3 fleetColor;

vec3 albedoOf(float paint) {
  if (paint > 3.5) return vec3(0.02, 0.03, 0.05);
  if (paint > 2.5) return vec3(0.05);
  if (paint > 1.5) return vec3(0.055, 0.056, 0.06);
  return paint > 0.5 ? fleetColor * 0.62 : hullColor;
}

vec3 glowOf(float paint) {
  if (paint > 3.5) return fleetColor * 0.25;
  if (paint > 2.5) return mix(fleetColor, vec3(1.0), 0.3) * 2.2;
  return paint > 0.5 && paint < 1.5 ? fleetColor * 0.10 : vec3(0.0);
}

// tint: above 0 the shield was hit, below 0 the ship is arriving and still hot.
vec3 shadeHull(vec3 albedo, float paint, float tint, vec3 p, vec3 n) {
#ifdef AS_POINTS
  vec3 light = sunColor * max(dot(n, sun), 0.0) + starlight * 4.0;
  return albedo * light + glowOf(paint) + fleetColor * (0.04 + 0.15 * max(tint, -tint));
#endif
  vec3 toEye = normalize(-p);
  vec3 color = albedo * lightOn(p, n) + glowOf(paint);
  float gloss = paint > 3.5 ? 1.0 : 0.45;
  float shine = pow(max(dot(n, normalize(sun + toEye)), 0.0), 42.0) * sunlit(p);
  color += sunColor * (gloss * 0.35 * shine);
  // A thin rim in the fleet's colour keeps night sides readable against black.
  float rim = pow(1.0 - max(dot(n, toEye), 0.0), 4.0);
  color += fleetColor * (0.11 * rim + max(tint, 0.0) * (0.015 + 0.22 * rim));
  return color + (fleetColor + 0.25) * (clamp(-tint, 0.0, 1.0) * (0.12 + 1.5 * rim));
}
`

export const SHIP_VERTEX = /* glsl */ `
${INSTANCE}
attribute float paint;
varying vec3 vNormal;
varying vec3 vPlace;
varying vec3 vObject;
varying vec3 vObjectNormal;
varying vec3 vLook; // paint, tint, size
#ifdef AS_POINTS
${SHADE}
#endif

void main() {
  vObject = position;
  vObjectNormal = normal;
  vNormal = rotate(turn, normal);
  vPlace = pose.xyz + rotate(turn, position * pose.w);
  vLook = vec3(paint, motion.w, pose.w);
#ifdef AS_POINTS
  // Faces are flat: their corners have one normal, so the colour of a corner is that of the face.
  vObject = shadeHull(albedoOf(paint), paint, motion.w, vPlace, vNormal);
#endif
  gl_Position = projectionMatrix * viewMatrix * vec4(vPlace, 1.0);
}
`

export const SHIP_FRAGMENT = /* glsl */ `
${NOISE}
uniform float panel; // plates along one unit of the model
varying vec3 vNormal;
varying vec3 vPlace;
varying vec3 vObject;
varying vec3 vObjectNormal;
varying vec3 vLook;
#ifndef AS_POINTS
${SHADE}
#endif

// Rows of plates of uneven width and tone with thin dark seams; some rows of large ships are lit windows.
vec3 plating(vec3 base, out float window) {
  vec3 side = abs(vObjectNormal);
  vec2 at = side.x > max(side.y, side.z) ? vObject.zy : side.y > side.z ? vObject.zx : vObject.xy;
  vec2 cell = at * panel;
  // Before the rows shift against each other: there the derivatives would jump.
  vec2 blur = fwidth(cell);
  float row = floor(cell.y);
  float chance = hash13(vec3(row, 4.0, 9.0));
  cell.x = cell.x * (0.28 + 0.5 * chance) + 7.0 * chance;
  vec2 edge = 0.5 - abs(fract(cell) - 0.5);
  float fade = clamp(1.2 - 2.5 * max(blur.x, blur.y), 0.0, 1.0);
  float seam = 1.0 - smoothstep(0.02, 0.05 + max(blur.x, blur.y), min(edge.x * 2.0, edge.y));
  float plate = hash13(vec3(floor(cell), 1.0));
  float patches = hash13(vec3(floor(at * panel * 0.31), 2.0));
  vec2 pane = at * panel * vec2(5.0, 2.0);
  float lit = step(0.45, hash13(vec3(floor(pane), 5.0))) * step(0.74, chance);
  vec2 inPane = fract(pane);
  window = lit * step(0.3, inPane.x) * step(inPane.x, 0.7) * step(0.40, inPane.y) * step(inPane.y, 0.62);
  window *= step(6.0, vLook.z) * clamp(1.4 - 7.0 * max(blur.x, blur.y), 0.0, 1.0) * step(side.y, 0.9);
  return base * (1.0 + fade * (0.20 * (plate - 0.5) + 0.16 * (patches - 0.5) - 0.26 * seam));
}

void main() {
#ifdef AS_POINTS
  vec3 color = vObject;
#else
  float paint = vLook.x;
  vec3 albedo = albedoOf(paint);
  float window = 0.0;
#ifdef PLATES
  if (paint < 0.5 || (paint > 1.5 && paint < 2.5)) albedo = plating(albedo, window);
#endif
  vec3 color = shadeHull(albedo, paint, vLook.y, vPlace, normalize(vNormal));
  color += window * vec3(1.0, 0.86, 0.62) * 1.3;
#endif
  gl_FragColor = vec4(color, 1.0);
  ${FINISH}
}
`

/** Additive light about a ship: the flames and halos of its engines, and its shield while `tint` says so. */
export const GLOW_VERTEX = /* glsl */ `
${INSTANCE}
attribute vec4 nozzle; // place in the model, radius; radius 0: a vertex of the shield
uniform float time;
varying vec3 vShape;   // across −1 … 1, along 0 … 1, kind: 0 flame, 1 halo, 2 shield
varying float vPower;
varying vec3 vNormal;
varying vec3 vToEye;
varying vec3 vObject;

void shield() {
  float hit = max(motion.w, 0.0);
  if (hit < 0.05) {
    gl_Position = NOWHERE;
    return;
  }
  vPower = hit;
  vObject = position;
  vNormal = rotate(turn, normal);
  vec3 place = pose.xyz + rotate(turn, position * pose.w);
  vToEye = -place;
  gl_Position = projectionMatrix * viewMatrix * vec4(place, 1.0);
}

void main() {
  vShape = vec3(position.xy, 2.0);
  vObject = vec3(0.0);
  vNormal = vec3(0.0);
  vToEye = vec3(0.0);
  if (nozzle.w == 0.0) {
    shield();
    return;
  }
  vec3 place = pose.xyz + rotate(turn, nozzle.xyz * pose.w);
  vec3 back = rotate(turn, vec3(0.0, 0.0, -1.0));
  float radius = nozzle.w * pose.w;
  float throttle = clamp(length(motion.xyz) / 60.0, 0.35, 1.6);
  // Two beats that never meet make the flame flicker; the place in the buffer sets its phase.
  float beat = 0.85 + 0.1 * sin(time * 53.0 + float(gl_InstanceID) * 2.4) + 0.05 * sin(time * 91.0 + float(gl_InstanceID));
  vPower = beat * (0.7 + 0.3 * throttle) * (1.0 + 2.0 * max(-motion.w, 0.0));
  vec3 side = normalize(cross(back, place));
  vec3 at;
  if (position.z > 0.5) {
    vShape = vec3(position.xy, 1.0);
    vec3 right = vec3(viewMatrix[0][0], viewMatrix[1][0], viewMatrix[2][0]);
    vec3 up = vec3(viewMatrix[0][1], viewMatrix[1][1], viewMatrix[2][1]);
    at = place + (right * position.x + up * position.y) * (radius * 3.4);
  } else {
    vShape = vec3(position.x, position.y, 0.0);
    at = place + side * (position.x * radius * 1.25) + back * (position.y * radius * 11.0 * throttle * beat);
  }
  gl_Position = projectionMatrix * viewMatrix * vec4(at, 1.0);
}
`

export const GLOW_FRAGMENT = /* glsl */ `
uniform vec3 fleetColor;
uniform float time;
varying vec3 vShape;
varying float vPower;
varying vec3 vNormal;
varying vec3 vToEye;
varying vec3 vObject;

// Edges of a honeycomb: the shield's emitters.
float honeycomb(vec2 p) {
  vec2 s = vec2(1.0, 1.7320508);
  vec2 a = mod(p, s) - 0.5 * s;
  vec2 b = mod(p - 0.5 * s, s) - 0.5 * s;
  vec2 g = dot(a, a) < dot(b, b) ? a : b;
  g = abs(g);
  return smoothstep(0.36, 0.5, max(dot(g, 0.5 * s), g.x));
}

void main() {
  vec3 color;
  if (vShape.z > 1.5) {
    float facing = abs(dot(normalize(vNormal), normalize(vToEye)));
    float cells = honeycomb(vec2(atan(vObject.x, vObject.y) * 2.6, vObject.z * 3.2));
    float rim = pow(1.0 - facing, 3.2);
    color = mix(fleetColor, vec3(0.6, 0.8, 1.0), 0.35) * (vPower * vPower) * (0.006 + 0.34 * rim + 0.20 * cells * (0.12 + rim));
  } else if (vShape.z > 0.5) {
    float r = dot(vShape.xy, vShape.xy);
    color = fleetColor * (vPower * 0.55 * exp(-4.5 * r) * max(1.0 - r, 0.0));
  } else {
    float along = vShape.y;
    float across = abs(vShape.x) / mix(1.0, 0.18, sqrt(along));
    float body = max(1.0 - across * across, 0.0) * pow(1.0 - along, 1.6);
    vec3 hot = mix(fleetColor, vec3(1.0), clamp(body * 1.4 - 0.45, 0.0, 0.8));
    color = hot * (vPower * 1.9 * body);
  }
  gl_FragColor = vec4(color, 1.0);
  ${FINISH}
}
`
