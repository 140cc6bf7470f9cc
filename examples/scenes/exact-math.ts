/**
 * Functions whose last bit must not depend on the JavaScript engine.
 *
 * ECMAScript leaves `Math.sin`, `Math.cos`, `Math.cbrt` and `Math.pow` to the engine, and versions of the same engine
 * differ. Scenes and games that promise the same state hash everywhere use these: only + − × ÷ and square roots,
 * which IEEE 754 rounds in one way.
 */

const HALF_PI = Math.PI / 2

// Taylor on [−π/4, π/4]: the first omitted terms are below 1e-15 there.
function sinCore(x: number): number {
  const s = x * x
  return x * (1 + s * (-1 / 6 + s * (1 / 120 + s * (-1 / 5040 + s * (1 / 362880 + s * (-1 / 39916800))))))
}

function cosCore(x: number): number {
  const s = x * x
  return 1 + s * (-1 / 2 + s * (1 / 24 + s * (-1 / 720 + s * (1 / 40320 + s * (-1 / 3628800 + s * (1 / 479001600))))))
}

/** Sine of an angle in radians, |x| ≤ 1e5; absolute error below 1e-10. */
export function exactSin(x: number): number {
  const quarter = Math.round(x / HALF_PI)
  const rest = x - quarter * HALF_PI
  const turn = quarter & 3
  const value = turn & 1 ? cosCore(rest) : sinCore(rest)
  return turn & 2 ? -value : value
}

/** Cosine of an angle in radians, |x| ≤ 1e5; absolute error below 1e-10. */
export function exactCos(x: number): number {
  const quarter = Math.round(x / HALF_PI)
  const rest = x - quarter * HALF_PI
  const turn = quarter & 3
  const value = turn & 1 ? sinCore(rest) : cosCore(rest)
  return turn === 1 || turn === 2 ? -value : value
}

/** Cube root of a number in [0, 1e30], to a few units in the last place (Newton from a power of two). */
export function exactCbrt(x: number): number {
  if (!(x > 0)) return 0
  let guess = 1
  while (guess * guess * guess < x) guess *= 2
  while (guess * guess * guess > x) guess *= 0.5
  for (let i = 0; i < 7; i++) guess -= (guess * guess * guess - x) / (3 * guess * guess)
  return guess
}
