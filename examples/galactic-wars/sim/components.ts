import type { RealArray } from 'manybody'

/**
 * The game's own bitECS components: plain objects of typed arrays, indexed by entity id like the engine's. They are
 * the whole state of the rules.
 */
export interface VectorColumns {
  x: RealArray
  y: RealArray
  z: RealArray
}

/** What an entity is in the game: the values of `Role.value`. */
export const ROLE = { none: 0, planet: 1, moon: 2, rock: 3, ship: 4, projectile: 5 } as const

/** Ship classes: the values of `Ship.type`. */
export const FIGHTER_TYPE = 0
export const CAPITAL_TYPE = 1

/** What a ship is doing: the values of `Ship.mode`. */
export const MODE = { attack: 0, breakOff: 1, evade: 2, warp: 3 } as const

export type GameComponents = ReturnType<typeof createGameComponents>

/** @param entities how many entity ids there are: the length of every column */
export function createGameComponents(entities: number) {
  const f32 = (): Float32Array => new Float32Array(entities)
  const vector = (): VectorColumns => ({ x: f32(), y: f32(), z: f32() })
  return {
    Role: { value: new Uint8Array(entities) },
    Health: {
      hull: f32(),
      fullHull: f32(),
      shield: f32(),
      fullShield: f32(),
      /** 1 right after a hit, fades to 0 */
      flash: f32(),
    },
    Ship: {
      fleet: new Uint8Array(entities),
      type: new Uint8Array(entities),
      mode: new Uint8Array(entities),
      /** step at which the mode ends */
      until: new Uint32Array(entities),
      /** handle of the enemy it hunts, 0 for none: see `targetOf` */
      target: new Float64Array(entities),
      /** how many enemies hunt it */
      hunters: new Uint16Array(entities),
      /** step from which its guns fire again */
      ready: new Uint32Array(entities),
      /** where it wants to go while it breaks off or evades (unit vector) */
      heading: vector(),
      /** push away from what it might run into (0–2) */
      avoid: vector(),
      /** where its guns would have to point (unit vector) */
      aim: vector(),
      /** where its nose (+z) and its roof (+y) point */
      nose: vector(),
      up: vector(),
      /** acceleration that its pilot asked for, m/s² */
      pull: vector(),
      /** velocity it will have after the step if it touches nothing */
      expected: vector(),
    },
    Projectile: {
      fleet: new Uint8Array(entities),
      /** step after which it is spent; 0 when it hit something */
      expires: new Uint32Array(entities),
      damage: f32(),
    },
  }
}
