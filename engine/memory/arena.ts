/** Hands out ranges of a fixed column, first fit. Ranges that are free lie in order, none next to another. */
export interface Arena {
  readonly starts: number[]
  readonly sizes: number[]
}

/** An arena of `size` elements, all free. */
export function createArena(size: number): Arena {
  return { starts: [0], sizes: [size] }
}

/** Takes `size` elements. Gives the first, or −1 when no free range is long enough. */
export function takeRange(arena: Arena, size: number): number {
  if (size === 0) return 0
  const { starts, sizes } = arena
  const index = sizes.findIndex((free) => free >= size)
  if (index < 0) return -1
  const start = starts[index]!
  if (sizes[index] === size) {
    starts.splice(index, 1)
    sizes.splice(index, 1)
  } else {
    starts[index]! += size
    sizes[index]! -= size
  }
  return start
}

/** Gives a taken range back; it joins the free ranges beside it. */
export function giveRange(arena: Arena, start: number, size: number): void {
  if (size === 0) return
  const { starts, sizes } = arena
  let index = starts.findIndex((free) => free > start)
  if (index < 0) index = starts.length
  starts.splice(index, 0, start)
  sizes.splice(index, 0, size)
  join(arena, index)
  if (index > 0) join(arena, index - 1)
}

/** Joins the free range `index` and the next one when they touch. */
function join({ starts, sizes }: Arena, index: number): void {
  if (index + 1 >= starts.length || starts[index]! + sizes[index]! !== starts[index + 1]) return
  sizes[index]! += sizes[index + 1]!
  starts.splice(index + 1, 1)
  sizes.splice(index + 1, 1)
}
