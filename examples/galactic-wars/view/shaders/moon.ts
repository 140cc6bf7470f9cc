import { INSTANCE } from './instance.ts'
import { FINISH, LIGHT } from './light.ts'
import { NOISE } from './noise.ts'

export const MOON_VERTEX = /* glsl */ `
${INSTANCE}
varying vec3 vObject;
varying vec3 vPlace;
varying float vRadius;
varying vec4 vTurn;

void main() {
  vObject = position;
  vTurn = turn;
  vRadius = pose.w;
  vPlace = pose.xyz + rotate(turn, position * pose.w);
  gl_Position = projectionMatrix * viewMatrix * vec4(vPlace, 1.0);
}
`

/** Grey moons: craters of three sizes as slopes of the normal, dark plains. */
export const MOON_FRAGMENT = /* glsl */ `
${LIGHT}
${NOISE}
varying vec3 vObject;
varying vec3 vPlace;
varying float vRadius;
varying vec4 vTurn;

// Slope that one lattice of craters adds at p: a bowl with a raised rim about a random point of each cell.
vec3 craters(vec3 p, float share) {
  vec3 cell = floor(p);
  vec3 slope = vec3(0.0);
  for (int x = -1; x <= 1; x++)
  for (int y = -1; y <= 1; y++)
  for (int z = -1; z <= 1; z++) {
    vec3 c = cell + vec3(float(x), float(y), float(z));
    float h = hash13(c);
    if (h > share) continue;
    vec3 to = p - c - 0.5 - 0.6 * (vec3(hash13(c + 3.1), hash13(c + 7.7), hash13(c + 11.3)) - 0.5);
    float size = 0.22 + 0.28 * fract(h * 91.7);
    float r = length(to) / size;
    if (r < 1.5) slope += (to / size) * (r < 1.0 ? 1.15 * r : -1.8 * (1.5 - r)) * smoothstep(1.5, 1.2, r);
  }
  return slope;
}

void main() {
  vec3 seed = vec3(vRadius * 0.37);
  vec3 p = vObject * 2.2 + seed;
  vec3 slope = craters(p, 0.55) * 0.55;
#ifdef DETAIL
  slope += craters(p * 2.9 + 5.0, 0.6) * 0.4 + craters(p * 7.7 + 9.0, 0.6) * 0.3;
  slope += noised(p * 21.0).yzw * 0.12;
#endif
  float plains = smoothstep(0.40, 0.62, fbm(p * 0.7 + 4.0));
  vec3 albedo = mix(vec3(0.235, 0.222, 0.205), vec3(0.10, 0.098, 0.10), plains) * (0.8 + 0.4 * noise(p * 9.0));
  vec3 n = normalize(vObject);
  slope -= n * dot(slope, n);
  n = normalize(n + slope);
  n += 2.0 * cross(vTurn.xyz, cross(vTurn.xyz, n) + vTurn.w * n);
  gl_FragColor = vec4(albedo * lightOn(vPlace, normalize(n)), 1.0);
  ${FINISH}
}
`
