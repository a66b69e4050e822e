//! Which of the adapters that drivers offer is a GPU to run networks on.

use std::fmt;

use serde::Serialize;

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The processor, by our own code.
    Cpu,
    /// A GPU with memory of its own.
    DiscreteGpu,
    /// A GPU that shares the processor's memory.
    IntegratedGpu,
    /// A part of a GPU, lent to a virtual machine.
    VirtualGpu,
    /// A program that plays GPU on the processor.
    Software,
    /// The driver does not say.
    Unknown,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cpu => "processor",
            Self::DiscreteGpu => "discrete GPU",
            Self::IntegratedGpu => "integrated GPU",
            Self::VirtualGpu => "virtual GPU",
            Self::Software => "software rasteriser",
            Self::Unknown => "adapter of unknown kind",
        })
    }
}

/// How a device is talked to, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(feature = "gpu"), expect(dead_code, reason = "no adapter is ever found"))]
pub(super) enum Api {
    Vulkan,
    Metal,
    Dx12,
    OpenGl,
}

impl Api {
    pub fn name(self) -> &'static str {
        match self {
            Self::Vulkan => "Vulkan",
            Self::Metal => "Metal",
            Self::Dx12 => "DirectX 12",
            Self::OpenGl => "OpenGL",
        }
    }
}

/// One adapter, as its driver describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Adapter {
    pub name: String,
    pub kind: Kind,
    pub api: Api,
    pub driver: String,
}

impl Adapter {
    /// Its name on screens and in results: `NVIDIA H100 (Vulkan)`.
    pub fn words(&self) -> String {
        format!("{} ({})", self.name, self.api.name())
    }

    /// Why networks never run on it, if so.
    pub fn unfit(&self, software: Software) -> Option<&'static str> {
        if self.api == Api::OpenGl {
            return Some("networks need Vulkan, Metal or DirectX 12");
        }
        match self.kind {
            Kind::DiscreteGpu | Kind::IntegratedGpu | Kind::VirtualGpu => None,
            Kind::Software if software == Software::Allowed => None,
            Kind::Software | Kind::Cpu => {
                Some("a software rasteriser is no GPU: the CPU's own code is many times faster")
            }
            Kind::Unknown => Some("its driver does not say that it is a GPU"),
        }
    }

    /// Smaller is better.
    fn rank(&self) -> (u8, Api) {
        let kind = match self.kind {
            Kind::DiscreteGpu => 0,
            Kind::IntegratedGpu => 1,
            Kind::VirtualGpu => 2,
            Kind::Software | Kind::Unknown | Kind::Cpu => 3,
        };
        (kind, self.api)
    }
}

/// Whether a software rasteriser counts as a GPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Software {
    Refused,
    /// For tests of the way over the GPU where there is none.
    Allowed,
}

impl Software {
    /// Allowed by `UNRAVEL_TEST_SOFTWARE_GPU=1` alone.
    pub fn by_environment() -> Self {
        let allowed = std::env::var_os("UNRAVEL_TEST_SOFTWARE_GPU").is_some_and(|value| value == "1");
        if allowed { Self::Allowed } else { Self::Refused }
    }
}

/// Index of the adapter that networks would run on: the first of the best.
pub(super) fn best<'a>(adapters: impl IntoIterator<Item = &'a Adapter>, software: Software) -> Option<usize> {
    let fit = adapters.into_iter().enumerate().filter(|(_, adapter)| adapter.unfit(software).is_none());
    fit.min_by_key(|(_, adapter)| adapter.rank()).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adapter(name: &str, kind: Kind, api: Api) -> Adapter {
        Adapter { name: name.to_owned(), kind, api, driver: String::new() }
    }

    #[test]
    fn the_strongest_gpu_is_taken_and_the_first_of_equals() {
        let found = [
            adapter("llvmpipe", Kind::Software, Api::Vulkan),
            adapter("A", Kind::IntegratedGpu, Api::Vulkan),
            adapter("B", Kind::DiscreteGpu, Api::Dx12),
            adapter("B", Kind::DiscreteGpu, Api::Vulkan),
            adapter("C", Kind::DiscreteGpu, Api::Vulkan),
        ];
        assert_eq!(best(&found, Software::Refused), Some(3));
        assert_eq!(best(&found[..2], Software::Refused), Some(1));
    }

    #[test]
    fn neither_software_nor_opengl_nor_the_unknown_is_a_gpu() {
        let found = [
            adapter("llvmpipe", Kind::Software, Api::Vulkan),
            adapter("NVIDIA", Kind::DiscreteGpu, Api::OpenGl),
            adapter("what?", Kind::Unknown, Api::Vulkan),
        ];
        assert_eq!(best(&found, Software::Refused), None);
        assert!(found.iter().all(|adapter| adapter.unfit(Software::Refused).is_some()));
        assert_eq!(best(&found, Software::Allowed), Some(0));
    }
}
