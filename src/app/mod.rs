//! Floor 7: the window.
//!
//! `app` owns the session, the jobs and what the window looks like, and draws the panels around each other. A panel
//! (one file each in `panels/`) gets a `View` of everything to read, its own small state, and returns
//! `Wish`es; `grant` fulfils them, `act` does what actions stand for. `work` holds what runs in the background and takes its results in; `derived`
//! keeps prepared spectra. `actions` lists everything a user can do, `theme` every colour, `plot/` draws curves.

mod act;
mod actions;
#[expect(clippy::module_inception, reason = "the floor is named after the thing that runs")]
mod app;
mod derived;
mod dialogs;
mod export;
mod grant;
mod notices;
mod overlays;
mod panels;
mod params;
pub mod plot;
mod preview;
mod samples;
mod screen;
mod start;
#[cfg(test)]
mod testing;
mod theme;
mod view;
mod widgets;
mod wish;
mod work;

pub use app::{App, Options};
pub use start::run;
pub use work::Folders;
