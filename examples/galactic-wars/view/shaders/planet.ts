import { FINISH } from './light.ts'
import { NOISE } from './noise.ts'

/** Density of the dust ring at a distance from the planet, 0 … 1: broad bands, and the gap that the moon keeps clear. */
export const RING_DENSITY = /* glsl */ `
uniform vec4 ring; // inner and outer radius, middle and half width of the gap, metres

float ringDensity(float r) {
  float body = smoothstep(ring.x - 40.0, ring.x + 60.0, r) * (1.0 - smoothstep(ring.y - 120.0, ring.y + 40.0, r));
  float gap = smoothstep(ring.w * 0.7, ring.w * 1.3, abs(r - ring.z));
  float bands = 0.55 + 0.25 * sin(r * 0.045) + 0.2 * sin(r * 0.117 + 1.7) + 0.12 * sin(r * 0.31 + 0.4);
  return clamp(body * gap * bands, 0.0, 1.0);
}
`

/** Paints the cloud tops of the planet once, into a map of longitude and latitude. Stores square roots of colours. */
export const PLANET_BAKE_FRAGMENT = /* glsl */ `
${NOISE}
varying vec2 vUv;

const float PI = 3.14159265;

vec3 bandColor(float t) {
  const vec3 slate = vec3(0.060, 0.098, 0.140);
  const vec3 teal = vec3(0.150, 0.245, 0.275);
  const vec3 cream = vec3(0.640, 0.560, 0.430);
  const vec3 rust = vec3(0.400, 0.185, 0.085);
  const vec3 sand = vec3(0.500, 0.375, 0.245);
  vec3 color = mix(slate, teal, smoothstep(0.10, 0.30, t));
  color = mix(color, cream, smoothstep(0.36, 0.56, t));
  color = mix(color, sand, smoothstep(0.62, 0.70, t));
  return mix(color, rust, smoothstep(0.78, 0.92, t));
}

void main() {
  float longitude = vUv.x * 2.0 * PI;
  float theta = (1.0 - vUv.y) * PI;
  vec3 p = vec3(-cos(longitude) * sin(theta), cos(theta), sin(longitude) * sin(theta));
  // Jets shear the clouds along the parallels: noise that is long in longitude, warped twice.
  vec3 q = vec3(p.x, p.y * 3.2, p.z);
  vec3 swirl = vec3(fbm(q * 2.1), fbm(q * 2.1 + 11.0), fbm(q * 2.1 + 23.0)) - 0.5;
  float fine = fbm(vec3(p.x, p.y * 7.0, p.z) * 5.0 + swirl * 2.6);
  float warp = 0.16 * swirl.y + 0.055 * (fine - 0.5);
  float latitude = p.y + warp * (1.0 - p.y * p.y);
  float wave = 0.5 + 0.27 * sin(latitude * 15.0 + 0.6) + 0.17 * sin(latitude * 33.0 + 2.0) + 0.10 * sin(latitude * 71.0);
  float t = clamp(wave + 0.34 * (fine - 0.5), 0.0, 1.0);
  vec3 color = bandColor(t);
  // One great storm and its pale collar.
  vec3 eye = normalize(vec3(0.30, -0.33, 0.90));
  vec3 to = p - eye;
  float storm = length(vec3(to.x, to.y * 2.1, to.z)) + 0.03 * (fine - 0.5);
  float turns = sin(atan(to.y * 2.1, to.x) * 2.0 + storm * 55.0 + swirl.x * 4.0);
  color = mix(color, vec3(0.66, 0.58, 0.46), 0.8 * smoothstep(0.30, 0.22, storm));
  color = mix(color, mix(vec3(0.42, 0.15, 0.07), vec3(0.58, 0.30, 0.15), 0.5 + 0.5 * turns), smoothstep(0.20, 0.16, storm));
  // Poles are hazy and blue.
  color = mix(color, vec3(0.10, 0.16, 0.22), smoothstep(0.72, 0.99, abs(p.y)));
  color *= 0.86 + 0.32 * fbm(vec3(p.x, p.y * 5.0, p.z) * 14.0 + swirl * 5.0);
  gl_FragColor = vec4(sqrt(color), 1.0);
}
`

export const PLANET_VERTEX = /* glsl */ `
uniform vec4 planet;
varying vec3 vNormal;
varying vec3 vPlace;
varying vec2 vUv;

void main() {
  vUv = uv;
  vNormal = position;
  vPlace = planet.xyz + position * planet.w;
  gl_Position = projectionMatrix * viewMatrix * vec4(vPlace, 1.0);
}
`

