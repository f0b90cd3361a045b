//! Randomness as a value that is passed in.

/// Where random bytes come from. The server has [`OsRng`]; tests may have a seeded one.
pub trait Rng: Send + Sync + 'static {
    /// Fill `bytes` with random bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRng;

impl Rng for OsRng {
    #[expect(
        clippy::expect_used,
        reason = "without randomness no id, token or key may be made: stopping is the only safe answer"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}
