//! The fork-join: the caller is worker 0, helpers only help, and nothing here can block a page's main thread.
//!
//! A step publishes phases one after the other. A phase is a function, its context (on the caller's stack, in shared memory) and a number of
//! blocks. Whoever is there claims blocks; the caller claims too, and returns when all are complete. So the step is right with no helper at
//! all, with one that comes late, and with one that never wakes.
//!
//! ```text
//! claim  = (generation << 36) | (taken from the back << 18) | taken from the front        closed = both at their most
//! caller : close → write call, context, count → open (generation + 1, 0, 0) → claim … → wait until done == count
//! helper : read claim → read call, context, count → compare-and-swap claim to one more taken → run the block → done += 1
//! ```
//!
//! The caller and every second helper take blocks from the front, the others from the back. So in one phase after the other a thread meets the
//! same half of the scene, and what it wrote is still in its cache.
//!
//! A helper that read an old phase cannot take a block of a new one: its compare-and-swap names the generation, and the fields it read are
//! written only while `claim` is closed. (Rapier's `StageSync` and Box2D's solver stages do the same with other words.)
//! A dead helper that has claimed a block would hold the caller: the wait is bounded, and `lost` says that it ran out.

use core::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering::SeqCst};

/// Threads of a step at most, the caller included.
pub const MAX_THREADS: usize = 32;
/// Bits of each of the two numbers of blocks taken.
const BITS: u32 = 18;
/// The most of each.
const MOST: u64 = (1 << BITS) - 1;
const CLOSED: u64 = (1 << (2 * BITS)) - 1;
/// Blocks of one phase at most.
const BLOCKS: usize = MOST as usize;
/// About five seconds of spinning: only a helper that died inside a block gets the caller this far.
const PATIENCE: u64 = 2_000_000_000;
/// A helper that finds no new phase for this long (about 2 ms) goes back to its park.
const HELPER_PATIENCE: u32 = 1_000_000;

/// The shared state of one fork-join. Lives in the kernel's memory, one a world.
pub struct Jobs {
    claim: AtomicU64,
    done: AtomicU32,
    count: AtomicU32,
    /// Number of the phase's first block.
    first: AtomicU32,
    call: AtomicUsize,
    context: AtomicUsize,
    /// Threads that may take part, the caller included; 1 means that the caller works alone.
    threads: AtomicU32,
    /// Whether a step runs: helpers leave when it does not.
    active: AtomicU32,
    lost: AtomicU32,
}

/// The context, the block, and the worker that runs it (0 is the caller).
type Call = unsafe fn(usize, usize, usize);

/// # Safety
/// `context` is the address of a live `F`.
unsafe fn trampoline<F: Fn(usize, usize) + Sync>(context: usize, block: usize, worker: usize) {
    // SAFETY: `run_by_worker` gives the address of its own `f` and returns only when every block is complete.
    unsafe { (*(context as *const F))(block, worker) }
}

impl Jobs {
    /// A fork-join with the caller alone.
    pub const fn new() -> Self {
        Self {
            claim: AtomicU64::new(CLOSED),
            done: AtomicU32::new(0),
            count: AtomicU32::new(0),
            first: AtomicU32::new(0),
            call: AtomicUsize::new(0),
            context: AtomicUsize::new(0),
            threads: AtomicU32::new(1),
            active: AtomicU32::new(0),
            lost: AtomicU32::new(0),
        }
    }

    /// Opens a step for `threads` threads, the caller included.
    pub fn begin(&self, threads: u32) {
        self.threads.store(threads, SeqCst);
        self.active.store((threads > 1) as u32, SeqCst);
    }

    /// Ends the step: helpers go back to their park. True when a helper was lost inside a block, and the step is not complete.
    pub fn end(&self) -> bool {
        self.active.store(0, SeqCst);
        self.lost.swap(0, SeqCst) != 0
    }

