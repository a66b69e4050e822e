#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| unravel_fuzz::sniff_and_read(bytes));
