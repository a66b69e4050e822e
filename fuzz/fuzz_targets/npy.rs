#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| unravel_fuzz::read_as("npy", bytes));
