//! Lets the dashboard be built after the binary was: rust-embed alone would
//! not notice files that are new.

fn main() {
    // A folder that is missing would count as changed at every build. Without
    // the right to make it nothing is lost but that.
    let _ = std::fs::create_dir_all("frontend/dist");
    println!("cargo:rerun-if-changed=frontend/dist");
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=build.rs");
}
