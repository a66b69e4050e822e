//! The CPU's name.

/// What the CPU is called on screens and in results: `CPU, 2 threads, AVX-512`.
pub fn cpu_name() -> String {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if threads == 1 { "1 thread".to_owned() } else { format!("{threads} threads") };
    match vectors() {
        Some(vectors) => format!("CPU, {threads}, {vectors}"),
        None => format!("CPU, {threads}"),
    }
}

/// The widest vector registers that the CPU's matrix products use here.
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
fn vectors() -> Option<&'static str> {
    if is_x86_feature_detected!("avx512f") {
        Some("AVX-512")
    } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        Some("AVX2")
    } else {
        None
    }
}

#[cfg(target_arch = "aarch64")]
fn vectors() -> Option<&'static str> {
    Some("NEON")
}

#[cfg(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")))]
fn vectors() -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_says_how_many_threads_it_has() {
        let name = cpu_name();
        assert!(name.starts_with("CPU, ") && name.contains(" thread"), "{name}");
    }
}
