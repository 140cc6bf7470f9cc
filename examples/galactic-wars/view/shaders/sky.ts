import { FINISH } from './light.ts'
import { NOISE } from './noise.ts'

/** Vertex shader of everything that covers the whole target: one triangle in clip space. */
export const FULLSCREEN_VERTEX = /* glsl */ `
varying vec2 vUv;

void main() {
  vUv = position.xy * 0.5 + 0.5;
  gl_Position = vec4(position.xy, 0.0, 1.0);
}
`

/** Paints the nebula once, into a map of longitude and latitude; square roots of dim colours, dithered. */
export const NEBULA_BAKE_FRAGMENT = /* glsl */ `
${NOISE}
varying vec2 vUv;

const float PI = 3.14159265;

void main() {
  float longitude = (vUv.x - 0.5) * 2.0 * PI;
  float latitude = (vUv.y - 0.5) * PI;
  // As the texture coordinates of a three.js sphere run.
  vec3 p = vec3(cos(latitude) * cos(longitude), sin(latitude), -cos(latitude) * sin(longitude));
  // A band of haze along a tilted great circle, eaten by dark lanes.
  vec3 pole = normalize(vec3(0.42, 0.80, 0.36));
  vec3 warp = vec3(fbm(p * 2.3 + 1.0), fbm(p * 2.3 + 17.0), fbm(p * 2.3 + 31.0)) - 0.5;
  float off = dot(p + warp * 0.55, pole);
  float band = exp(-off * off * 9.0);
  float clouds = smoothstep(0.30, 0.78, fbm(p * 3.4 + warp * 2.4));
  float lanes = smoothstep(0.42, 0.60, fbm(p * 6.0 + warp * 3.0 + 9.0));
  float mist = band * (0.22 + 0.9 * clouds) * (1.0 - 0.72 * lanes * band);
  float hue = smoothstep(0.35, 0.65, fbm(p * 1.3 + 40.0));
  vec3 tone = mix(vec3(0.34, 0.46, 0.72), vec3(0.78, 0.44, 0.36), hue);
  vec3 color = tone * mist * 0.085;
  // A brighter knot of gas, teal with a rust core.
  float knot = exp(-7.0 * distance(p + warp * 0.5, normalize(vec3(-0.62, 0.40, -0.68))));
  color += mix(vec3(0.16, 0.42, 0.46), vec3(0.62, 0.26, 0.16), smoothstep(0.3, 0.8, fbm(p * 5.0 + 3.0))) * knot * clouds * 0.36;
  color += vec3(0.0016, 0.0019, 0.0026);
  float dither = (hash13(vec3(gl_FragCoord.xy, 1.0)) + hash13(vec3(gl_FragCoord.xy, 2.0)) - 1.0) / 255.0;
  gl_FragColor = vec4(sqrt(color) + dither, 1.0);
}
`

export const SKY_VERTEX = /* glsl */ `
varying vec3 vRay;
varying vec2 vUv;

void main() {
  vRay = position;
  vUv = uv;
  vec4 clip = projectionMatrix * vec4(mat3(viewMatrix) * position, 1.0);
  gl_Position = clip.xyww; // at infinity
}
`

export const SKY_FRAGMENT = /* glsl */ `
uniform sampler2D nebula;
uniform vec3 sun;
uniform vec3 sunColor;
varying vec3 vRay;
varying vec2 vUv;

void main() {
  vec3 ray = normalize(vRay);
  vec3 stored = texture2D(nebula, vUv).rgb;
  vec3 color = stored * stored;
  float toSun = max(dot(ray, sun), 0.0);
  color += sunColor * (14.0 * smoothstep(0.99988, 0.99994, toSun) + 0.30 * pow(toSun, 900.0) + 0.035 * pow(toSun, 40.0));
  gl_FragColor = vec4(color, 1.0);
  ${FINISH}
}
`

export const STAR_VERTEX = /* glsl */ `
attribute vec4 star; // colour, brightness
uniform float density; // pixels of the target per CSS pixel
varying vec3 vColor;
varying float vSharp;

void main() {
  vec4 clip = projectionMatrix * vec4(mat3(viewMatrix) * position, 1.0);
  gl_Position = vec4(clip.xy, clip.w * 0.999999, clip.w);
  float size = (1.1 + 1.9 * smoothstep(0.25, 1.6, star.w)) * density;
  vSharp = smoothstep(1.0, 3.0, size);
  vColor = star.rgb * star.w;
  gl_PointSize = max(size, 1.0);
}
`

export const STAR_FRAGMENT = /* glsl */ `
varying vec3 vColor;
varying float vSharp;

void main() {
  vec2 c = gl_PointCoord * 2.0 - 1.0;
  float body = mix(1.0, exp(-2.6 * dot(c, c)), vSharp);
  gl_FragColor = vec4(vColor * body, 1.0);
  ${FINISH}
}
`