export const PLANET_FRAGMENT = /* glsl */ `
${NOISE}
${RING_DENSITY}
uniform vec4 planet;
uniform vec3 sun;
uniform vec3 sunColor;
uniform sampler2D clouds;
uniform float spin; // turns
varying vec3 vNormal;
varying vec3 vPlace;
varying vec2 vUv;

void main() {
  vec3 n = normalize(vNormal);
  vec3 toEye = normalize(-vPlace);
  vec3 stored = texture2D(clouds, vUv + vec2(spin, 0.0)).rgb;
  vec3 albedo = stored * stored * 0.62;
#ifdef DETAIL
  // Close up the map runs out of texels: streaks along the parallels go on below them.
  float close = clamp(1.6 - length(vPlace) / 700.0, 0.0, 1.0);
  if (close > 0.0) {
    float streaks = fbm(vec3(n.x * 20.0, n.y * 140.0, n.z * 20.0));
    albedo *= 1.0 + close * 0.5 * (streaks - 0.45);
  }
#endif
  float sine = dot(n, sun);
  float day = smoothstep(-0.10, 0.20, sine) * (0.12 + 0.88 * clamp(sine, 0.0, 1.0));
  // Shadow of the dust ring on the clouds.
  float reach = -n.y / max(sun.y, 0.02);
  vec3 above = n * planet.w + sun * (max(reach, 0.0) * planet.w);
  float shade = 1.0 - 0.62 * ringDensity(length(above.xz)) * step(0.0, reach) * step(0.0, sun.y);
  // Light that grazes the air is redder.
  vec3 low = mix(vec3(1.0, 0.42, 0.20), vec3(1.0), smoothstep(0.0, 0.34, sine));
  vec3 color = albedo * sunColor * low * (day * shade);
  // Air over the clouds: thicker towards the limb.
  float facing = max(dot(n, toEye), 0.0);
  float haze = pow(1.0 - facing, 3.6);
  vec3 air = mix(vec3(0.85, 0.36, 0.16), vec3(0.24, 0.52, 0.86), smoothstep(-0.05, 0.35, sine));
  color = mix(color, air * sunColor * (0.42 * smoothstep(-0.18, 0.4, sine)), haze * 0.75);
  // Just enough starlight that the night side is not a hole.
  color += albedo * vec3(0.012, 0.016, 0.026);
  gl_FragColor = vec4(color, 1.0);
  ${FINISH}
}
`

export const AIR_VERTEX = /* glsl */ `
uniform vec4 planet;
uniform float top; // radius of the shell in planet radii
varying vec3 vPlace;

void main() {
  vPlace = planet.xyz + position * (planet.w * top);
  gl_Position = projectionMatrix * viewMatrix * vec4(vPlace, 1.0);
}
`

/** The glowing rim above the limb: how much air a ray that misses the planet crosses, and how much of it is in the sun. */
export const AIR_FRAGMENT = /* glsl */ `
uniform vec4 planet;
uniform vec3 sun;
uniform vec3 sunColor;
varying vec3 vPlace;

void main() {
  vec3 ray = normalize(vPlace);
  float along = dot(planet.xyz, ray);
  vec3 nearest = ray * along - planet.xyz;
  float height = length(nearest) / planet.w - 1.0;
  float sine = dot(normalize(nearest), sun);
  float density = exp(-max(height, 0.0) / 0.010) + 0.16 * exp(-max(height, 0.0) / 0.024);
  density *= smoothstep(0.075, 0.045, height);
  float day = smoothstep(-0.32, 0.30, sine);
  vec3 tone = mix(vec3(1.0, 0.38, 0.15), vec3(0.25, 0.56, 1.0), smoothstep(-0.16, 0.26, sine));
  float forward = 1.0 + 2.5 * pow(max(dot(ray, sun), 0.0), 6.0);
  gl_FragColor = vec4(tone * sunColor * (density * day * forward * 0.34), 1.0);
  #include <tonemapping_fragment>
  #include <colorspace_fragment>
}
`

export const DUST_VERTEX = /* glsl */ `
uniform vec4 planet;
varying vec3 vPlace;

void main() {
  // The ring's geometry is made in metres, flat in x and z.
  vPlace = planet.xyz + position;
  gl_Position = projectionMatrix * viewMatrix * vec4(vPlace, 1.0);
}
`

/** Fine dust between the rocks: what makes 25,000 specks look like one ring from afar. */
export const DUST_FRAGMENT = /* glsl */ `
${NOISE}
${RING_DENSITY}
uniform vec4 planet;
uniform vec3 sun;
uniform vec3 sunColor;
varying vec3 vPlace;

float shadowOfPlanet(vec3 p) {
  float along = -dot(p, sun);
  float miss = length(p + along * sun);
  return max(step(along, 0.0), smoothstep(planet.w * 0.97, planet.w * 1.04, miss));
}

void main() {
  vec3 p = vPlace - planet.xyz;
  float r = length(p.xz);
  float far = length(vPlace);
  float slant = abs(vPlace.y) / far;
  float clumps = 0.6 + 0.8 * noise(vec3(p.xz * 0.012, 3.0));
  float depth = ringDensity(r) * clumps * 0.030 / (slant + 0.05);
  float opacity = 1.0 - exp(-depth);
  opacity *= smoothstep(60.0, 420.0, far);
  float forward = 0.55 + 0.9 * pow(max(dot(vPlace / far, sun), 0.0), 3.0);
  vec3 color = vec3(0.46, 0.35, 0.26) * sunColor * (0.30 * forward * shadowOfPlanet(p));
  gl_FragColor = vec4(color, 1.0);
  ${FINISH}
  gl_FragColor = vec4(gl_FragColor.rgb * opacity, opacity);
}
`
