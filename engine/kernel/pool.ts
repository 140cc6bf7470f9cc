/**
 * The helpers of this process: spawned once, parked between steps, shared by all worlds, never joined. A world names itself in the control
 * block and wakes them; each helps in the memory of the world that it was told of by message. `helpers.ts` spawns them.
 */
/** Words of a control block. */
export const EPOCH = 0
export const MAIL = 1
export const WORLD = 2

/** A thread that helps. */
export interface Helper {
  post(message: unknown): void
  /** Messages posted so far: each helper has its own count, kept in its own control block. */
  readonly control: Int32Array
  answer: ((reply: { type: string; reason?: string }) => void) | undefined
  terminate(): void
}

/** A world's place in the pool. */
export interface PoolSeat {
  readonly id: number
  readonly helpers: readonly Helper[]
  /** Lets the helpers forget the world, so that its memory can be freed. */
  leave(): void
}

/** Wakes the helpers of a world for one step. Costs some microseconds; the caller does not wait for them. */
export function wakeHelpers(seat: PoolSeat): void {
  for (let i = 0; i < seat.helpers.length; i++) {
    const { control } = seat.helpers[i]!
    Atomics.store(control, WORLD, seat.id)
    Atomics.add(control, EPOCH, 1)
    Atomics.notify(control, EPOCH)
  }
}
