import {
  type AdvanceResult,
  addBody,
  addJoint,
  advance,
  createPhysics,
  type Physics,
  type PhysicsOptions,
} from 'manybody'

const BRICK = { type: 'box', halfExtents: [0.3, 0.3, 0.6] } as const
const HALF_BRICK = { type: 'box', halfExtents: [0.3, 0.3, 0.3] } as const
export const LINK = { type: 'capsule', radius: 0.1, halfHeight: 0.26 } as const
export const RADIUS = 1.1
/** Where the chain hangs, m. */
export const HOOK = [0, 12, 0] as const
const LINKS = 14
const LINK_LENGTH = 0.6
/** Radians by which the chain is drawn back. */
const DRAWN = 1.15
const WALL = { rows: 12, columns: 9, x: 1.2 }

/** A wall, and a ball of two tonnes on a chain. */
export interface Wrecking {
  physics: Physics
  bricks: number[]
  links: number[]
  ball: number
}

/** Builds the wall and lets the ball go. */
export async function createWrecking(options: PhysicsOptions = {}): Promise<Wrecking> {
  const physics = await createPhysics({
    capacity: { bodies: 500, contacts: 6000 },
    instanceGroups: { brick: { capacity: 200, scales: true }, link: 50, ball: 50 },
    ...options,
  })
  addBody(physics, { shape: { type: 'plane', normal: [0, 1, 0], offset: 0 }, friction: 0.7 })
  return { physics, bricks: buildWall(physics), ...hangBall(physics) }
}

/** Courses of bricks, every other one half a brick aside, with half bricks at the ends. */
function buildWall(physics: Physics): number[] {
  const bricks: number[] = []
  for (let row = 0; row < WALL.rows; row++) {
    const odd = row % 2
    for (let i = 0; i < WALL.columns + odd; i++) {
      const half = odd === 1 && (i === 0 || i === WALL.columns)
      const aside = half ? (i === 0 ? 0.3 : -0.3) : 0
      const z = 1.2 * (i - (WALL.columns - 1 + odd) / 2) + aside
      const look = { instanceGroup: 'brick', tint: (i * 7 + row * 3) % 3 }
      const position = [WALL.x, 0.3 + 0.6 * row, z]
      bricks.push(
        addBody(physics, { shape: half ? HALF_BRICK : BRICK, position, density: 120, friction: 0.6, ...look }),
      )
    }
  }
  return bricks
}

/** Links from the hook down, joined end to end, and the ball at the last. */
function hangBall(physics: Physics): Pick<Wrecking, 'links' | 'ball'> {
  const down = [-Math.sin(DRAWN), -Math.cos(DRAWN)] as const
  const at = (length: number): [number, number, number] => [HOOK[0] + length * down[0], HOOK[1] + length * down[1], 0]
  const rotation = [0, 0, Math.sin(-DRAWN / 2), Math.cos(-DRAWN / 2)]
  const links: number[] = []
  let last = addBody(physics, { type: 'static', shape: { type: 'sphere', radius: 0.1 }, position: HOOK })
  for (let i = 0; i < LINKS; i++) {
    const position = at((i + 0.5) * LINK_LENGTH)
    const link = addBody(physics, {
      shape: LINK,
      position,
      rotation,
      density: 3000,
      instanceGroup: 'link',
      angularDamping: 0.2,
    })
    addJoint(physics, { type: 'ball', a: last, b: link, anchor: at(i * LINK_LENGTH) })
    links.push(link)
    last = link
  }
  const end = LINKS * LINK_LENGTH
  const shape = { type: 'sphere', radius: RADIUS } as const
  const ball = addBody(physics, { shape, position: at(end + RADIUS), rotation, mass: 4000, instanceGroup: 'ball' })
  addJoint(physics, { type: 'ball', a: last, b: ball, anchor: at(end) })
  return { links, ball }
}

/** Steps the world. */
export function updateWrecking({ physics }: Wrecking, seconds: number): AdvanceResult {
  return advance(physics, seconds)
}
