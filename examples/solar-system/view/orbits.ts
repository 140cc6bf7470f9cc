import { AdditiveBlending, BufferGeometry, LineBasicMaterial, LineSegments, Vector3 } from 'three'
import { PLANETS } from '../plan.ts'

const PIECES = 256

/** A faint circle for each planet. */
export function createOrbits(): LineSegments {
  const points = PLANETS.flatMap(({ orbit }) =>
    Array.from({ length: 2 * PIECES }, (_, i) => {
      const angle = (2 * Math.PI * Math.ceil(i / 2)) / PIECES
      return new Vector3(orbit * Math.cos(angle), 0, orbit * Math.sin(angle))
    }),
  )
  const material = new LineBasicMaterial({
    color: '#1b2b45',
    blending: AdditiveBlending,
    transparent: true,
    depthWrite: false,
  })
  const lines = new LineSegments(new BufferGeometry().setFromPoints(points), material)
  lines.renderOrder = 15
  return lines
}
