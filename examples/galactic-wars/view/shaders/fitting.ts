import { NODE_VERTEX } from '../../../view/nodes.ts'
import { FINISH, LIGHT } from './light.ts'

/** Turrets and barrels: world matrices, seen from the camera at the origin. */
export const FITTING_VERTEX = /* glsl */ `
${NODE_VERTEX}
uniform vec3 eye; // the camera in the world
varying vec3 vNormal;
varying vec3 vPlace;
varying float vFleet;

void main() {
  vFleet = number;
  vNormal = normalize(mat3(node) * normal);
  vPlace = place.xyz - eye + mat3(node) * position;
  gl_Position = projectionMatrix * viewMatrix * vec4(vPlace, 1.0);
}
`

export const BARREL_FRAGMENT = /* glsl */ `
${LIGHT}
uniform vec3 fleets[2];
varying vec3 vNormal;
varying vec3 vPlace;
varying float vFleet;

void main() {
  vec3 n = normalize(vNormal);
  vec3 toEye = normalize(-vPlace);
  vec3 fleet = fleets[int(vFleet + 0.5)];
  vec3 steel = mix(vec3(0.3, 0.27, 0.23), vec3(0.1, 0.13, 0.19), vFleet);
  float shine = pow(max(dot(n, normalize(sun + toEye)), 0.0), 30.0) * sunlit(vPlace);
  float rim = pow(1.0 - max(dot(n, toEye), 0.0), 4.0);
  gl_FragColor = vec4(steel * lightOn(vPlace, n) + sunColor * 0.25 * shine + fleet * 0.11 * rim, 1.0);
  ${FINISH}
}
`

/** Running lights, which blink each in its own time. A number below 0 has none. */
export const LAMP_VERTEX = /* glsl */ `
${NODE_VERTEX}
uniform vec3 eye;
uniform vec3 fleets[2];
uniform float time;
uniform float pixels;
varying vec2 vCorner;
varying vec3 vColor;

void main() {
  vec3 centre = mat3(viewMatrix) * (place.xyz - eye);
  float far = max(-centre.z, 0.1);
  float size = length(axisX.xyz);
  float drawn = max(4.0 * size, 1.5 * far / pixels);
  float beat = fract(time * 0.55 + number * 0.131);
  float blink = 0.25 + 2.4 * exp(-14.0 * beat);
  vColor = mix(fleets[int(mod(number, 2.0) + 0.5)], vec3(1.0), 0.25) * (blink * 16.0 * size * size / (drawn * drawn));
  vCorner = position.xy;
  gl_Position = projectionMatrix * vec4(centre + vec3(position.xy * drawn, 0.0), 1.0);
  if (number < 0.0) gl_Position = vec4(0.0, 0.0, 2.0, 1.0);
}
`

export const LAMP_FRAGMENT = /* glsl */ `
varying vec2 vCorner;
varying vec3 vColor;

void main() {
  float r = dot(vCorner, vCorner);
  if (r > 1.0) discard;
  gl_FragColor = vec4(vColor * (exp(-9.0 * r) * 2.2 + 0.25 * (1.0 - r) * (1.0 - r)), 1.0);
  ${FINISH}
}
`
