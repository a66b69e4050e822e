//! What each sample file holds: substances and shares, the instrument's faults, the format.

/// How a recipe is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// RRUFF-style text.
    Rruff,
    /// Galactic SPC.
    Spc,
    /// JCAMP-DX.
    Jcamp,
    /// Our CSV with metadata.
    Csv,
    /// Two columns over wavelength, the laser in the header.
    WavelengthText,
    /// LabSpec-style map: X, Y, then the intensities of each point.
    LabSpecMap,
}

/// What is measured.
#[derive(Debug, Clone)]
pub enum Content {
    /// One spectrum of these substances, shares by peak height summing to 1.
    Mixture(Vec<(&'static str, f64)>),
    /// Spectra in which the share of the first falls from 1 to 0 while that of the second rises.
    Series(&'static str, &'static str, usize),
    /// A map: one substance a corner, blended by distance.
    Map(Vec<&'static str>, usize, usize),
    /// The CARS spectrum of one substance.
    Cars(&'static str),
}

/// One sample file.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// File name.
    pub file: &'static str,
    /// One phrase for the table.
    pub what: &'static str,
    pub form: Form,
    pub content: Content,
    /// First and last position in cm-1 and the number of points.
    pub axis: (f64, f64, usize),
    pub laser_nm: f64,
    /// Counts of the strongest line.
    pub peak_counts: f64,
    /// Height of the fluorescence in units of the strongest line.
    pub fluorescence: f64,
    /// Error of the wavenumber scale in cm-1.
    pub shift_cm1: f64,
    /// Additional broadening (FWHM) in cm-1.
    pub broadening_cm1: f64,
    /// Cosmic rays.
    pub cosmic_rays: usize,
    pub seed: u64,
}

fn base(file: &'static str, what: &'static str, form: Form, content: Content, seed: u64) -> Recipe {
    Recipe {
        file,
        what,
        form,
        content,
        axis: (150.0, 1800.0, 1100),
        laser_nm: 785.0,
        peak_counts: 20_000.0,
        fluorescence: 0.3,
        shift_cm1: 0.0,
        broadening_cm1: 2.0,
        cosmic_rays: 0,
        seed,
    }
}

/// Every sample file.
pub fn all() -> Vec<Recipe> {
    let mut all = usual();
    all.extend(solvents());
    all
}

/// Pure spectra and the six test mixtures of the `RaMixNet` paper: 300 to 2500 cm-1, resolution 12 cm-1, 785 nm. Equal parts
/// are equal heights; a real mixture differs from the sum of its parts by noise, fluorescence and a scale error.
fn solvents() -> Vec<Recipe> {
    const A: &str = "Aniline, paper";
    const X: &str = "o-Xylene, paper";
    const P: &str = "Pyridine, paper";
    const T: &str = "Toluene, paper";
    let paper = |file, what, parts: &[&'static str], seed| {
        let share = 1.0 / parts.len() as f64;
        let content = Content::Mixture(parts.iter().map(|name| (*name, share)).collect());
        Recipe {
            axis: (300.0, 2500.0, 2201),
            broadening_cm1: 12.0,
            ..base(file, what, Form::Csv, content, seed)
        }
    };
    let pure = |file, what, name, seed| Recipe { fluorescence: 0.05, ..paper(file, what, &[name], seed) };
    let mixed = |file, what, parts: &[&'static str], shift_cm1, fluorescence, seed| Recipe {
        shift_cm1,
        fluorescence,
        peak_counts: 8_000.0,
        ..paper(file, what, parts, seed)
    };
    vec![
        pure("pure_aniline.csv", "aniline, for `unravel train ramixnet`, CSV", A, 21),
        pure("pure_o-xylene.csv", "o-xylene, for `unravel train ramixnet`, CSV", X, 22),
        pure("pure_pyridine.csv", "pyridine, for `unravel train ramixnet`, CSV", P, 23),
        pure("pure_toluene.csv", "toluene, for `unravel train ramixnet`, CSV", T, 24),
        mixed("ramixnet_s1.csv", "toluene and o-xylene in equal parts, CSV", &[T, X], 0.6, 0.4, 31),
        mixed("ramixnet_s2.csv", "pyridine and aniline in equal parts, CSV", &[P, A], -0.8, 0.8, 32),
        mixed("ramixnet_s3.csv", "o-xylene and aniline in equal parts, CSV", &[X, A], 1.1, 0.3, 33),
        mixed("ramixnet_s4.csv", "o-xylene and pyridine in equal parts, CSV", &[X, P], -0.3, 1.2, 34),
        mixed(
            "ramixnet_s5.csv",
            "o-xylene, pyridine and toluene in equal parts, CSV",
            &[X, P, T],
            0.9,
            0.6,
            35,
        ),
        mixed("ramixnet_s6.csv", "toluene and aniline in equal parts, CSV", &[T, A], -1.2, 0.5, 36),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table with one entry a file")]
fn usual() -> Vec<Recipe> {
    let mixture = |parts: &[(&'static str, f64)]| Content::Mixture(parts.to_vec());
    vec![
        Recipe {
            axis: (140.0, 1520.0, 1076),
            laser_nm: 514.0,
            fluorescence: 0.0,
            broadening_cm1: 0.0,
            ..base(
                "quartz_rruff.txt",
                "quartz, RRUFF-style text",
                Form::Rruff,
                mixture(&[("Quartz", 1.0)]),
                1,
            )
        },
        Recipe {
            fluorescence: 0.1,
            ..base(
                "polystyrene.spc",
                "polystyrene, Galactic SPC",
                Form::Spc,
                mixture(&[("Polystyrene", 1.0)]),
                2,
            )
        },
        Recipe {
            fluorescence: 0.2,
            ..base(
                "paracetamol.jdx",
                "paracetamol, JCAMP-DX",
                Form::Jcamp,
                mixture(&[("Paracetamol", 1.0)]),
                3,
            )
        },
        Recipe {
            shift_cm1: 0.8,
            fluorescence: 0.5,
            ..base(
                "calcite_quartz_mixture.csv",
                "calcite and quartz, 70 : 30, CSV",
                Form::Csv,
                mixture(&[("Calcite", 0.7), ("Quartz", 0.3)]),
                4,
            )
        },
        Recipe {
            shift_cm1: 1.2,
            fluorescence: 1.5,
            cosmic_rays: 2,
            laser_nm: 532.0,
            ..base(
                "unknown_powder.spc",
                "a powder of three minerals (gypsum, anatase, calcite, 50 : 30 : 20) with fluorescence and cosmic rays, SPC",
                Form::Spc,
                mixture(&[("Gypsum", 0.5), ("Anatase", 0.3), ("Calcite", 0.2)]),
                5,
            )
        },
        Recipe {
            fluorescence: 0.8,
            ..base(
                "pain_tablet.jdx",
                "a tablet of paracetamol, aspirin and caffeine, 40 : 40 : 20, JCAMP-DX",
                Form::Jcamp,
                mixture(&[("Paracetamol", 0.4), ("Aspirin", 0.4), ("Caffeine", 0.2)]),
                6,
            )
        },
        Recipe {
            fluorescence: 0.2,
            ..base(
                "solvents_785nm.txt",
                "toluene and acetonitrile, 60 : 40, two columns over wavelength in nm",
                Form::WavelengthText,
                mixture(&[("Toluene", 0.6), ("Acetonitrile", 0.4)]),
                7,
            )
        },
        Recipe {
            fluorescence: 0.2,
            ..base(
                "calcite_quartz_series.spc",
                "eleven mixtures from pure calcite to pure quartz, SPC multifile",
                Form::Spc,
                Content::Series("Calcite", "Quartz", 11),
                8,
            )
        },
        Recipe {
            axis: (200.0, 1800.0, 400),
            peak_counts: 3_000.0,
            ..base(
                "polymer_map.txt",
                "a map of 12 x 10 points over polystyrene, high density polyethylene and polypropylene, LabSpec-style text",
                Form::LabSpecMap,
                Content::Map(vec!["Polystyrene", "Polyethylene, high density", "Polypropylene"], 12, 10),
                9,
            )
        },
        Recipe {
            axis: (600.0, 1800.0, 1000),
            peak_counts: 30_000.0,
            fluorescence: 0.0,
            broadening_cm1: 0.0,
            ..base(
                "toluene_cars.csv",
                "CARS spectrum of toluene, CSV",
                Form::Csv,
                Content::Cars("Toluene"),
                10,
            )
        },
    ]
}
