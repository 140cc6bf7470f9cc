import { PALETTE } from './palette.ts'

/**
 * What no telescope resolves: the light of the many stars for which each body stands, and the dust among the young ones. Wide soft
 * sprites, drawn small and blown up: red, green, blue add up the light, alpha the depth of the dust.
 */
export const GAS_VERTEX = /* glsl */ `
${PALETTE}
uniform float pixels;
uniform int stride;  // every so many-th body has gas
uniform float swell; // the fewer there are, the wider each
varying vec4 vColor;

void main() {
  Star star = readStar();
  vec4 eye = viewMatrix * vec4(pose.xyz, 1.0);
  gl_Position = projectionMatrix * eye;
  float far = max(-eye.z, 0.4);
  float luck = chance(star, 91.7);
  float radius = mix(0.28, 0.85, luck * luck);
  float light = 0.024;
  float dust = 0.0;
  if (star.kind == 0.0) {
    radius *= 0.7;
    light = 0.016;
  } else if (star.kind == 2.0) {
    radius *= 0.7;
    light = 0.050;
  } else if (star.kind == 3.0) {
    radius = mix(0.10, 0.26, luck * luck);
    light = 0.060;
  } else if (star.kind == 4.0) {
    radius *= 2.0;
    light = 0.16;
  } else if (star.kind == 5.0) {
    radius = mix(0.12, 0.26, luck);
    light = 0.0;
    dust = 0.75;
  }
  vec3 color = star.kind == 4.0 ? mix(vec3(0.42, 0.20, 1.0), vec3(0.75, 0.20, 0.85), star.galaxy) : starColor(star);
  radius *= swell;
  float size = 2.0 * radius * pixels / far;
  float drawn = clamp(size, 2.0, 128.0);
  // The same light over whatever area is drawn.
  float spread = min(size * size / (drawn * drawn), 1.0);
  vColor = vec4(color * (light * 0.16 / (radius * radius)), dust / (swell * swell)) * spread;
  // In front of the lens a sprite would fill the screen.
  vColor *= smoothstep(0.5, 2.5, far);
  vColor *= float(stride);
  gl_PointSize = drawn;
  if (gl_VertexID % stride != 0) gl_Position = vec4(0.0, 0.0, 2.0, 1.0);
}
`

export const GAS_FRAGMENT = /* glsl */ `
varying vec4 vColor;

void main() {
  vec2 c = gl_PointCoord * 2.0 - 1.0;
  float r = dot(c, c);
  if (r > 1.0) discard;
  float body = (1.0 - r) * (1.0 - r) * (1.0 - r);
  gl_FragColor = vColor * body;
}
`

/** Behind the stars: the sky seen through the dust, and the gas with its own dust mixed in evenly. */
export const BACKDROP_FRAGMENT = /* glsl */ `
uniform sampler2D sky;
uniform sampler2D gas;
uniform mat4 rays;     // from clip space to directions of the world
uniform float gasGain;
varying vec2 vUv;

const float PI = 3.14159265;

void main() {
  vec4 far = rays * vec4(vUv * 2.0 - 1.0, 1.0, 1.0);
  vec3 ray = normalize(far.xyz / far.w);
  vec2 place = vec2(0.5 + atan(-ray.z, ray.x) / (2.0 * PI), 0.5 + asin(clamp(ray.y, -1.0, 1.0)) / PI);

  vec3 stored = texture2D(sky, place).rgb;
  vec4 light = texture2D(gas, vUv);
  // A lone cloud hides little; and however many there are, some light finds its way round them.
  float dust = 2.1 * light.a * light.a / ((light.a + 0.35) * (1.0 + 0.8 * light.a));
  vec3 depth = dust * vec3(0.72, 1.0, 1.35) + 1e-4;
  vec3 kept = exp(-depth);
  // The middle of a galaxy is a thousand times brighter than its arms: a curve brings both into the picture, and leaves lone sprites dark.
  float peak = gasGain * max(light.r, max(light.g, light.b)) + 1e-5;
  float curve = peak / (peak + 0.26) / (1.0 + 0.5 * peak);
  // Thin light has its pure colour, thick light turns pale.
  vec3 hue = light.rgb * gasGain / peak;
  vec3 glow = pow(hue, vec3(mix(1.7, 0.85, peak / (peak + 0.45)))) * peak * curve * 0.8;
  gl_FragColor = vec4(stored * stored * kept + glow * (1.0 - kept) / depth, 1.0);
}
`
