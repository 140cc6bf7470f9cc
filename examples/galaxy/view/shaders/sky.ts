import { NOISE } from '../../../galactic-wars/view/shaders/noise.ts'

/** Paints a dark sky with a breath of haze once, into a map of longitude and latitude; square roots of dim colours, dithered. */
export const SKY_BAKE_FRAGMENT = /* glsl */ `
${NOISE}
varying vec2 vUv;

const float PI = 3.14159265;

void main() {
  float longitude = (vUv.x - 0.5) * 2.0 * PI;
  float latitude = (vUv.y - 0.5) * PI;
  vec3 p = vec3(cos(latitude) * cos(longitude), sin(latitude), -cos(latitude) * sin(longitude));
  vec3 warp = vec3(fbm(p * 1.7 + 3.0), fbm(p * 1.7 + 13.0), fbm(p * 1.7 + 29.0)) - 0.5;
  float veil = smoothstep(0.36, 0.80, fbm(p * 2.1 + warp * 2.6));
  float fine = smoothstep(0.30, 0.75, fbm(p * 6.5 + warp * 4.0 + 5.0));
  float hue = smoothstep(0.35, 0.65, fbm(p * 1.1 + 40.0));
  vec3 tone = mix(vec3(0.10, 0.20, 0.52), vec3(0.40, 0.14, 0.42), hue);
  tone = mix(tone, vec3(0.06, 0.36, 0.40), 0.6 * smoothstep(0.5, 0.7, fbm(p * 1.9 + 70.0)));
  vec3 color = tone * veil * (0.35 + 0.65 * fine) * 0.060;
  color += vec3(0.0010, 0.0013, 0.0026);
  float dither = (hash13(vec3(gl_FragCoord.xy, 1.0)) + hash13(vec3(gl_FragCoord.xy, 2.0)) - 1.0) / 255.0;
  gl_FragColor = vec4(sqrt(color) + dither, 1.0);
}
`

/** Stars of the foreground: points at infinity. */
export const FAR_STAR_VERTEX = /* glsl */ `
attribute vec4 star; // colour, brightness
uniform float density;
varying vec3 vColor;
varying float vSharp;

void main() {
  vec4 clip = projectionMatrix * vec4(mat3(viewMatrix) * position, 1.0);
  gl_Position = vec4(clip.xy, clip.w * 0.999999, clip.w);
  float size = (1.2 + 2.2 * smoothstep(0.3, 2.0, star.w)) * density;
  vSharp = smoothstep(1.5, 5.0, size / density);
  vColor = star.rgb * star.w;
  gl_PointSize = size;
}
`
