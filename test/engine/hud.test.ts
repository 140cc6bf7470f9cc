/** The panel: what it shows, what it counts, and that it leaves when told. */
import { JSDOM } from 'jsdom'
import { addBody, dispose, type Physics, step } from 'manybody'
import { createHud, frameTimes, type Hud, type HudOptions, removeHud, updateHud, watchPhysics } from 'manybody/hud'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { expectError } from '../errors/expect-error.ts'
import { DT, makePhysics, sphere } from '../physics/harness.ts'

const FRAME = 1000 / 60
let page: JSDOM

beforeEach(() => {
  page = new JSDOM('<body></body>')
  const { document } = page.window
  vi.stubGlobal('document', document)
  // No canvas here: the graph stays empty.
  page.window.HTMLCanvasElement.prototype.getContext = (() => null) as never
})
afterEach(() => vi.unstubAllGlobals())

const texts = (hud: Hud, selector: string): string[] =>
  Array.from(hud.root.shadowRoot?.querySelectorAll(selector) ?? [], (element) => element.textContent ?? '')

/** Labels and values of the list that are shown. */
function figures(hud: Hud): Record<string, string> {
  const rows = Array.from(hud.root.shadowRoot?.querySelectorAll<HTMLElement>('dl div') ?? [])
  const shown = rows.filter((row) => row.style.display !== 'none')
  return Object.fromEntries(
    shown.map((row) => [row.querySelector('dt')?.textContent ?? '', row.querySelector('dd')?.textContent ?? '']),
  )
}

/** So many frames of a step each. */
function play(hud: Hud, physics: Physics, frames: number, from = 0): void {
  for (let i = 0; i < frames; i++) {
    step(physics, DT)
    updateHud(hud, 1000 + from + i * FRAME, 5)
  }
}

async function open(options?: HudOptions): Promise<{ physics: Physics; hud: Hud }> {
  const physics = await makePhysics()
  addBody(physics, sphere([0, 0, 0]))
  return { physics, hud: createHud(physics, options) }
}

describe('a panel', () => {
  test('says what the world takes and holds', async () => {
    const { physics, hud } = await open({ title: 'Game', figures: { score: () => 1234, none: () => '' } })
    play(hud, physics, 60)
    expect(texts(hud, 'header')).toEqual(['Game60 fps'])
    expect(figures(hud)).toMatchObject({ bodies: '1', score: '1,234', memory: expect.stringMatching(/^\d+ MiB$/) })
    expect(figures(hud)).not.toHaveProperty('none')
    expect(figures(hud)).not.toHaveProperty('joints')
    const [words, frame, steps] = texts(hud, 'tr')
    expect(words).toBe('msp50p95p99max')
    expect(frame).toBe('frame16.716.716.716.7')
    expect(steps).toMatch(/^step(\d+\.\d\d){4}$/)
    expect(texts(hud, 'p.small').join()).toContain('0.0 % of frames late')
    expect(texts(hud, '.legend b')).toHaveLength(14)
  })

  test('says that the world is paused', async () => {
    const { physics, hud } = await open()
    play(hud, physics, 60)
    for (let i = 0; i < 60; i++) updateHud(hud, 2000 + i * FRAME)
    expect(texts(hud, 'header span')).toEqual(['paused'])
  })

  test('writes notes, and leaves empty ones out', async () => {
    const { physics, hud } = await open({ notes: [() => 'a note', () => ''] })
    play(hud, physics, 40)
    expect(texts(hud, 'p.small').slice(-2)).toEqual(['a note', ''])
  })

  test('is in the parent that was given, and open unless told otherwise', async () => {
    const parent = document.body.appendChild(document.createElement('main'))
    const { hud } = await open({ parent, open: false })
    expect(hud.root.parentElement).toBe(parent)
    expect(hud.root.shadowRoot?.querySelector('details')?.open).toBe(false)
  })

  test('changes nothing on the page while it is hidden', async () => {
    const { physics, hud } = await open()
    hud.root.hidden = true
    const before = hud.root.shadowRoot?.innerHTML
    play(hud, physics, 60)
    expect(hud.root.shadowRoot?.innerHTML).toBe(before)
    expect(frameTimes(hud).frames).toBe(59)
  })

  test('leaves the page and the world when it is removed', async () => {
    const { physics, hud } = await open()
    removeHud(hud)
    expect(document.querySelector('.manybody-hud')).toBeNull()
    step(physics, DT)
  })
})

describe('the times of the frames', () => {
  test('are sorted out by nearest rank, and the late ones counted', async () => {
    const { hud } = await open()
    let now = 0
    for (let i = 0; i <= 100; i++) {
      now += i === 100 ? 40 : i < 50 ? 10 : 20
      updateHud(hud, now)
    }
    const { frames, mean, p50, p95, max, late } = frameTimes(hud)
    // The first frame has none before it: 49 of 10 ms, 50 of 20 ms, one of 40 ms.
    expect({ frames, p50, p95, max, late }).toEqual({ frames: 100, p50: 20, p95: 20, max: 40, late: 1 })
    expect(mean).toBeCloseTo(15.3, 5)
  })

  test('hold the last 600, and no pause of a hidden page', async () => {
    const { hud } = await open()
    for (let i = 0; i < 700; i++) updateHud(hud, i < 100 ? i * 50 : 100_000 + i * 10)
    const { frames, p50, max } = frameTimes(hud)
    expect({ frames, p50, max }).toEqual({ frames: 600, p50: 10, max: 50 })
  })

  test('are none at first, and one object', async () => {
    const { hud } = await open()
    expect(frameTimes(hud)).toMatchObject({ frames: 0, mean: 0, p50: 0, max: 0, late: 0 })
    expect(frameTimes(hud)).toBe(frameTimes(hud))
  })
})

describe('another world', () => {
  test('is shown in place of the one before', async () => {
    const { physics, hud } = await open()
    const other = await makePhysics()
    for (let i = 0; i < 3; i++) addBody(other, sphere([4 * i, 0, 0]))
    watchPhysics(hud, other)
    dispose(physics)
    play(hud, other, 60)
    expect(figures(hud)).toMatchObject({ bodies: '3' })
    expect(texts(hud, 'header span')).toEqual(['60 fps'])
  })

  test('that was disposed is refused, and the panel stays with the old one', async () => {
    const { physics, hud } = await open()
    const other = await makePhysics()
    dispose(other)
    expectError('E_DISPOSED', { call: 'onStep' }, () => watchPhysics(hud, other))
    expectError('E_DISPOSED', { call: 'onStep' }, () => createHud(other))
    play(hud, physics, 60)
    expect(figures(hud)).toMatchObject({ bodies: '1' })
  })
})
