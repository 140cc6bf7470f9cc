/** Lights that are alive at once in the shaders; must match `createFlashes`. */
export const FLASH_COUNT = 4

/**
 * The light of the scene: one sun, the shadow that the planet throws, light that its day side throws back, a trace of
 * starlight, and the flashes of the strongest explosions. Places are relative to the camera.
 */
export const LIGHT = /* glsl */ `
uniform vec3 sun;        // unit vector to the sun
uniform vec3 sunColor;
uniform vec4 planet;     // centre, radius
uniform vec3 planetGlow; // light that the day side throws back
uniform vec3 starlight;
uniform vec4 flashes[${FLASH_COUNT}];      // place, reach in metres
uniform vec3 flashColors[${FLASH_COUNT}];

// 1 in the sun, 0 behind the planet, with a penumbra that widens with the distance.
float sunlit(vec3 p) {
  vec3 toCentre = planet.xyz - p;
  float along = dot(toCentre, sun);
  float miss = length(toCentre - along * sun);
  float soft = 4.0 + 0.03 * max(along, 0.0);
  return max(step(along, 0.0), smoothstep(planet.w - soft, planet.w + soft, miss));
}

vec3 flashLight(vec3 p, vec3 n) {
  vec3 sum = vec3(0.0);
  for (int i = 0; i < ${FLASH_COUNT}; i++) {
    vec3 to = flashes[i].xyz - p;
    float near = dot(to, to) / (flashes[i].w * flashes[i].w + 1e-3);
    sum += flashColors[i] * (0.35 + 0.65 * dot(n, to) * inversesqrt(dot(to, to) + 1.0)) / (1.0 + 24.0 * near * near + 6.0 * near);
  }
  return max(sum, 0.0);
}

// Light from the planet's day side and from the stars.
vec3 fillLight(vec3 p, vec3 n) {
  vec3 toCentre = planet.xyz - p;
  float squared = dot(toCentre, toCentre);
  vec3 toPlanet = toCentre * inversesqrt(squared);
  // How much of the planet's disc is day, seen from here.
  float day = 0.5 - 0.5 * dot(toPlanet, sun);
  vec3 bounce = planetGlow * (day * planet.w * planet.w / squared) * (0.5 + 0.5 * dot(n, toPlanet));
  return bounce + starlight * (0.7 + 0.3 * n.y);
}

// Light on a matt surface of albedo 1 with the unit normal n.
vec3 lightOn(vec3 p, vec3 n) {
  return sunColor * (max(dot(n, sun), 0.0) * sunlit(p)) + fillLight(p, n) + flashLight(p, n);
}
`

/** Ends a fragment shader that draws to the screen or to the high-range buffer of the post chain. */
export const FINISH = /* glsl */ `
#include <tonemapping_fragment>
#include <colorspace_fragment>
`
