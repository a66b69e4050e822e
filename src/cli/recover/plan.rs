//! What the command line asks for, checked before any file is opened.

use std::path::Path;

use super::super::output::each_of;
use super::super::runs::{Chosen, chosen, set};
use super::super::{Usage, library, process, ranges};
use super::RecoverArgs;
use crate::library::{Index, Library};
use crate::methods::probes;
use crate::methods::recovery::{Dark, Recovery, recoveries};
use crate::process::{Pipeline, References};
use crate::spectrum::Spectrum;

/// The setting by which a method fits on from its own answer.
const REFINE: &str = "refine";

/// Everything that is the same for all spectra.
pub struct Plan {
    pub methods: Vec<Chosen<dyn Recovery>>,
    pub reference: Option<Spectrum>,
    pub dark: Dark,
    pub range: Option<(f64, f64)>,
    pub pipeline: Pipeline,
    pub step_references: References,
    /// The library with its index; `None` where nothing shall be searched.
    pub library: Option<(Library, Index)>,
    pub top: usize,
    pub warnings: Vec<String>,
}

impl Plan {
    pub fn new(args: &RecoverArgs) -> Result<Self, Usage> {
        let mut methods = chosen::<dyn Recovery>(&args.method)?;
        for text in &args.setting {
            set(&mut methods, text)?;
        }
        if args.refine {
            refine(&mut methods)?;
        }
        let range = args.range.as_deref().map(|text| {
            let wrong = || Usage(format!("--range {text}: expected lo-hi in cm-1, for example 600-1800"));
            ranges::ends(text).ok_or_else(wrong)
        });
        let pipeline = match args.process.as_deref().unwrap_or("none") {
            "none" => Pipeline::default(),
            steps => process::parse(steps)?,
        };
        let step_references = process::references(&pipeline)?;
        let mut warnings = Vec::new();
        let library = if args.top == 0 {
            None
        } else {
            let library = library::load(args.library.as_deref(), &mut warnings)?;
            let index = Index::new(&library)?;
            Some((library, index))
        };
        let reference = args.reference.as_deref().map(|path| one("--reference", path)).transpose()?;
        let plan = Self {
            methods,
            reference,
            dark: args.dark.as_deref().map(dark).transpose()?.unwrap_or_default(),
            range: range.transpose()?,
            pipeline,
            step_references,
            library,
            top: args.top,
            warnings,
        };
        if plan.methods.iter().any(|c| c.method.info().network) {
            args.device.prepare(probes(), args.json)?;
        }
        Ok(plan)
    }
}

/// `--refine`: for every method that has such a setting, and at least one must.
fn refine(chosen: &mut [Chosen<dyn Recovery>]) -> Result<(), Usage> {
    let mut refined = 0;
    for chosen in chosen {
        let info = chosen.method.info();
        if info.settings.iter().any(|setting| setting.name == REFINE) {
            chosen.settings = std::mem::take(&mut chosen.settings).with(REFINE, true);
            refined += 1;
        }
    }
    if refined > 0 {
        return Ok(());
    }
    let able: Vec<&str> = recoveries()
        .iter()
        .filter(|method| method.info().settings.iter().any(|setting| setting.name == REFINE))
        .map(|method| method.id())
        .collect();
    let advice =
        if able.is_empty() { "no method can".to_owned() } else { format!("{} can", able.join(", ")) };
    Err(Usage(format!("--refine: none of the methods of --method fits on from its answer; {advice}")))
}

fn dark(text: &str) -> Result<Dark, Usage> {
    match ranges::number(text) {
        Some(value) => Ok(Dark::Constant(value)),
        None if Path::new(text).exists() => Ok(Dark::Spectrum(Box::new(one("--dark", Path::new(text))?))),
        None => Err(Usage(format!("--dark {text}: expected a number or a file with a spectrum"))),
    }
}

/// The only spectrum of a file.
fn one(option: &str, path: &Path) -> Result<Spectrum, Usage> {
    let mut found = Vec::new();
    each_of(option, &[path.to_path_buf()], &mut |_, decoded| found.extend(decoded.spectra().take(2)))?;
    let count = found.len();
    match (found.pop(), count) {
        (Some(spectrum), 1) => Ok(spectrum),
        (None, _) => Err(Usage(format!("{option} {}: there is no spectrum in it", path.display()))),
        _ => Err(Usage(format!(
            "{option} {}: there are several spectra in it, and one was expected; write the one meant into a file of its own",
            path.display()
        ))),
    }
}
