/** Reads the part of the address after the question mark. */

/** A whole number, at most `most`; else the fallback. */
export function wholeNumber(query: URLSearchParams, name: string, fallback: number, most: number): number {
  const text = query.get(name)
  if (text === null || !/^\d+$/.test(text)) return fallback
  return Math.min(Number(text), most)
}

/** The first name is the default. */
export function oneOf<T extends string>(text: string | null, names: readonly T[]): T {
  return names.find((name) => name === text) ?? names[0]
}
