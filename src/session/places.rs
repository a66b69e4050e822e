//! Where the program keeps things of its own, as each system wants it.

use std::ffi::OsString;
use std::path::PathBuf;

/// Folder for autosaves, recent files and settings: `UNRAVEL_STATE_DIR`, or the system's own. `None` where the system
/// names no home.
pub fn state_folder() -> Option<PathBuf> {
    find(&STATE, &|name| std::env::var_os(name))
}

/// Folder for the user's own library: `UNRAVEL_DATA_DIR`, or the system's own. `None` where the system names no home.
pub fn data_folder() -> Option<PathBuf> {
    find(&DATA, &|name| std::env::var_os(name))
}

/// How to find one folder: a variable that says it outright, then a base and the way down from there, in order.
struct Place {
    outright: &'static str,
    bases: &'static [(&'static str, &'static [&'static str])],
}

const STATE: Place = Place {
    outright: "UNRAVEL_STATE_DIR",
    bases: if cfg!(windows) {
        &[("LOCALAPPDATA", &["Unravel"]), ("USERPROFILE", &["AppData", "Local", "Unravel"])]
    } else if cfg!(target_os = "macos") {
        &[("HOME", &["Library", "Application Support", "Unravel"])]
    } else {
        &[("XDG_STATE_HOME", &["unravel"]), ("HOME", &[".local", "state", "unravel"])]
    },
};

const DATA: Place = Place {
    outright: "UNRAVEL_DATA_DIR",
    bases: if cfg!(windows) {
        &[("APPDATA", &["Unravel"]), ("USERPROFILE", &["AppData", "Roaming", "Unravel"])]
    } else if cfg!(target_os = "macos") {
        &[("HOME", &["Library", "Application Support", "Unravel"])]
    } else {
        &[("XDG_DATA_HOME", &["unravel"]), ("HOME", &[".local", "share", "unravel"])]
    },
};

fn find(place: &Place, variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    folder(place.outright).or_else(|| {
        place.bases.iter().find_map(|(base, way)| {
            // A relative base is to be ignored, says the XDG specification.
            let base = folder(base).filter(|path| path.is_absolute())?;
            Some(way.iter().fold(base, |path, part| path.join(part)))
        })
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_variable_wins_and_relative_bases_do_not_count() {
        let found = |place: &Place, set: &[(&str, &str)]| {
            find(place, &|name| set.iter().find(|(n, _)| *n == name).map(|(_, v)| OsString::from(v)))
        };
        let home = ("HOME", "/home/ada");
        assert_eq!(found(&STATE, &[home]), Some("/home/ada/.local/state/unravel".into()));
        assert_eq!(found(&DATA, &[home]), Some("/home/ada/.local/share/unravel".into()));
        assert_eq!(found(&STATE, &[home, ("XDG_STATE_HOME", "/s")]), Some("/s/unravel".into()));
        assert_eq!(found(&DATA, &[home, ("XDG_DATA_HOME", "d")]), found(&DATA, &[home]));
        assert_eq!(found(&DATA, &[home, ("UNRAVEL_DATA_DIR", "d")]), Some("d".into()));
        assert_eq!(found(&STATE, &[("UNRAVEL_STATE_DIR", "")]), None);
    }
}
