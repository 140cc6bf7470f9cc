//! Milliseconds, for the profile alone: no result depends on it.

#[cfg(target_arch = "wasm32")]
mod host {
    #[link(wasm_import_module = "env")]
    extern "C" {
        pub fn now() -> f64;
    }
}

/// Milliseconds since some fixed moment.
#[cfg(target_arch = "wasm32")]
pub fn now() -> f64 {
    // SAFETY: the host's function takes nothing and only returns a number.
    unsafe { host::now() }
}

/// Milliseconds since some fixed moment.
#[cfg(not(target_arch = "wasm32"))]
pub fn now() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1e3
}
