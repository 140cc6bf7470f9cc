import { INSTANCE } from './instance.ts'
import { FINISH, LIGHT } from './light.ts'
import { NOISE } from './noise.ts'

/** Levels of detail: an instance belongs to the level whose range holds its radius in pixels. */
const LEVEL = /* glsl */ `
uniform float pixels;    // pixels that one metre covers one metre away
uniform vec2 sizes;      // radii in pixels that this level draws
uniform float fineCount; // the first so many instances have a finer level than this one

bool drawnHere(vec4 pose) {
  float size = pose.w * pixels * inversesqrt(max(dot(pose.xyz, pose.xyz), 1e-6));
  float largest = float(gl_InstanceID) < fineCount ? sizes.y : 1e9;
  return size >= sizes.x && size < largest;
}
`

export const ROCK_VERTEX = /* glsl */ `
${INSTANCE}
${LEVEL}
varying vec3 vNormal;
varying vec3 vPlace;
varying vec3 vObject;
varying vec4 vTurn;
varying vec2 vLook; // tint, radius in metres

void main() {
  if (!drawnHere(pose)) {
    gl_Position = NOWHERE;
    return;
  }
  vTurn = turn;
  vObject = position;
  vLook = vec2(motion.w, pose.w);
  vNormal = rotate(turn, normal);
  vPlace = pose.xyz + rotate(turn, position * pose.w);
  gl_Position = projectionMatrix * viewMatrix * vec4(vPlace, 1.0);
}
`

/** Colours of one rock, from its tint: warm browns and ochres, some of them grey. */
const ALBEDO = /* glsl */ `
uniform vec3 rockColor;

vec3 rockAlbedo(float tint, float mottle) {
  vec3 dark = rockColor * vec3(0.45, 0.42, 0.40);
  vec3 base = mix(dark, rockColor, mottle);
  return mix(base, vec3(dot(base, vec3(0.36))), 0.3 * fract(tint * 7.3)) * (0.72 + 0.5 * tint);
}
`

export const ROCK_FRAGMENT = /* glsl */ `
${LIGHT}
${NOISE}
${ALBEDO}
varying vec3 vNormal;
varying vec3 vPlace;
varying vec3 vObject;
varying vec4 vTurn;
varying vec2 vLook;

vec3 turnBy(vec4 q, vec3 v) {
  return v + 2.0 * cross(q.xyz, cross(q.xyz, v) + q.w * v);
}

void main() {
  vec3 p = vObject + vLook.x * 17.0;
  vec4 coarse = noised(p * 2.7);
  vec4 medium = noised(p * 7.3 + 3.1);
  vec3 slope = coarse.yzw * (2.7 * 0.09) + medium.yzw * (7.3 * 0.045);
  float mottle = 0.55 * coarse.x + 0.45 * medium.x;
  // Fine grain in metres, not in radii, fading with the distance before it becomes noise on the screen.
  float far = length(vPlace);
  float grain = clamp(1.6 - far / 90.0, 0.0, 1.0);
  if (grain > 0.0) {
    vec4 fine = noised(p * (3.2 * vLook.y + 12.0));
    slope += fine.yzw * (grain * 0.16);
    mottle = mix(mottle, fine.x, 0.25 * grain);
  }
  vec3 n = normalize(vNormal);
  vec3 bent = turnBy(vTurn, slope);
  n = normalize(n - (bent - n * dot(bent, n)));
  vec3 color = rockAlbedo(vLook.x, smoothstep(0.2, 0.8, mottle)) * lightOn(vPlace, n);
  gl_FragColor = vec4(color, 1.0);
  ${FINISH}
}
`

/** A far rock: a disc that is lit like a ball with a rough face. As points, or as quads where points are too limited. */
export const IMPOSTOR_VERTEX = /* glsl */ `
${INSTANCE}
${LEVEL}
${LIGHT}
varying vec3 vSun;  // sunlight that reaches the rock
varying vec3 vFill; // all other light, the same from all sides: the disc is a few pixels wide
varying vec2 vCorner;
varying vec2 vLook;

void main() {
  if (!drawnHere(pose)) {
    gl_Position = NOWHERE;
    return;
  }
  vLook = vec2(motion.w, pose.w);
  vSun = sunColor * sunlit(pose.xyz);
  vFill = fillLight(pose.xyz, normalize(planet.xyz - pose.xyz)) * 0.6 + flashLight(pose.xyz, vec3(0.0)) * 1.6;
  vec3 centre = mat3(viewMatrix) * pose.xyz;
#ifdef AS_POINTS
  gl_Position = projectionMatrix * vec4(centre, 1.0);
  gl_PointSize = clamp(2.0 * pose.w * pixels / max(-centre.z, 0.01), 1.0, 512.0);
  vCorner = vec2(0.0);
#else
  // Never thinner than most of a pixel, or far rocks would twinkle.
  float radius = max(pose.w, 0.45 * -centre.z / pixels);
  vCorner = position.xy;
  gl_Position = projectionMatrix * vec4(centre + vec3(position.xy * radius, 0.0), 1.0);
#endif
}
`

export const IMPOSTOR_FRAGMENT = /* glsl */ `
${ALBEDO}
uniform vec3 sun;
varying vec3 vSun;
varying vec3 vFill;
varying vec2 vCorner;
varying vec2 vLook;

void main() {
#ifdef AS_POINTS
  vec2 c = vec2(gl_PointCoord.x, 1.0 - gl_PointCoord.y) * 2.0 - 1.0;
#else
  vec2 c = vCorner;
#endif
  // Lumpy outline and face: a few waves with phases of its own for each rock.
  vec3 phase = vec3(5.1, 9.7, 13.3) * (vLook.x + vLook.y);
  float lump = 1.0 - 0.09 * (1.0 + sin(3.0 * c.x + phase.x) * cos(4.0 * c.y + phase.y));
  float squared = dot(c, c) / (lump * lump);
  if (squared > 1.0) discard;
  vec3 n = vec3(c, sqrt(1.0 - squared));
  n = normalize(n + 0.28 * sin(n.yzx * 5.0 + phase));
  vec3 world = n * mat3(viewMatrix);
  float mottle = 0.5 + 0.4 * sin(dot(n, vec3(4.0, 6.0, 5.0)) + phase.z);
  vec3 light = vSun * max(dot(world, sun), 0.0) + vFill;
  gl_FragColor = vec4(rockAlbedo(vLook.x, mottle) * light, 1.0);
  ${FINISH}
}
`
