//! `--device`: what networks run on, for every command that runs them.

use std::ops::ControlFlow;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use super::{Usage, progress};
use crate::compute::{Compute, Probe, Wish};
use crate::methods::probes;
use crate::train::rampinn::cars_training_probe;
use crate::train::separator::training_probe;

/// What a GPU has to compute as the CPU does before a network is trained on it: all that answers need, and a training step
/// of the size that is trained.
pub fn all_probes() -> Vec<Probe> {
    let mut all = probes();
    all.extend([training_probe(), cars_training_probe()]);
    all
}

/// Flattened into the arguments of commands that run networks.
#[derive(Debug, Clone, Copy, Args)]
pub struct DeviceArgs {
    /// What networks run on: 'auto' takes a GPU where there is one that computes as the CPU does
    #[arg(
        long = "device",
        value_name = "DEVICE",
        default_value_t = Wish::Auto,
        ignore_case = true,
        value_parser = PossibleValuesParser::new(Wish::ALL.map(Wish::id)).try_map(|name| name.parse::<Wish>()),
    )]
    pub wish: Wish,
}

impl DeviceArgs {
    /// The device of the program, as asked for, opened and tested with these probes. Says on standard error what takes
    /// long, and why a GPU that is there is not used.
    pub fn prepare(self, probes: Vec<Probe>, quiet: bool) -> Result<&'static Compute, Usage> {
        let compute = Compute::shared();
        compute.set_wish(self.wish);
        let spinner = progress::spinner(quiet);
        let told = |what: &str| {
            spinner.set_message(what.to_owned());
            ControlFlow::Continue(())
        };
        let status = compute.prepare(probes, &told);
        spinner.finish_and_clear();
        if let Some(why) = status?.fallback {
            eprintln!("unravel: {why}");
        }
        Ok(compute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_probe_hides_another_by_its_name() {
        // A device that is prepared takes each name once.
        let all = all_probes();
        let names: std::collections::BTreeSet<&str> = all.iter().map(Probe::name).collect();
        assert_eq!((all.len(), names.len()), (5, 5), "{names:?}");
    }
}
