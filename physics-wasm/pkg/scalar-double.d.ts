/** Instantiates the scalar kernel. `imports` has the names that the WebAssembly build imports, with `{ buffer }` as memory. */
export default function instantiate(
  imports: Record<string, Record<string, unknown>>,
): Record<string, ((...args: number[]) => number) & { value: number }>
