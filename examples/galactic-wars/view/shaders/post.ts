import { FINISH } from './light.ts'

/** Halves the picture: 13 taps in overlapping boxes, which keeps small bright things from flickering (Jimenez 2014). */
export const DOWN_FRAGMENT = /* glsl */ `
uniform sampler2D source;
uniform vec2 texel; // of the source
uniform float knee; // > 0 on the first pass: brightness at which glow begins
varying vec2 vUv;

vec3 tap(float x, float y) {
  vec3 c = texture2D(source, vUv + vec2(x, y) * texel).rgb;
  // One not-a-number would spread over the whole picture.
  return min(max(c, 0.0), 64.0);
}

// Weighs each box by its brightness on the first pass, so that single hot pixels do not bloom as squares.
vec3 box(vec3 a, vec3 b, vec3 c, vec3 d) {
  vec3 mean = 0.25 * (a + b + c + d);
  if (knee <= 0.0) return mean;
  float peak = max(mean.r, max(mean.g, mean.b));
  return mean * (smoothstep(0.35 * knee, 1.6 * knee, peak) / (1.0 + 0.18 * peak));
}

void main() {
  vec3 a = tap(-2.0, 2.0);
  vec3 b = tap(0.0, 2.0);
  vec3 c = tap(2.0, 2.0);
  vec3 d = tap(-2.0, 0.0);
  vec3 e = tap(0.0, 0.0);
  vec3 f = tap(2.0, 0.0);
  vec3 g = tap(-2.0, -2.0);
  vec3 h = tap(0.0, -2.0);
  vec3 i = tap(2.0, -2.0);
  vec3 sum = 0.5 * box(tap(-1.0, 1.0), tap(1.0, 1.0), tap(-1.0, -1.0), tap(1.0, -1.0));
  sum += 0.125 * (box(a, b, d, e) + box(b, c, e, f) + box(d, e, g, h) + box(e, f, h, i));
  gl_FragColor = vec4(sum, 1.0);
}
`

/** Doubles the picture with a tent of nine taps; added onto the next larger level. */
export const UP_FRAGMENT = /* glsl */ `
uniform sampler2D source;
uniform vec2 texel;
uniform float weight;
varying vec2 vUv;

vec3 tap(float x, float y) {
  return texture2D(source, vUv + vec2(x, y) * texel).rgb;
}

void main() {
  vec3 sum = 4.0 * tap(0.0, 0.0);
  sum += 2.0 * (tap(-1.0, 0.0) + tap(1.0, 0.0) + tap(0.0, -1.0) + tap(0.0, 1.0));
  sum += tap(-1.0, -1.0) + tap(1.0, -1.0) + tap(-1.0, 1.0) + tap(1.0, 1.0);
  gl_FragColor = vec4(sum * (weight / 16.0), 1.0);
}
`

/** Picture plus glow, a slight vignette, tone mapping, and noise below one grey level against banding. */
export const COMPOSE_FRAGMENT = /* glsl */ `
uniform sampler2D picture;
uniform sampler2D glow;
uniform float strength;
varying vec2 vUv;

float grain(vec2 p) {
  return fract(52.9829189 * fract(dot(p, vec2(0.06711056, 0.00583715))));
}

void main() {
  vec3 color = texture2D(picture, vUv).rgb + texture2D(glow, vUv).rgb * strength;
  vec2 off = vUv - 0.5;
  color *= 1.0 - 0.55 * dot(off, off);
  gl_FragColor = vec4(color, 1.0);
  ${FINISH}
  gl_FragColor.rgb += (grain(gl_FragCoord.xy) - 0.5) / 255.0;
}
`
