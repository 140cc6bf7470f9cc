import { FINISH } from './light.ts'

/** An explosion: a white-hot core that goes out fast, a fireball, and a shock front that runs away from it. */
export const FLASH_VERTEX = /* glsl */ `
attribute vec4 spot; // place relative to the camera, strength
attribute vec4 look; // age in seconds, phase
uniform float pixels;
varying vec2 vCorner;
varying vec4 vLook;  // age, phase, strength, radius of the front in quads

void main() {
  float strength = spot.w;
  float size = 9.0 + 13.0 * sqrt(strength) + 26.0 * look.x * sqrt(strength);
  vec3 centre = mat3(viewMatrix) * spot.xyz;
  vCorner = position.xy;
  vLook = vec4(look.xy, strength, 0.0);
  // Pulled a little towards the camera, so that the wreck does not cut the sprite.
  centre *= max(1.0 - 3.0 / max(length(centre), 6.0), 0.3);
  gl_Position = projectionMatrix * vec4(centre + vec3(position.xy * size, 0.0), 1.0);
}
`

export const FLASH_FRAGMENT = /* glsl */ `
varying vec2 vCorner;
varying vec4 vLook;

void main() {
  float age = vLook.x;
  float pace = 1.0 / (0.6 + 0.4 * sqrt(vLook.z));
  float r = length(vCorner);
  if (r > 1.0) discard;
  float angle = atan(vCorner.y, vCorner.x);
  // Uneven rays, turned by the phase.
  float rays = 0.75 + 0.25 * sin(angle * 5.0 + vLook.y * 40.0) * sin(angle * 3.0 - vLook.y * 23.0);
  float fade = 1.0 - r;
  float core = exp(-age * 15.0 * pace) * exp(-r * r * 26.0) * 5.0;
  float ball = exp(-age * 5.5 * pace) * exp(-r * r * 9.0 / rays) * 0.8;
  float front = age * 2.1 * pace;
  float ring = exp(-pow((r - front) * 24.0, 2.0)) * exp(-age * 5.0 * pace) * 0.5 * step(0.6, vLook.z);
  vec3 color = vec3(1.0, 0.93, 0.8) * core + vec3(1.0, 0.42, 0.11) * ball + vec3(0.6, 0.75, 1.0) * ring;
  gl_FragColor = vec4(color * fade, 1.0);
  ${FINISH}
}
`
