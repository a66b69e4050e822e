//! The methods of `--method` with the settings of `--setting`, whichever registry they come from.

use super::super::Usage;
use crate::methods::recovery::{Recovery, find_recovery, recoveries};
use crate::methods::{Method, MethodError, MethodInfo, Settings, find, methods};

/// One method with its settings.
pub struct Chosen<M: ?Sized + 'static> {
    pub method: &'static M,
    pub settings: Settings,
}

/// Methods that a command chooses among.
pub trait Choice: 'static {
    /// A value of `--setting`, for errors.
    const EXAMPLE: &'static str;
    /// Says everything about a method.
    fn info(&self) -> &'static MethodInfo;
    /// The method of this id.
    fn named(id: &str) -> Result<&'static Self, MethodError>;
    /// What `all` stands for; the first is what a user gets who names none.
    fn all() -> Vec<&'static Self>;
}

impl Choice for dyn Method {
    const EXAMPLE: &'static str = "nnomp.cosines=8";

    fn info(&self) -> &'static MethodInfo {
        Method::info(self)
    }

    fn named(id: &str) -> Result<&'static Self, MethodError> {
        find(id)
    }

    fn all() -> Vec<&'static Self> {
        methods().iter().copied().filter(|method| method.usual()).collect()
    }
}

impl Choice for dyn Recovery {
    const EXAMPLE: &'static str = "mem.poles=0.3";

    fn info(&self) -> &'static MethodInfo {
        Recovery::info(self)
    }

    fn named(id: &str) -> Result<&'static Self, MethodError> {
        find_recovery(id)
    }

    fn all() -> Vec<&'static Self> {
        recoveries().to_vec()
    }
}

/// The methods named, each once, in the order given; `all` stands for all of them, none for the first.
pub fn chosen<M: Choice + ?Sized>(names: &[String]) -> Result<Vec<Chosen<M>>, Usage> {
    let mut list: Vec<Chosen<M>> = Vec::new();
    let mut add = |method: &'static M| {
        if list.iter().all(|have| have.method.info().id != method.info().id) {
            list.push(Chosen { method, settings: Settings::default() });
        }
    };
    for name in names {
        if name.trim().eq_ignore_ascii_case("all") {
            M::all().into_iter().for_each(&mut add);
        } else {
            add(M::named(name)?);
        }
    }
    if names.is_empty() {
        M::all().into_iter().take(1).for_each(&mut add);
    }
    Ok(list)
}

/// `method.setting=value` for one of the methods chosen.
pub fn set<M: Choice + ?Sized>(chosen: &mut [Chosen<M>], text: &str) -> Result<(), Usage> {
    let parts = text.split_once('=').and_then(|(key, value)| Some((key.split_once('.')?, value)));
    let Some(((method, setting), value)) = parts else {
        let example = M::EXAMPLE;
        return Err(Usage(format!("--setting {text}: expected method.setting=value, for example {example}")));
    };
    let info = M::named(method)?.info();
    let Some(chosen) = chosen.iter_mut().find(|c| c.method.info().id == info.id) else {
        return Err(Usage(format!("--setting {text}: {} is not among the methods of --method", info.id)));
    };
    chosen.settings = std::mem::take(&mut chosen.settings).with_text(info, setting, value)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids<M: Choice + ?Sized>(names: &[&str]) -> Vec<&'static str> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let chosen = chosen::<M>(&names).map_err(|e| e.0).unwrap();
        chosen.iter().map(|c| c.method.info().id).collect()
    }

    #[test]
    fn methods_are_taken_once_in_their_order_and_none_named_is_the_first() {
        assert_eq!(ids::<dyn Method>(&["nnls", "NNOMP", "nnls"]), ["nnls", "nnomp"]);
        assert_eq!(ids::<dyn Method>(&[]), ids::<dyn Method>(&["All"])[..1]);
        assert_eq!(ids::<dyn Recovery>(&["mem", "all"])[..2], ["mem", recoveries()[0].info().id]);
        assert!(chosen::<dyn Recovery>(&["nnls".to_owned()]).is_err());
    }

    #[test]
    fn a_setting_belongs_to_a_method_that_was_chosen() {
        let mut methods = chosen::<dyn Recovery>(&["mem".to_owned()]).map_err(|e| e.0).unwrap();
        assert!(set(&mut methods, "mem.poles=0.3").is_ok());
        let refused = |methods: &mut [Chosen<dyn Recovery>], text: &str| set(methods, text).unwrap_err().0;
        assert!(refused(&mut methods, "poles=0.3").contains("for example mem.poles=0.3"));
        assert!(refused(&mut methods, "kk.scale=true").contains("kk is not among the methods"));
    }
}
