import { INSTANCE } from './instance.ts'
import { FINISH } from './light.ts'

/** A shot: a streak along its velocity, drawn as a quad that faces the camera, or as a point. */
export const BOLT_VERTEX = /* glsl */ `
${INSTANCE}
uniform float pixels;
uniform float exposure; // seconds of flight that the streak shows
varying vec2 vShape;    // across −1 … 1, along 0 (tail) … 1 (head)
varying float vPower;

void main() {
  float far = max(-(mat3(viewMatrix) * pose.xyz).z, 0.1);
#ifdef AS_POINTS
  vShape = vec2(0.0);
  float size = 9.0 * pose.w * pixels / far;
  gl_PointSize = clamp(size, 1.0, 24.0);
  vPower = min(size, 1.0) * (0.5 + 0.5 * motion.w);
  gl_Position = projectionMatrix * viewMatrix * vec4(pose.xyz, 1.0);
#else
  float speed = max(length(motion.xyz), 1e-3);
  vec3 along = motion.xyz / speed;
  vec3 side = normalize(cross(along, pose.xyz) + 1e-5);
  // Width never falls below a pixel or so; the light is spread over what is drawn.
  float radius = 1.9 * pose.w;
  float drawn = max(radius, 0.62 * far / pixels);
  vPower = (radius / drawn) * (0.45 + 0.55 * motion.w);
  vShape = position.xy;
  float tail = (1.0 - position.y) * speed * exposure * (0.7 + 0.5 * motion.w);
  vec3 at = pose.xyz - along * tail + side * (position.x * drawn);
  gl_Position = projectionMatrix * viewMatrix * vec4(at, 1.0);
#endif
}
`

export const BOLT_FRAGMENT = /* glsl */ `
uniform vec3 fleetColor;
varying vec2 vShape;
varying float vPower;

void main() {
#ifdef AS_POINTS
  vec2 c = gl_PointCoord * 2.0 - 1.0;
  vec3 color = (fleetColor + 0.06) * (0.75 * vPower * max(1.0 - dot(c, c), 0.0));
#else
  float across = 1.0 - vShape.x * vShape.x;
  float along = vShape.y * vShape.y * smoothstep(1.0, 0.93, vShape.y);
  float body = across * along;
  vec3 color = (fleetColor + vec3(0.5) * body * body * body) * (body * 2.2 * vPower);
#endif
  gl_FragColor = vec4(color, 1.0);
  ${FINISH}
}
`
