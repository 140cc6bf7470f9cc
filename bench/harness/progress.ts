import { SingleBar } from 'cli-progress'

/** Progress of something that takes a while. `advance` is cheap enough to call every frame. */
export interface Progress {
  advance(by?: number): void
  stop(): void
}

/** Between two plain lines where the output is not a terminal (ms). */
const LINE_INTERVAL = 3_000
/** Between two redraws of the bar: drawing inside a measured run must stay rare (ms). */
const BAR_INTERVAL = 250

/** A bar on a terminal, a line every few seconds elsewhere; nothing at all for what ends sooner. On standard error. */
export function startProgress(label: string, total: number): Progress {
  return process.stderr.isTTY ? startBar(label, total) : startLines(label, total)
}

function startBar(label: string, total: number): Progress {
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total} · {eta_formatted} left`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    // Redrawn below, between frames, instead of by a timer that would fire inside one.
    noTTYOutput: false,
  })
  bar.start(total, 0)
  let done = 0
  let drawn = performance.now()
  return {
    advance(by = 1) {
      done += by
      const now = performance.now()
      if (now - drawn < BAR_INTERVAL) return
      drawn = now
      bar.update(done)
    },
    stop() {
      bar.update(done)
      bar.stop()
    },
  }
}

function startLines(label: string, total: number): Progress {
  let done = 0
  let printed = performance.now()
  return {
    advance(by = 1) {
      done += by
      const now = performance.now()
      if (now - printed < LINE_INTERVAL) return
      printed = now
      process.stderr.write(`${label}: ${done}/${total}\n`)
    },
    stop() {},
  }
}
