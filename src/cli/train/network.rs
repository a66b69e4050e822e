//! The network that the options describe.

use super::super::Usage;
use super::args::{MaskArg, NetworkArg, SideArg, SizeArgs, SteeringArg};
use crate::nets::{Masking, RssnetConfig, SeparatorConfig, Side, Steering};

/// The network's name in files.
pub fn name(network: NetworkArg) -> &'static str {
    match network {
        NetworkArg::Rssnet => "rssnet",
        NetworkArg::ConvTasnet => "conv-tasnet",
        NetworkArg::Dprnn => "dprnn",
        NetworkArg::Afrcnn => "afrcnn",
        NetworkArg::Tdanet => "tdanet",
        NetworkArg::Guided => "guided",
        NetworkArg::Rampinn => "rampinn",
        NetworkArg::Ramixnet => "ramixnet",
    }
}

/// The preset of these names; without one, RSSNet's `small` and the other networks as published.
pub fn preset(network: NetworkArg, preset: Option<&str>) -> Result<(SeparatorConfig, String), Usage> {
    let usual = if network == NetworkArg::Rssnet { "small" } else { "paper" };
    let preset = preset.unwrap_or(usual);
    let config =
        SeparatorConfig::named(name(network), preset).map_err(|e| Usage(format!("--preset: {e}")))?;
    Ok((config, preset.to_owned()))
}

/// The network with what the options say otherwise.
pub fn changed(network: SeparatorConfig, sizes: &SizeArgs) -> Result<SeparatorConfig, Usage> {
    let SeparatorConfig::Rssnet(base) = network else {
        if *sizes == (SizeArgs { preset: sizes.preset.clone(), ..SizeArgs::default() }) {
            return Ok(network);
        }
        let name = network.name();
        return Err(Usage(format!("{name} has its published sizes; only --preset chooses among them")));
    };
    let config = RssnetConfig {
        channels: sizes.channels.unwrap_or(base.channels),
        hidden: sizes.hidden.unwrap_or(base.hidden),
        heads: sizes.heads.unwrap_or(base.heads),
        repeats: sizes.repeats.unwrap_or(base.repeats),
        chunk: sizes.chunk.unwrap_or(base.chunk),
        kernel: sizes.kernel.unwrap_or(base.kernel),
        stride: sizes.stride.unwrap_or(base.stride),
        scales: sizes.scales.unwrap_or(base.scales),
        side: sizes.side.map_or(base.side, |side| match side {
            SideArg::Dense => Side::Dense,
            SideArg::Depthwise => Side::Depthwise,
            SideArg::Identity => Side::Identity,
        }),
        side_kernel: sizes.side_kernel.unwrap_or(base.side_kernel),
        second_side: base.second_side && !sizes.no_second_side,
        recurrence: base.recurrence && !sizes.no_recurrence,
        mask: sizes.mask.map_or(base.mask, |mask| match mask {
            MaskArg::Relu => Masking::Relu,
            MaskArg::Sigmoid => Masking::Sigmoid,
            MaskArg::None => Masking::None,
        }),
        steering: sizes.steering.map_or(base.steering, |steering| match steering {
            SteeringArg::Gate => Steering::Gate,
            SteeringArg::Add => Steering::Add,
        }),
        dropout: sizes.dropout.unwrap_or(base.dropout),
        sources: sizes.sources.unwrap_or(base.sources),
    };
    let network = SeparatorConfig::Rssnet(config);
    network.check().map_err(|problem| Usage(format!("this network cannot be built: {problem}")))?;
    Ok(network)
}

/// The preset of this name among those of a network.
pub fn of_preset<C>(
    network: &str,
    name: &str,
    preset: impl Fn(&str) -> Option<C>,
    known: &[&str],
) -> Result<C, Usage> {
    let none =
        || Usage(format!("--preset: {network} has no preset {name}: choose one of {}", known.join(", ")));
    preset(name).ok_or_else(none)
}

/// Refuses sizes that only rssnet has.
pub fn only_widths(network: &str, sizes: &SizeArgs) -> Result<(), Usage> {
    let taken =
        SizeArgs { preset: sizes.preset.clone(), widths: sizes.widths.clone(), ..SizeArgs::default() };
    if *sizes == taken {
        return Ok(());
    }
    let what = "is changed by --preset and --widths; the other sizes are those of rssnet";
    Err(Usage(format!("{network} {what}")))
}
