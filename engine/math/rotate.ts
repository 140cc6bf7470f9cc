/** Three numbers. */
type Triple = readonly [number, number, number]

/** `v` turned by the unit quaternion `q`. */
export function rotate(
  q: readonly [number, number, number, number],
  v: Triple | readonly number[],
): [number, number, number] {
  const [x, y, z, w] = q
  const [a, b, c] = [v[0]!, v[1]!, v[2]!]
  const [tx, ty, tz] = [2 * (y * c - z * b), 2 * (z * a - x * c), 2 * (x * b - y * a)]
  return [a + w * tx + y * tz - z * ty, b + w * ty + z * tx - x * tz, c + w * tz + x * ty - y * tx]
}
