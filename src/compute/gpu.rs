//! GPUs by wgpu: which there are, and opening one as burn's device.

use std::sync::{Mutex, OnceLock, PoisonError};

use burn::cubecl::future::block_on;
use burn::tensor::Device;
use burn::tensor::wgpu::{WgpuSetup, wgpu};

use super::adapter::{Adapter, Api, Kind, Software, best};
use super::error::one_line;
use super::guard::caught;
use super::owner::{Missing, Opened, Opener};
use super::tuning;

/// Loaders of drivers crash when several threads come and go at once.
static DOOR: Mutex<()> = Mutex::new(());

/// What networks can run on. OpenGL's shaders are too weak.
const APIS: wgpu::Backends = wgpu::Backends::VULKAN.union(wgpu::Backends::METAL).union(wgpu::Backends::DX12);

/// Every adapter, OpenGL's included.
pub(super) fn list() -> Result<Vec<Adapter>, String> {
    let _door = DOOR.lock().unwrap_or_else(PoisonError::into_inner);
    caught(|| {
        let mut all = found(instance(), APIS);
        let opengl = wgpu::Backends::GL;
        all.extend(found(&new_instance(opengl), opengl));
        all.into_iter().map(|(words, _)| words).collect()
    })
}

/// Opens the best GPU, with a device of its own each time: burn refuses the same selector a second time, so devices are
/// made here and handed over.
pub(super) fn opener() -> Opener {
    Box::new(|| {
        let _door = DOOR.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = |why| Err(Missing::Faulty(format!("looking for a GPU failed ({why})")));
        caught(open).unwrap_or_else(failed).map(|(opened, _)| opened)
    })
}

fn open() -> Result<(Opened, wgpu::Device), Missing> {
    tuning::keep_on_disk();
    let software = Software::by_environment();
    if software == Software::Refused && !has_nodes() {
        return Err(Missing::Absent("this machine shows none in /dev".to_owned()));
    }
    let mut adapters = found(instance(), APIS);
    let Some(index) = best(adapters.iter().map(|(words, _)| words), software) else {
        let all: Vec<String> = adapters.iter().map(|(words, _)| words.words()).collect();
        let there = if all.is_empty() { String::new() } else { format!(", only {}", all.join(", ")) };
        return Err(Missing::Absent(format!("no driver for Vulkan, Metal or DirectX 12 offers one{there}")));
    };
    let (words, adapter) = adapters.swap_remove(index);
    let name = words.words();
    let faulty = |why: String| Missing::Faulty(format!("{name} cannot be opened ({})", one_line(&why)));
    // What burn asks for itself, but for the experimental features, which need unsafe code and which it does not use.
    let unwanted = wgpu::Features::MAPPABLE_PRIMARY_BUFFERS | wgpu::Features::all_experimental_mask();
    let (device, queue) = block_on(adapter.request_device(&wgpu::DeviceDescriptor {
        required_features: adapter.features().difference(unwanted),
        required_limits: adapter.limits(),
        memory_hints: wgpu::MemoryHints::MemoryUsage,
        ..wgpu::DeviceDescriptor::default()
    }))
    .map_err(|error| faulty(error.to_string()))?;
    let backend = adapter.get_info().backend;
    let setup = WgpuSetup { instance: instance().clone(), adapter, device: device.clone(), queue, backend };
    let burns = Device::wgpu_options().setup(setup).init().map_err(|error| faulty(error.to_string()))?;
    let own = burns.clone();
    let pulse = move || match caught(|| own.sync()) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(one_line(&error.to_string())),
        Err(panic) => Err(panic),
    };
    Ok((Opened { device: burns, name, pulse: Box::new(pulse) }, device))
}

/// Whether the system shows a GPU. Where it shows none, drivers would find nothing but rasterisers, after a while and
/// with words of their own on the terminal.
fn has_nodes() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let Ok(entries) = std::fs::read_dir("/dev") else { return true };
    let known = ["dri", "dxg", "nvidia", "nvhost", "mali", "kgsl"];
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        known.iter().any(|known| name.to_string_lossy().starts_with(known))
    })
}

/// The instance that devices come from. It is never dropped: a device may outlive whoever opened it.
fn instance() -> &'static wgpu::Instance {
    static INSTANCE: OnceLock<wgpu::Instance> = OnceLock::new();
    INSTANCE.get_or_init(|| new_instance(APIS))
}

fn new_instance(backends: wgpu::Backends) -> wgpu::Instance {
    wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    })
}

fn found(instance: &wgpu::Instance, backends: wgpu::Backends) -> Vec<(Adapter, wgpu::Adapter)> {
    let all = block_on(instance.enumerate_adapters(backends));
    all.into_iter().filter_map(|adapter| Some((described(&adapter.get_info())?, adapter))).collect()
}

fn described(info: &wgpu::AdapterInfo) -> Option<Adapter> {
    let api = match info.backend {
        wgpu::Backend::Vulkan => Api::Vulkan,
        wgpu::Backend::Metal => Api::Metal,
        wgpu::Backend::Dx12 => Api::Dx12,
        wgpu::Backend::Gl => Api::OpenGl,
        wgpu::Backend::Noop | wgpu::Backend::BrowserWebGpu => return None,
    };
    let kind = match info.device_type {
        wgpu::DeviceType::DiscreteGpu => Kind::DiscreteGpu,
        wgpu::DeviceType::IntegratedGpu => Kind::IntegratedGpu,
        wgpu::DeviceType::VirtualGpu => Kind::VirtualGpu,
        wgpu::DeviceType::Cpu => Kind::Software,
        wgpu::DeviceType::Other => Kind::Unknown,
    };
    let driver = one_line(&format!("{} {}", info.driver, info.driver_info));
    Some(Adapter { name: one_line(&info.name), kind, api, driver })
}

#[cfg(test)]
mod tests {
    use burn::tensor::Tensor;

    use super::*;

    fn five(device: &Device) -> Result<f32, String> {
        let sum = caught(|| Tensor::<1>::from_floats([2.0, 3.0], device).sum().try_into_vec_as::<f32>())?;
        Ok(sum.map_err(|error| error.to_string())?[0])
    }

    /// `UNRAVEL_TEST_SOFTWARE_GPU=1 cargo test --release --lib compute -- --ignored --nocapture`
    #[test]
    #[ignore = "needs a GPU or a software rasteriser"]
    fn a_lost_device_is_noticed_and_another_one_works_in_the_same_program() {
        let (first, wgpu_device) = open().map_err(|missing| format!("{missing:?}")).unwrap();
        assert_eq!(five(&first.device), Ok(5.0));
        assert_eq!((first.pulse)(), Ok(()));
        wgpu_device.destroy();
        let failed = five(&first.device);
        println!("after the loss: {failed:?}, {:?}", (first.pulse)());
        assert!(failed.is_err() && (first.pulse)().is_err());
        let (second, _) = open().map_err(|missing| format!("{missing:?}")).unwrap();
        assert_eq!(five(&second.device), Ok(5.0));
        assert_eq!((second.pulse)(), Ok(()));
    }
}
