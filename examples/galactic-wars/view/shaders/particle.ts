import { FINISH } from './light.ts'

/**
 * A particle: a soft round sprite. Colours above 1 burn and add light; darker ones are debris and dust, which the sun
 * lights and which cover what is behind them. Both in one draw: colours are premultiplied, burning ones have no alpha.
 */
export const PARTICLE_VERTEX = /* glsl */ `
attribute vec4 pose;  // place relative to the camera, size
attribute vec4 tone;  // colour, fade: 1 at birth, 0 at death
uniform float pixels;
uniform vec3 sun;
uniform vec3 sunColor;
varying vec2 vCorner;
varying vec4 vColor; // premultiplied

varying float vSharp; // 0 soft puff … 1 solid chip

void main() {
  vec3 centre = mat3(viewMatrix) * pose.xyz;
  float far = max(-centre.z, 0.05);
  float heat = max(tone.r, max(tone.g, tone.b));
  float burning = smoothstep(0.85, 1.3, heat);
  float spark = smoothstep(3.4, 3.8, heat);
  float chip = smoothstep(0.36, 0.39, heat) * (1.0 - burning);
  float fade = tone.w;
  // Sizes are drawn at random and kept for life: a number of its own for each particle.
  float chance = fract(pose.w * 97.3);
  // Fire swells as it dies; sparks and chips are small and stay so.
  float size = pose.w * mix(1.0, 1.9 - 0.9 * fade, burning) * (1.0 - 0.6 * spark - 0.45 * chip);
  float drawn = max(size, 0.7 * far / pixels);
  float spread = (size * size) / (drawn * drawn);
  // A burst of blue stays blue: only warm fire cools to red, some of it sooner.
  float cooling = fade * mix(0.55, 1.0, chance);
  vec3 cooled = tone.rgb * vec3(1.0, mix(0.22, 1.0, cooling), mix(0.1, 1.0, cooling * cooling));
  vec3 fire = mix(tone.rgb, cooled, step(tone.b, tone.r)) * (fade * mix(fade, 1.0, spark));
  // Uneven heat gives a fireball its inside.
  fire *= mix(0.35 + 2.2 * chance * chance * chance, 1.0, spark) * (1.0 - 0.25 * spark);
  float cover = (1.0 - burning) * mix(0.55, 0.95, chip) * min(1.0, fade * 1.6) * spread;
  // Right in front of the lens a sprite would fill the screen: it thins out there.
  float near = smoothstep(1.5, 12.0, far / (1.0 + pose.w));
  // Thick fire hides what burns behind it, or many sprites would add up to a white disc.
  float smoke = burning * (1.0 - spark) * 0.42 * fade * smoothstep(0.7, 1.6, pose.w);
  vec3 matter = tone.rgb * sunColor * mix(0.35, 0.28, chip);
  vColor = vec4(mix(matter * cover, fire * spread * 0.8, burning), cover + smoke) * near;
  vSharp = chip;
#ifdef AS_POINTS
  // Without a high-range picture each sprite is tone mapped alone: they must not add up to a yellow disc.
  vColor *= mix(1.0, 0.6, burning);
  vCorner = vec2(0.0);
  gl_PointSize = clamp(2.0 * drawn * pixels / far, 1.0, 48.0);
  gl_Position = projectionMatrix * vec4(centre, 1.0);
#else
  vCorner = position.xy;
  gl_Position = projectionMatrix * vec4(centre + vec3(position.xy * drawn, 0.0), 1.0);
#endif
  if (near <= 0.0) gl_Position = vec4(0.0, 0.0, 2.0, 1.0);
}
`

export const PARTICLE_FRAGMENT = /* glsl */ `
varying vec2 vCorner;
varying vec4 vColor;
varying float vSharp;

void main() {
#ifdef AS_POINTS
  vec2 c = gl_PointCoord * 2.0 - 1.0;
#else
  vec2 c = vCorner;
#endif
  float r = dot(c, c);
  if (r > 1.0) discard;
  float body = mix((1.0 - r) * (1.0 - r), smoothstep(1.0, 0.5, r), vSharp);
  gl_FragColor = vec4(vColor.rgb * body, 1.0);
  ${FINISH}
  gl_FragColor.a = vColor.a * body;
}
`
