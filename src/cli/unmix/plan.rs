//! What the command line asks for, checked before any file is opened.

use std::path::Path;
use std::sync::Arc;

use super::super::args::UnmixArgs;
use super::super::runs::{Chosen, chosen, set};
use super::super::{Usage, library, own, process, ranges};
use super::{truth, wishes};
use crate::library::Library;
use crate::methods::{Components, Method, ReferenceCache, References, is_trained, probes};
use crate::process::{Pipeline, References as StepReferences};
use crate::spectrum::Spectrum;

/// Cosmic rays look like lines to every method; smooth backgrounds are no trouble to any.
const DEFAULT_STEPS: &str = "despike";

/// Everything that is the same for all spectra.
pub struct Plan {
    pub methods: Vec<Chosen<dyn Method>>,
    pub components: Components,
    pub range: Option<(f64, f64)>,
    pub pipeline: Pipeline,
    pub step_references: StepReferences,
    pub library: Arc<Library>,
    /// Where the library has data, in cm-1.
    pub covered: Option<(f64, f64)>,
    pub cache: ReferenceCache,
    /// Pure spectra to score components with.
    pub truths: Vec<Spectrum>,
    /// Species of `--with`.
    pub fixed: Vec<String>,
    /// Species of `--without`.
    pub excluded: Vec<String>,
    pub warnings: Vec<String>,
}

impl Plan {
    pub fn new(args: &UnmixArgs) -> Result<Self, Usage> {
        if args.method.iter().any(|name| is_trained(name)) {
            own::models();
        }
        let mut methods = chosen::<dyn Method>(&args.method)?;
        for text in &args.setting {
            set(&mut methods, text)?;
        }
        if methods.iter().any(|c| c.method.info().network) {
            args.device.prepare(probes(), args.json)?;
        }
        let components = components(&args.components)?;
        let range = args.range.as_deref().map(range).transpose()?;
        let pipeline = match args.process.as_deref().unwrap_or(DEFAULT_STEPS) {
            "none" => Pipeline::default(),
            steps => process::parse(steps)?,
        };
        let step_references = process::references(&pipeline)?;
        let truths = if args.truth.is_empty() { Vec::new() } else { truth::open(&args.truth)? };
        let mut warnings = Vec::new();
        let library = Arc::new(library::load(args.library.as_deref(), &mut warnings)?);
        if library.is_empty() {
            let name = args.library.as_deref().map_or_else(|| library.name.clone(), name);
            return Err(Usage(format!("{name}: the library holds no entries")));
        }
        wishes::check(&library, args)?;
        let covered = References::covered(&library);
        let cache = ReferenceCache::default();
        Ok(Self {
            methods,
            components,
            range,
            pipeline,
            step_references,
            library,
            covered,
            cache,
            truths,
            fixed: args.with.clone(),
            excluded: args.without.clone(),
            warnings,
        })
    }
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

fn components(text: &str) -> Result<Components, Usage> {
    match text.trim() {
        word if word.eq_ignore_ascii_case("auto") => Ok(Components::Auto),
        number => match number.parse::<usize>() {
            Ok(n) if n > 0 => Ok(Components::Exactly(n)),
            _ => Err(Usage(format!("--components {text}: expected a whole number from 1, or auto"))),
        },
    }
}

fn range(text: &str) -> Result<(f64, f64), Usage> {
    let wrong = || Usage(format!("--range {text}: expected lo-hi in cm-1, for example 200-1800"));
    ranges::ends(text).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_components_are_read_or_refused() {
        assert_eq!(components("Auto").ok(), Some(Components::Auto));
        assert_eq!(components(" 3 ").ok(), Some(Components::Exactly(3)));
        for text in ["0", "-1", "two", ""] {
            assert!(components(text).is_err(), "{text}");
        }
    }
}
