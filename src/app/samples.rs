//! The synthetic samples that ship with the program.

macro_rules! samples {
    ($($name:literal, $what:literal;)*) => {
        /// File name, what it shows, content.
        pub const SAMPLES: &[(&str, &str, &[u8])] =
            &[$(($name, $what, include_bytes!(concat!("../../sample_data/", $name)).as_slice()),)*];
    };
}

samples! {
    "calcite_quartz_mixture.csv", "Two minerals under fluorescence";
    "pain_tablet.jdx", "A tablet of three drugs";
    "unknown_powder.spc", "A powder without a name";
    "solvents_785nm.txt", "Solvents, over wavelength";
    "calcite_quartz_series.spc", "A series from calcite to quartz";
    "polymer_map.txt", "A map of polymers";
    "toluene_cars.csv", "Toluene, measured by CARS";
    "paracetamol.jdx", "Pure paracetamol";
    "polystyrene.spc", "Pure polystyrene";
    "quartz_rruff.txt", "Pure quartz, RRUFF layout";
}
