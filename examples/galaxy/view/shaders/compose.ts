/** Picture plus glow, a vignette, a soft shoulder that keeps hues, and noise below one grey level against banding. */
export const COMPOSE_FRAGMENT = /* glsl */ `
uniform sampler2D picture;
uniform sampler2D glow;
uniform float strength;
uniform float exposure;
varying vec2 vUv;

float grain(vec2 p) {
  return fract(52.9829189 * fract(dot(p, vec2(0.06711056, 0.00583715))));
}

void main() {
  vec3 color = texture2D(picture, vUv).rgb + texture2D(glow, vUv).rgb * strength;
  vec2 off = vUv - 0.5;
  color *= exposure * (1.0 - 0.7 * dot(off, off));
  // Each channel saturates by itself, so very bright light turns white; half of that is taken back for the hue.
  vec3 apart = 1.0 - exp(-color);
  float peak = max(max(color.r, color.g), max(color.b, 1e-4));
  vec3 together = color * ((1.0 - exp(-peak)) / peak);
  gl_FragColor = vec4(mix(apart, together, 0.35), 1.0);
  #include <colorspace_fragment>
  gl_FragColor.rgb += (grain(gl_FragCoord.xy) - 0.5) / 255.0;
}
`
