//! `unravel devices`: what networks can run on.

use serde::Serialize;

use super::args::DevicesArgs;
use super::device_args::all_probes;
use super::output::{print_json, say};
use super::{Ended, Usage};
use crate::compute::{self, DeviceInfo};

/// The documented JSON of `devices --json` (docs/json.md). Fields are added, never renamed or removed.
#[derive(Debug, Serialize)]
struct DevicesJson {
    devices: Vec<DeviceInfo>,
    /// What `--check` found; null without it.
    check: Option<CheckJson>,
}

#[derive(Debug, Serialize)]
struct CheckJson {
    /// What networks run on.
    device: String,
    gpu: bool,
    /// Why a GPU that is there is not used.
    fallback: Option<String>,
    /// Opening, compiling and comparing a GPU.
    warm_up_ms: Option<f64>,
}

pub fn run(args: &DevicesArgs) -> Result<Ended, Usage> {
    let devices = compute::devices(args.device.wish);
    if !args.json {
        for device in &devices {
            say!("{}\n    {}", device.name, details(device));
        }
    }
    let check = if args.check { Some(check(args)?) } else { None };
    if args.json {
        print_json(&DevicesJson { devices, check })?;
    }
    Ok(Ended::Good)
}

fn details(device: &DeviceInfo) -> String {
    let mut parts = vec![device.kind.to_string()];
    parts.extend(device.api.map(str::to_owned));
    parts.extend(device.driver.as_ref().map(|driver| format!("driver {driver}")));
    let verdict = match &device.reason {
        None if device.chosen => "networks run on this".to_owned(),
        None => "not chosen".to_owned(),
        Some(why) => format!("not chosen: {why}"),
    };
    format!("{}; {verdict}", parts.join(", "))
}

fn check(args: &DevicesArgs) -> Result<CheckJson, Usage> {
    let status = args.device.prepare(all_probes(), args.json)?.status();
    if !args.json && status.fallback.is_none() {
        let took = status.warm_up.map(|took| format!(", ready after {:.1} s", took.as_secs_f64()));
        let verdict = if status.gpu { "computes as the CPU does" } else { "needs no check" };
        say!("{} {verdict}{}", status.name, took.unwrap_or_default());
    }
    Ok(CheckJson {
        device: status.name,
        gpu: status.gpu,
        fallback: status.fallback,
        warm_up_ms: status.warm_up.map(|took| took.as_secs_f64() * 1e3),
    })
}
