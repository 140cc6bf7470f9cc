/**
 * Galactic Wars: the game in `sim` steps on the kernel, the picture in `view` reads the packed instances straight from
 * the kernel's memory. This file joins the two and runs the loop.
 */
import { type Backend, castRay, frameStats, packInstances, stateHash, updateTransforms } from 'manybody'
import { Vector3 } from 'three'
import {
  BATTLE,
  createGalacticWars,
  disposeGalaxy,
  FIELD,
  FIXED_DT,
  FLEET_COLORS,
  type Galaxy,
  galaxyCounts,
  INSTANCE_GROUPS,
  loadGalaxy,
  PLANET,
  type Save,
  saveGalaxy,
  throwExplosion,
  updateGalaxy,
} from './sim/index.ts'
import type { Triple } from './view/camera/angles.ts'
import { clearInput, createInput, type Input } from './view/camera/input.ts'
import { chooseMode, createRig, type Rig, type Subjects, updateRig } from './view/camera/rig.ts'
import { createSubjects } from './view/camera/subjects.ts'
import { createFrameLog, type FrameLog, logFrame, resetFrameLog } from './view/frame-log.ts'
import type { Hud, HudCommands } from './view/hud/hud.ts'
import { type CameraName, type Knobs, readKnobs } from './view/knobs.ts'
import { type Clock, createClock, planSteps } from './view/loop.ts'
import { attachView, type Cast, createView, drawView, resizeView, type Shot, type View } from './view/view.ts'

/** Everything that runs, in one record. */
interface Game {
  readonly knobs: Knobs
  readonly view: View
  readonly rig: Rig
  readonly input: Input
  readonly clock: Clock
  readonly log: FrameLog
  readonly delay: { seconds: number }
  readonly shot: Shot
  readonly pack: { origin: Triple; alpha: number }
  galaxy: Galaxy
  subjects: Subjects
  hud: Hud | null
  hudModule: HudModule | null
  /** the moment that N goes back to */
  bookmark: Save | null
  firstFrameMs: number
  /** a reset is under way */
  resetting: boolean
}

/** Loaded when the battle is on the screen already. */
type HudModule = typeof import('./view/hud/hud.ts')

/** A click on nothing explodes this far away, m; what is farther than the second number is nothing. */
const THROW_DISTANCE = 240
const THROW_REACH = 1500
const THROW_STRENGTH = 4
const CENTRE: Triple = [BATTLE.x, BATTLE.y - 20, BATTLE.z]
const KEY_CAMERAS: Record<string, CameraName> = { Digit1: 'orbit', Digit2: 'fly', Digit3: 'fight', Digit4: 'ship' }

async function init(): Promise<Game> {
  const knobs = readKnobs(location.search)
  const canvas = document.getElementById('stage') as HTMLCanvasElement
  performance.mark('start')
  // The kernel first: it is fetched and compiled off this thread while the view is made.
  const [galaxy, view] = await Promise.all([
    createGalacticWars(knobs).finally(() => performance.mark('game')),
    createView(canvas, createCast(), knobs.quality).finally(() => performance.mark('view')),
  ])
  updateTransforms(galaxy.physics)
  attachView(view, galaxy.physics, galaxy.fittings)
  const rig = createRig(knobs.camera, knobs.pose)
  const clock = createClock(FIXED_DT)
  const delay = { seconds: 0 }
  const game: Game = {
    knobs,
    view,
    rig,
    input: createInput(canvas, { tap: (x, y) => throwAt(game, x, y), key: (code) => pressKey(game, code) }),
    clock,
    log: createFrameLog(knobs.frames),
    delay,
    shot: { origin: rig.position, look: rig.look, step: 0, alpha: 1, explosions: galaxy.explosions },
    pack: { origin: rig.position, alpha: 1 },
    galaxy,
    subjects: createSubjects(galaxy, CENTRE, PLANET.radius, delay),
    hud: null,
    hudModule: null,
    bookmark: null,
    firstFrameMs: 0,
    resetting: false,
  }
  new ResizeObserver(() => resizeView(view)).observe(canvas)
  document.addEventListener('visibilitychange', () => {
    // The time that nobody watched is not time that was dropped.
    clock.last = -1
  })
  return game
}

function createCast(): Cast {
  const { rocks, fighters, capitals, bolts, moon } = INSTANCE_GROUPS
  return {
    planetRadius: PLANET.radius,
    ring: { inner: FIELD.inner, outer: FIELD.outer, gap: FIELD.gap, gapHalfWidth: FIELD.gapHalfWidth },
    rocks,
    moon,
    ships: FLEET_COLORS.map(deepen).flatMap((color, fleet) => [
      { group: fighters[fleet], capital: false, fleet, color },
      { group: capitals[fleet], capital: true, fleet, color },
    ]),
    bolts: FLEET_COLORS.map(deepen).map((color, fleet) => ({ group: bolts[fleet], color })),
  }
}