    /// Runs `f(0) … f(count − 1)`, each once, on every thread of the step; returns when all are complete.
    pub fn run<F: Fn(usize) + Sync>(&self, count: usize, f: F) {
        self.run_by_worker(count, |block, _| f(block));
    }

    /// As `run`, for blocks that need scratch memory: `f(block, worker)`, with a worker below `MAX_THREADS` that no other thread has.
    pub fn run_by_worker<F: Fn(usize, usize) + Sync>(&self, count: usize, f: F) {
        // SAFETY: `f` lives until all blocks are complete, and the trampoline is the one of its type.
        unsafe { self.publish(count, trampoline::<F>, &f as *const F as usize) }
    }

    /// The part of `run_by_worker` that is the same for all functions: one copy of it, and one of each function.
    ///
    /// # Safety
    /// `context` is what `call` wants, and lives on.
    #[inline(never)]
    unsafe fn publish(&self, count: usize, call: Call, context: usize) {
        if count <= 1 || self.active.load(SeqCst) == 0 {
            for block in 0..count {
                // SAFETY: the caller's promise.
                unsafe { call(context, block, 0) };
            }
            return;
        }
        for first in (0..count).step_by(BLOCKS) {
            // SAFETY: the caller's promise.
            unsafe { self.phase([first, (count - first).min(BLOCKS)], call, context) };
        }
    }

    /// One phase of at most `BLOCKS` blocks.
    ///
    /// # Safety
    /// As `publish`.
    unsafe fn phase(&self, [first, count]: [usize; 2], call: Call, context: usize) {
        let generation = (self.claim.load(SeqCst) >> (2 * BITS)) + 1;
        self.claim.store((generation << (2 * BITS)) | CLOSED, SeqCst);
        self.done.store(0, SeqCst);
        self.first.store(first as u32, SeqCst);
        self.count.store(count as u32, SeqCst);
        self.call.store(call as usize, SeqCst);
        self.context.store(context, SeqCst);
        self.claim.store(generation << (2 * BITS), SeqCst);
        while self.take_block(0) {}
        let mut spins = 0u64;
        while self.done.load(SeqCst) < count as u32 {
            core::hint::spin_loop();
            spins += 1;
            if spins > PATIENCE {
                self.lost.store(1, SeqCst);
                self.active.store(0, SeqCst);
                break;
            }
        }
        self.claim.store((generation << (2 * BITS)) | CLOSED, SeqCst);
    }

    /// Claims and runs one block of the open phase; false when there is none.
    fn take_block(&self, worker: usize) -> bool {
        loop {
            let claim = self.claim.load(SeqCst);
            let (front, back, count) = (claim & MOST, claim >> BITS & MOST, self.count.load(SeqCst) as u64);
            if front + back >= count || claim & CLOSED == CLOSED {
                return false;
            }
            let (block, taken) = if worker & 1 == 0 { (front, 1) } else { (count - 1 - back, 1 << BITS) };
            let block = self.first.load(SeqCst) as usize + block as usize;
            let (call, context) = (self.call.load(SeqCst), self.context.load(SeqCst));
            if self.claim.compare_exchange(claim, claim + taken, SeqCst, SeqCst).is_ok() {
                // SAFETY: the claim succeeded, so the phase is open and `call` and `context` are its own (see the head of this file).
                unsafe { core::mem::transmute::<usize, Call>(call)(context, block, worker) };
                self.done.fetch_add(1, SeqCst);
                return true;
            }
        }
    }

    /// A helper's share of the step: works until the step ends or nothing comes for a while. `slot` counts from 1.
    pub fn help(&self, slot: u32) {
        let mut idle = 0u32;
        while self.active.load(SeqCst) != 0 && slot < self.threads.load(SeqCst) && (slot as usize) < MAX_THREADS && idle < HELPER_PATIENCE {
            if self.take_block(slot as usize) {
                idle = 0;
            } else {
                idle += 1;
                core::hint::spin_loop();
            }
        }
    }
}

impl Default for Jobs {
    fn default() -> Self {
        Self::new()
    }
}
