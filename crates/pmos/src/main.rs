//! The `pmos` program.

fn main() -> std::process::ExitCode {
    pmos::main()
}
