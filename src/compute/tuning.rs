//! Where cubecl keeps which of its kernels are fastest on this GPU: finding out takes up to minutes, once.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Once;

use burn::cubecl::config::cache::CacheConfig;
use burn::cubecl::config::environment::EnvironmentConfig;
use burn::cubecl::config::{CubeClRuntimeConfig, RuntimeConfig as _};
use burn::cubecl::environment;

/// Tells cubecl, before its first device, to keep what it tunes in the user's cache folder; by itself it would use the
/// folder the program happens to be started in. Its own environment variables still count.
pub(super) fn keep_on_disk() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let Some(folder) = folder(&|name| std::env::var_os(name)) else { return };
        let path = CacheConfig::Directory(folder.clone());
        let environment = EnvironmentConfig { path, ..EnvironmentConfig::default() };
        let config = CubeClRuntimeConfig { environment, ..CubeClRuntimeConfig::default() };
        if !CubeClRuntimeConfig::try_set(config.override_from_env()) {
            environment::set_root(folder);
        }
    });
}

/// `UNRAVEL_CACHE_DIR`, or the folder the system has for such things, and in it `tuning`. `None` where the system names
/// no home.
fn folder(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let path = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    // A relative base is to be ignored, says the XDG specification.
    let base = |name: &str| path(name).filter(|path| path.is_absolute());
    let caches = path("UNRAVEL_CACHE_DIR").or_else(|| {
        if cfg!(windows) {
            Some(base("LOCALAPPDATA")?.join("Unravel").join("cache"))
        } else if cfg!(target_os = "macos") {
            Some(base("HOME")?.join("Library").join("Caches").join("Unravel"))
        } else {
            let own = base("XDG_CACHE_HOME").or_else(|| Some(base("HOME")?.join(".cache")));
            Some(own?.join("unravel"))
        }
    });
    Some(caches?.join("tuning"))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_tuned_is_kept_in_the_cache_folder_of_the_user() {
        let found = |set: &[(&str, &str)]| {
            folder(&|name| set.iter().find(|(n, _)| *n == name).map(|(_, v)| OsString::from(v)))
        };
        let home = ("HOME", "/home/ada");
        assert_eq!(found(&[home]), Some("/home/ada/.cache/unravel/tuning".into()));
        assert_eq!(found(&[home, ("XDG_CACHE_HOME", "/c")]), Some("/c/unravel/tuning".into()));
        assert_eq!(found(&[home, ("XDG_CACHE_HOME", "c")]), found(&[home]));
        assert_eq!(found(&[home, ("UNRAVEL_CACHE_DIR", "/own")]), Some("/own/tuning".into()));
        assert_eq!(found(&[]), None);
    }
}
