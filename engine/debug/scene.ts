import type { Components } from '../components.ts'
import { INTERNALS, type Internals, type Physics } from '../internals.ts'
import type { RealArray } from '../memory/views.ts'

/** What is drawn from: the columns of a world, views of the kernel's scratch memory, and room to name islands. */
export interface Scene {
  readonly components: Components
  readonly internals: Internals
  /** The geometry as 16-bit numbers: half-edges. */
  readonly halfEdges: Uint16Array
  readonly sleepNext: Uint32Array
  /** Lowest body of each sleeping body's island. */
  readonly islands: Uint32Array
  readonly contact: ContactColumns
  /** Contacts of the last step, and those of sleepers behind them. */
  readonly warm: Pick<ContactColumns, 'a' | 'b' | 'manifold'>
  readonly manifoldReal: RealArray
  readonly manifoldWord: Uint32Array
  readonly joint: {
    readonly kind: Uint32Array
    readonly a: Uint32Array
    readonly b: Uint32Array
    readonly real: RealArray
  }
  /** Centre and radius of each cell of the long-range tree. */
  readonly cells: RealArray
}

/** The contacts of the last step. */
export interface ContactColumns {
  readonly a: Uint32Array
  readonly b: Uint32Array
  /** Manifold plus one, 0 for spheres. */
  readonly manifold: Uint32Array
}

/** Finds what is drawn from. */
export function createScene(physics: Physics): Scene {
  const internals = physics[INTERNALS]
  const { views, shapes } = internals
  const { geometryWord } = shapes
  const contacts = (list: string): ContactColumns => ({
    a: views.u32(`scratch.${list}A`),
    b: views.u32(`scratch.${list}B`),
    manifold: views.u32(`scratch.${list}Manifold`),
  })
  return {
    components: physics.components,
    internals,
    halfEdges: new Uint16Array(geometryWord.buffer, geometryWord.byteOffset, 2 * geometryWord.length),
    sleepNext: views.u32('RigidBody.sleepNext'),
    islands: new Uint32Array(physics.capacity.entities),
    contact: contacts('contact'),
    warm: contacts('warm'),
    manifoldReal: views.real('scratch.manifoldReal'),
    manifoldWord: views.u32('scratch.manifoldWord'),
    joint: {
      kind: views.u32('Joint.kind'),
      a: views.u32('Joint.a'),
      b: views.u32('Joint.b'),
      real: views.real('Joint.real'),
    },
    cells: views.real('scratch.nodeSources'),
  }
}
