//! Builds the crate anew when a template or a language is added, which the compiler does not see.

fn main() {
    println!("cargo::rerun-if-changed=templates");
}
