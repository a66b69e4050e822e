//! What sizes may be, in sentences.

/// Fails with the first size outside 1 to 4096.
pub fn check_sizes(sizes: &[(&str, usize)]) -> Result<(), String> {
    match sizes.iter().find(|(_, size)| !(1..=4096).contains(size)) {
        Some((name, size)) => Err(format!("{name} is {size}: it must be 1 to 4096")),
        None => Ok(()),
    }
}

/// Fails with the first count of layers or passes outside 1 to 64: far beyond every published one, and few enough for a
/// file's word to be taken.
pub fn check_depth(counts: &[(&str, usize)]) -> Result<(), String> {
    match counts.iter().find(|(_, count)| !(1..=64).contains(count)) {
        Some((name, count)) => Err(format!("{name} is {count}: it must be 1 to 64")),
        None => Ok(()),
    }
}

/// Fails when windows of the encoder leave points out, or when there are more sources than the loss can order.
pub fn check_code(kernel: usize, stride: usize, sources: usize) -> Result<(), String> {
    check_sizes(&[("kernel", kernel), ("stride", stride), ("sources", sources)])?;
    if stride > kernel {
        return Err(format!("a stride of {stride} leaves points out of a kernel of {kernel}"));
    }
    if sources > 3 {
        return Err(format!("{sources} sources: the loss orders 3 at most"));
    }
    Ok(())
}
