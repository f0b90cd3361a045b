//! A worker of the sandbox: what the tests of this crate start. The product's is a command of `pmos`.

fn main() -> std::process::ExitCode {
    pmos_flow::sandbox::worker()
}
