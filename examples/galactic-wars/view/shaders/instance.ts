/**
 * What every instanced vertex shader begins with: one instance as the physics packs it, positions relative to the
 * camera. There is no model matrix: the view matrix only turns.
 */
export const INSTANCE = /* glsl */ `
attribute vec4 pose;   // x, y, z relative to the camera, drawn size
attribute vec4 turn;   // unit quaternion
attribute vec4 motion; // velocity, tint

vec3 rotate(vec4 q, vec3 v) {
  return v + 2.0 * cross(q.xyz, cross(q.xyz, v) + q.w * v);
}

// A place outside of the clip volume: an instance whose vertices all lie here costs no fragment.
#define NOWHERE vec4(0.0, 0.0, 2.0, 1.0)
`