/** Light that adds up turns pale: the view starts from a purer colour. */
function deepen(color: readonly [number, number, number]): [number, number, number] {
  return [color[0] ** 1.3, color[1] ** 1.3, color[2] ** 1.3]
}

const times = { physics: 0, main: 0, presented: 0, steps: 0 }

/** One presented frame. @param now timestamp of the frame, ms */
function animate(game: Game, now: number): void {
  const { clock, log, view, rig, galaxy } = game
  const interval = clock.last < 0 ? FIXED_DT * 1000 : now - clock.last
  const counted = clock.last >= 0
  clock.last = now
  const begin = performance.now()

  const steps = game.resetting ? 0 : planSteps(clock, interval / 1000)
  times.physics = 0
  for (let i = 0; i < steps; i++) {
    updateGalaxy(galaxy, FIXED_DT)
    times.physics = Math.max(times.physics, frameStats(galaxy.physics).physicsMs)
  }

  game.delay.seconds = FIXED_DT * (1 - clock.alpha)
  updateRig(rig, game.input, game.subjects, interval / 1000)
  clearInput(game.input)

  game.pack.alpha = clock.alpha
  if (!game.resetting) {
    packInstances(galaxy.physics, game.pack)
    updateTransforms(galaxy.physics, game.pack)
  }
  game.shot.step = galaxy.frame
  game.shot.alpha = clock.alpha
  drawView(view, game.shot)

  times.main = performance.now() - begin
  times.presented = interval
  times.steps = steps
  if (counted && !clock.paused && !game.resetting) logFrame(log, times, frameStats(galaxy.physics))
  if (game.hud) game.hudModule?.updateHud(game.hud, now, times.main)
  if (game.knobs.frames > 0 && log.count >= game.knobs.frames) clock.paused = true
}

function pressKey(game: Game, code: string): boolean {
  const camera = KEY_CAMERAS[code]
  if (camera) chooseCamera(game, camera)
  else if (code === 'Space') togglePause(game)
  else if (code === 'Period') stepOnce(game)
  else if (code === 'KeyR') void reset(game)
  else if (code === 'KeyH') toggleHud(game)
  else if (code === 'KeyB') bookmark(game)
  else if (code === 'KeyN') goBack(game)
  else return false
  return true
}

function chooseCamera(game: Game, mode: CameraName): void {
  game.input.used = true
  chooseMode(game.rig, mode, game.subjects)
}

function togglePause({ clock }: Game): void {
  clock.paused = !clock.paused
  clock.last = -1
}

function stepOnce({ clock }: Game): void {
  clock.paused = true
  clock.pending++
}

/** Pauses, and does steps at once without drawing; the camera goes along. */
function skip({ clock, galaxy, rig, input, subjects }: Game, count: number): void {
  clock.paused = true
  for (let i = 0; i < count; i++) {
    updateGalaxy(galaxy, FIXED_DT)
    updateRig(rig, input, subjects, FIXED_DT)
  }
}

function toggleHud(game: Game): void {
  if (game.hud) game.hud.root.hidden = !game.hud.root.hidden
  else void openHud(game)
}

/** Keeps this moment. */
function bookmark(game: Game): void {
  if (!game.resetting) game.bookmark = saveGalaxy(game.galaxy, game.bookmark ?? undefined)
}

/** Goes back to the moment that was kept: from there on everything comes again as it came. */
function goBack({ galaxy, clock, bookmark, resetting }: Game): void {
  if (bookmark === null || resetting) return
  loadGalaxy(galaxy, bookmark)
  clock.left = 0
}

/** Begins the same game again from its seed. */
async function reset(game: Game): Promise<void> {
  if (game.resetting) return
  game.resetting = true
  try {
    game.bookmark = null
    // The old one goes last: HUD and camera read it until the new one stands.
    const old = game.galaxy
    game.galaxy = await createGalacticWars(game.knobs)
    if (game.hud) game.hudModule?.watch(game.hud, game.galaxy.physics)
    disposeGalaxy(old)
    updateTransforms(game.galaxy.physics)
    attachView(game.view, game.galaxy.physics, game.galaxy.fittings)
    game.subjects = createSubjects(game.galaxy, CENTRE, PLANET.radius, game.delay)
    game.shot.explosions = game.galaxy.explosions
    game.clock.last = -1
    game.clock.left = 0
    game.clock.dropped = 0
    resetFrameLog(game.log)
  } finally {
    game.resetting = false
  }
}

const ray = new Vector3()

