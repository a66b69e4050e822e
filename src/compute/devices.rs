//! Every device of this machine, in words.

use serde::Serialize;

use super::adapter::{Adapter, Kind, Software, best};
use super::{Wish, cpu_name, gpu};

/// One device and whether networks would run on it. A GPU that stands behind two drivers is listed twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceInfo {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// How it is talked to: Vulkan, Metal, DirectX 12, OpenGL; none for the CPU.
    pub api: Option<&'static str>,
    /// Its driver, with the version.
    pub driver: Option<String>,
    /// Whether networks would run on it, if it passes its self-test.
    pub chosen: bool,
    /// Why it is not chosen.
    pub reason: Option<String>,
}

/// Lists the CPU and every adapter, and says which is chosen for this wish. Asks every driver: takes up to seconds.
pub fn devices(wish: Wish) -> Vec<DeviceInfo> {
    match gpu::list() {
        Ok(adapters) => listed(&adapters, wish, Software::by_environment(), None),
        Err(why) => listed(&[], wish, Software::Refused, Some(why)),
    }
}

fn listed(adapters: &[Adapter], wish: Wish, software: Software, trouble: Option<String>) -> Vec<DeviceInfo> {
    let taken = if wish == Wish::Cpu { None } else { best(adapters, software) };
    let reason = match (wish, taken) {
        (_, Some(index)) => Some(format!("{} is there", adapters[index].words())),
        (Wish::Gpu, None) => Some(trouble.unwrap_or_else(|| "a GPU was asked for".to_owned())),
        (Wish::Auto | Wish::Cpu, None) => None,
    };
    let cpu = DeviceInfo {
        name: cpu_name(),
        kind: Kind::Cpu,
        api: None,
        driver: None,
        chosen: reason.is_none(),
        reason,
    };
    let others = adapters.iter().enumerate().map(|(index, adapter)| DeviceInfo {
        name: adapter.name.clone(),
        kind: adapter.kind,
        api: Some(adapter.api.name()),
        driver: (!adapter.driver.is_empty()).then(|| adapter.driver.clone()),
        chosen: taken == Some(index),
        reason: match (adapter.unfit(software), wish) {
            _ if taken == Some(index) => None,
            (Some(unfit), _) => Some(unfit.to_owned()),
            (None, Wish::Cpu) => Some("the CPU was asked for".to_owned()),
            (None, Wish::Auto | Wish::Gpu) => Some("another one is better or comes first".to_owned()),
        },
    });
    std::iter::once(cpu).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::super::adapter::Api;
    use super::*;

    fn machine() -> [Adapter; 2] {
        let adapter = |kind, api| Adapter { name: "X".to_owned(), kind, api, driver: "d 1".to_owned() };
        [adapter(Kind::DiscreteGpu, Api::Vulkan), adapter(Kind::Software, Api::Vulkan)]
    }

    fn chosen(list: &[DeviceInfo]) -> Vec<bool> {
        list.iter().map(|device| device.chosen).collect()
    }

    #[test]
    fn exactly_one_device_is_chosen_and_every_other_says_why_not() {
        for (wish, expected) in [
            (Wish::Auto, [false, true, false]),
            (Wish::Gpu, [false, true, false]),
            (Wish::Cpu, [true, false, false]),
        ] {
            let list = listed(&machine(), wish, Software::Refused, None);
            assert_eq!(chosen(&list), expected, "{wish}");
            assert!(list.iter().all(|device| device.chosen == device.reason.is_none()), "{list:?}");
        }
    }

    #[test]
    fn without_a_gpu_the_cpu_is_chosen_unless_a_gpu_was_asked_for() {
        let software = &machine()[1..];
        assert_eq!(chosen(&listed(software, Wish::Auto, Software::Refused, None)), [true, false]);
        assert_eq!(chosen(&listed(software, Wish::Gpu, Software::Refused, None)), [false, false]);
        assert_eq!(chosen(&listed(software, Wish::Auto, Software::Allowed, None)), [false, true]);
        let none = listed(&[], Wish::Gpu, Software::Refused, Some("no driver".to_owned()));
        assert_eq!(none[0].reason.as_deref(), Some("no driver"));
    }
}
