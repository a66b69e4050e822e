//! Opening the window: which painter, which display, and what is said when there is none.

use std::path::PathBuf;
use std::process::ExitCode;

use eframe::egui::{IconData, ViewportBuilder};
use eframe::{NativeOptions, Renderer};

use super::app::{App, Options};

/// Smallest window in which nothing is clipped.
const LEAST: [f32; 2] = [900.0, 600.0];
/// Size of the first window.
const FIRST: [f32; 2] = [1_280.0, 800.0];
/// Name of the folder for the window's own settings, and of the desktop file that the window belongs to.
const APP_ID: &str = "unravel";
/// Drawn by `packaging/icons.py`.
const ICON: &[u8] = include_bytes!("../../assets/icon/unravel-128.png");

/// Opens the window with these files.
pub fn run(files: &[PathBuf]) -> ExitCode {
    let mut last = None;
    for renderer in renderers() {
        let files = files.to_vec();
        let result = eframe::run_native(
            APP_ID,
            native(renderer),
            Box::new(move |context| {
                let options = Options { files, ..Options::desktop(context.storage) };
                Ok(Box::new(App::new(&context.egui_ctx, options)?))
            }),
        );
        match result {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => {
                // Without a display no other painter helps, and the reason must not be hidden by the next failure.
                let no_display = matches!(error, eframe::Error::WinitEventLoop(_));
                last = Some(error);
                if no_display {
                    break;
                }
            }
        }
    }
    if let Some(error) = last {
        eprintln!("unravel: no window can be opened: {error}");
        eprintln!(
            "unravel: a display is needed (DISPLAY or WAYLAND_DISPLAY) with OpenGL or Vulkan; without one, `unravel --help` lists the commands that need no window"
        );
    }
    ExitCode::from(1)
}

/// Painters in the order they are tried. On Linux OpenGL first: it starts sooner, and three times faster than a software
/// Vulkan where there is no GPU. Elsewhere the system's own API first.
fn renderers() -> [Renderer; 2] {
    let wanted = std::env::var("UNRAVEL_RENDERER").ok().and_then(|name| name.parse().ok());
    match wanted {
        Some(Renderer::Wgpu) => [Renderer::Wgpu, Renderer::Glow],
        None if !cfg!(target_os = "linux") => [Renderer::Wgpu, Renderer::Glow],
        _ => [Renderer::Glow, Renderer::Wgpu],
    }
}

fn native(renderer: Renderer) -> NativeOptions {
    let viewport = ViewportBuilder::default()
        .with_title("Unravel")
        .with_app_id(APP_ID)
        .with_inner_size(FIRST)
        .with_min_inner_size(LEAST)
        .with_icon(icon())
        .with_drag_and_drop(true);
    let options = NativeOptions { viewport, renderer, ..NativeOptions::default() };
    #[cfg(target_os = "linux")]
    let options = prefer_x11(options);
    options
}

/// Files can be dropped into windows of X11 only (winit 0.30 has no code for drops under Wayland).
#[cfg(target_os = "linux")]
fn prefer_x11(mut options: NativeOptions) -> NativeOptions {
    use winit::platform::x11::EventLoopBuilderExtX11 as _;
    if x11_exists() {
        options.event_loop_builder = Some(Box::new(|builder| {
            builder.with_x11();
        }));
    }
    options
}

/// Whether there is an X server, Xwayland included.
fn x11_exists() -> bool {
    std::env::var_os("DISPLAY").is_some_and(|display| !display.is_empty())
}

/// Whether files dropped into the window can arrive.
pub fn drops_arrive() -> bool {
    let wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|display| !display.is_empty());
    !cfg!(target_os = "linux") || x11_exists() || !wayland
}

/// The icon of the program; a window without one is better than no window.
fn icon() -> IconData {
    eframe::icon_data::from_png_bytes(ICON).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_of_the_window_is_a_square_that_can_be_decoded() {
        let icon = icon();
        assert_eq!((icon.width, icon.height, icon.rgba.len()), (128, 128, 128 * 128 * 4));
        assert_eq!(icon.rgba[3], 0, "corners are round");
    }
}