/** Throws an explosion at what is under a point of the canvas (CSS pixels), or into the empty space there. */
function throwAt({ view, rig, galaxy }: Game, x: number, y: number): void {
  const { canvas, camera } = view
  // The camera stands at the origin of the picture: a point on the ray is its direction.
  ray.set((2 * x) / canvas.clientWidth - 1, 1 - (2 * y) / canvas.clientHeight, 0.5).unproject(camera)
  const direction = ray.normalize().toArray()
  const hit = castRay(galaxy.physics, rig.position, direction, THROW_REACH)
  const distance = hit ? hit.distance : THROW_DISTANCE
  const place = direction.map((d, axis) => rig.position[axis] + d * distance)
  throwExplosion(galaxy, place, THROW_STRENGTH)
}

/** The HUD is loaded when the battle is on the screen already. */
async function openHud(game: Game): Promise<void> {
  game.hudModule = await import('./view/hud/hud.ts')
  const { view, clock } = game
  const root = document.getElementById('hud') as HTMLElement
  const source = {
    renderer: view.rendererName,
    quality: view.quality.name,
    stats: () => frameStats(game.galaxy.physics),
    counts: () => galaxyCounts(game.galaxy),
    dropped: () => clock.dropped,
    paused: () => clock.paused,
    camera: () => game.rig.mode,
  }
  game.hud = game.hudModule.createHud(root, game.galaxy.physics, source, createCommands(game))
  root.hidden = false
}

function createCommands(game: Game): HudCommands {
  let settings: { destroy(): void } | null = null
  return {
    camera: (mode) => chooseCamera(game, mode),
    togglePause: () => togglePause(game),
    step: () => stepOnce(game),
    reset: () => void reset(game),
    bookmark: () => bookmark(game),
    goBack: () => goBack(game),
    toggleHud: () => toggleHud(game),
    settings: async () => {
      const { createSettings } = await import('./view/hud/settings.ts')
      settings?.destroy()
      settings = settings ? null : createSettings(game.knobs, document.querySelector('#hud .settings') as HTMLElement)
    },
  }
}

/** What tests and the budget check see of the page: `window.galacticWars`. */
function createHandle(game: Promise<Game>) {
  let running: Game | null = null
  const get = (): Game => {
    if (!running) throw new Error('galacticWars is not ready yet: await galacticWars.ready')
    return running
  }
  const ready = game.then((value) => {
    running = value
    start(value)
  })
  return {
    /** fulfilled when the first frame is drawn */
    ready,
    /** the running game, for experiments in the console */
    get game(): Game {
      return get()
    },
    get frameLog(): FrameLog {
      return get().log
    },
    get renderer(): string {
      return get().view.rendererName
    },
    get quality(): string {
      return get().view.quality.name
    },
    get backend(): Backend {
      return get().galaxy.physics.backend
    },
    /** ms from the start of the page's load until the first frame was drawn */
    get firstFrameMs(): number {
      return get().firstFrameMs
    },
    /** seconds of game time given up because frames came too late */
    get dropped(): number {
      return get().clock.dropped
    },
    get draws() {
      const { calls, triangles, points } = get().view.renderer.info.render
      return { calls, triangles, points }
    },
    counts: () => ({ ...galaxyCounts(get().galaxy) }),
    stats: () => structuredClone(frameStats(get().galaxy.physics)),
    stateHash: () => stateHash(get().galaxy.physics),
    resetLog: () => resetFrameLog(get().log),
    pause: () => {
      get().clock.paused = true
    },
    resume: () => {
      if (get().clock.paused) togglePause(get())
    },
    /** pauses and does `count` steps, at most two a frame */
    step: (count = 1) => {
      get().clock.paused = true
      get().clock.pending += count
    },
    skip: (count: number) => skip(get(), count),
    reset: () => reset(get()),
    bookmark: () => bookmark(get()),
    goBack: () => goBack(get()),
    camera: (mode: CameraName) => chooseCamera(get(), mode),
    throwAt: (x: number, y: number) => throwAt(get(), x, y),
  }
}

/** Draws the first frame and starts the loop. */
function start(game: Game): void {
  // At once: the compositor, busy until now, would call back a good while later.
  animate(game, performance.now())
  game.clock.last = -1
  document.getElementById('notice')?.remove()
  game.firstFrameMs = performance.now()
  const onFrame = (now: number): void => {
    // Asked for first: one frame that fails must not be the last one.
    requestAnimationFrame(onFrame)
    animate(game, now)
  }
  requestAnimationFrame(onFrame)
  if (game.knobs.hud) void openHud(game)
}

declare global {
  interface Window {
    galacticWars: ReturnType<typeof createHandle>
  }
}

window.galacticWars = createHandle(init())
window.galacticWars.ready.catch((error: unknown) => {
  const notice = document.getElementById('notice')
  if (notice) notice.textContent = `Cannot start: ${error instanceof Error ? error.message : String(error)}`
  console.error(error)
})
