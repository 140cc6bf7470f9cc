import { NODE_VERTEX } from '../../view/nodes.ts'
import { LIGHT } from './light.ts'

/** Rocks, ice, hulls, ships: lit where the corner is, and never thinner than most of a pixel, or they would twinkle. */
export const SMALL_VERTEX = /* glsl */ `
${NODE_VERTEX}
${LIGHT}
uniform float pixel; // what a pixel covers one unit away
varying vec3 vObject;
varying vec3 vNormal;
varying vec3 vPlace;
varying vec3 vSun;
varying vec2 vShape; // thickness of the box, and a number of its own

void main() {
  vObject = position;
  vec3 size = vec3(length(axisX.xyz), length(axisY.xyz), length(axisZ.xyz));
  vShape = vec2(size.y / size.z, fract(number * 0.61803));
  vNormal = axisX.xyz * (normal.x / (size.x * size.x)) + axisY.xyz * (normal.y / (size.y * size.y)) + axisZ.xyz * (normal.z / (size.z * size.z));
  float far = distance(place.xyz, cameraPosition);
  float grow = max(1.0, THINNEST * pixel * far / size.x);
  vPlace = place.xyz + mat3(node) * position * grow;
  // What is drawn too large is the darker for it.
  vSun = sunAt(place.xyz) * sunlit(place.xyz, -1) / sqrt(grow);
  gl_Position = projectionMatrix * viewMatrix * vec4(vPlace, 1.0);
}
`

const VARYINGS = /* glsl */ `
${LIGHT}
varying vec3 vObject;
varying vec3 vNormal;
varying vec3 vPlace;
varying vec3 vSun;
varying vec2 vShape;
`

export const STONE_FRAGMENT = /* glsl */ `
${VARYINGS}
uniform vec3 tone;
void main() {
  float light = max(dot(normalize(vNormal), normalize(-vPlace)), 0.0);
  vec3 color = tone * mix(vec3(0.7, 0.66, 0.62), vec3(1.3, 1.22, 1.12), vShape.y);
  gl_FragColor = vec4(color * (vSun * (0.08 + light) + STARLIGHT), 1.0);
}
`

export const HULL_FRAGMENT = /* glsl */ `
${VARYINGS}
void main() {
  vec3 n = normalize(vNormal);
  vec3 toSun = normalize(-vPlace);
  vec3 toEye = normalize(cameraPosition - vPlace);
  float panel = step(vShape.x, 0.2);
  vec2 grid = abs(fract(vObject.xz * vec2(5.0, 3.0)) - 0.5);
  vec3 cells = mix(vec3(0.02, 0.045, 0.16), vec3(0.35), smoothstep(0.44, 0.48, max(grid.x, grid.y)));
  vec3 plate = vec3(0.55, 0.56, 0.58) * (0.85 + 0.3 * step(0.5, fract(vObject.y * 3.0)));
  float shine = pow(max(dot(reflect(-toSun, n), toEye), 0.0), 24.0);
  vec3 color = mix(plate, cells, panel) * (vSun * max(dot(n, toSun), 0.0) + STARLIGHT + 0.02);
  gl_FragColor = vec4(color + vSun * shine * 0.4, 1.0);
}
`

/** The rim of a station: plates, and rows of windows. */
export const WHEEL_FRAGMENT = /* glsl */ `
${VARYINGS}
void main() {
  vec3 n = normalize(vNormal);
  float turn = atan(vObject.z, vObject.x) * 12.0;
  float window = step(0.55, fract(turn * 1.27)) * smoothstep(0.045, 0.03, abs(abs(vObject.y) - 0.05)) * step(0.3, fract(sin(floor(turn * 1.27) * 91.7) * 437.0));
  vec3 plate = vec3(0.50, 0.51, 0.54) * (0.8 + 0.3 * step(0.9, fract(turn * 0.32)));
  vec3 color = plate * (vSun * max(dot(n, normalize(-vPlace)), 0.0) + STARLIGHT + 0.02);
  gl_FragColor = vec4(mix(color, vec3(2.2, 1.5, 0.7), window), 1.0);
}
`

export const LAMP_FRAGMENT = /* glsl */ `
varying vec2 vShape;
uniform float time;
void main() {
  float blink = 0.35 + 0.65 * step(0.5, fract(time * 0.7 + vShape.y));
  gl_FragColor = vec4(mix(vec3(5.0, 0.7, 0.3), vec3(0.6, 2.6, 5.0), step(0.5, vShape.y)) * blink, 1.0);
}
`

/** A white dart with a hot tail. */
export const SHUTTLE_FRAGMENT = /* glsl */ `
${VARYINGS}
void main() {
  float light = max(dot(normalize(vNormal), normalize(-vPlace)), 0.0);
  vec3 color = vec3(0.75) * (vSun * light + 0.12);
  gl_FragColor = vec4(mix(color, vec3(1.2, 3.6, 7.0), smoothstep(-0.5, -0.95, vObject.z)), 1.0);
}
`
