import { PALETTE } from './palette.ts'

/**
 * A star: a point of light with a soft edge. Most are faint, a few bright. What dust lies on the line of sight dims and reddens it: it is
 * read once a star, from the picture of the gas.
 */
export const STAR_VERTEX = /* glsl */ `
${PALETTE}
uniform float pixels;  // of the target, for one unit of length at distance 1
uniform float density; // pixels of the target per CSS pixel
uniform float gain;
uniform sampler2D gas; // light, and in alpha the depth of the dust
varying vec3 vColor;
varying float vSharp;

void main() {
  Star star = readStar();
  vec4 eye = viewMatrix * vec4(pose.xyz, 1.0);
  gl_Position = projectionMatrix * eye;
  float far = max(-eye.z, 0.2);
  // A power law of brightness.
  float luck = chance(star, 57.3);
  float bright = 0.12 / (0.055 + pow(luck, 0.6));
  bool young = star.kind == 2.0;
  bright *= young ? 2.6 : 0.8;
  if (star.kind == 3.0) bright = 0.5;
  float size = 0.052 * sqrt(bright) * pixels / far;
  float drawn = clamp(size, 1.5 * density, 22.0 * density);
  // Light that does not fit into the smallest sprite is lost to its brightness.
  float flux = gain * bright * min(1.6 * size * size / (drawn * drawn), 2.0);
  vec2 place = gl_Position.xy / gl_Position.w * 0.5 + 0.5;
  float dust = texture2D(gas, clamp(place, 0.0, 1.0)).a;
  dust = 2.1 * dust * dust / ((dust + 0.35) * (1.0 + 0.8 * dust));
  vec3 through = 0.3 + 0.7 * exp(-dust * vec3(0.7, 1.0, 1.4));
  vColor = starColor(star) * through * flux;
  // The brightest ones are white in the middle.
  vColor += vColor.b * vec3(0.5) * smoothstep(0.6, 1.6, bright);
  vSharp = smoothstep(1.5, 5.0, drawn / density);
  gl_PointSize = drawn;
  // Dust does not shine.
  if (star.kind == 5.0) gl_Position = vec4(0.0, 0.0, 2.0, 1.0);
}
`

export const STAR_FRAGMENT = /* glsl */ `
varying vec3 vColor;
varying float vSharp;

void main() {
  vec2 c = gl_PointCoord * 2.0 - 1.0;
  float r = dot(c, c);
  if (r > 1.0) discard;
  float body = mix(1.0 - 0.6 * r, exp(-5.0 * r) + 0.06 * (1.0 - r), vSharp);
  gl_FragColor = vec4(vColor * body, 1.0);
}
`
