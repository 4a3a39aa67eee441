//! The binary `shopbell`.

fn main() -> std::process::ExitCode {
    server::cli::main()
}
