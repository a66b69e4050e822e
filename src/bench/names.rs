//! When two names mean one substance: spelling, and the other names of the substances in the mixture sets.

use crate::library::species_key;

/// Names of one substance each, as tables, libraries and label columns write them. Polymorphs and members of one
/// mineral group stand together where a mixture's label names the group.
const SYNONYMS: &[&[&str]] = &[
    &["olivine", "forsterite", "fayalite"],
    &["silica", "quartz", "sand", "silicon dioxide", "cristobalite", "tridymite"],
    &["zircon", "zirconium silicate"],
    &["kyanite", "disthene"],
    &["wollastonite", "calcium silicate"],
    &["alanine", "l alanine"],
    &["aspartic acid", "l aspartic acid", "aspartate"],
    &["glutamic acid", "l glutamic acid", "glutamate", "msg"],
    &["glucosamine", "glucosamine hcl", "glucosamine hydrochloride"],
    &["histidine", "l histidine"],
    &["asparagine", "l asparagine"],
    &["polyacrylamide", "poly acrylamide"],
    &["sodium acetate trihydrate", "sodium acetate"],
    &["sodium carbonate", "soda ash", "natrite", "natron"],
    &["ethanol", "ethyl alcohol"],
    &["methanol", "methyl alcohol"],
    &["2 propanol", "isopropanol", "isopropyl alcohol", "propan 2 ol"],
    &["1 butanol", "n butanol", "butanol", "butan 1 ol"],
    &["1 heptanol", "n heptanol", "heptanol", "heptan 1 ol"],
    &["n heptane", "heptane", "dipropylmethane"],
    &["n nonane", "nonane"],
    &["toluene", "methylbenzene"],
    &["dichloromethane", "methylene chloride"],
    &["1 2 dichloroethane", "dichloroethane", "ethylene dichloride"],
    &["acetonitrile", "methyl cyanide"],
    &["diglyme", "diethylene glycol dimethyl ether"],
    &["cyclohexane", "hexahydrobenzene"],
];

/// Formulas of the same substances where a library names its entries by formula (Raman Open Database).
const FORMULAS: &[(&str, &[&str])] = &[
    ("silica", &["o2 si"]),
    ("olivine", &["mg2 o4 si", "fe2 o4 si"]),
    ("zircon", &["o4 si zr"]),
    ("kyanite", &["al2 o5 si"]),
    ("wollastonite", &["ca o3 si"]),
    ("sodium carbonate", &["c na2 o3"]),
];

/// True when both names are of one species.
pub fn same_species(a: &str, b: &str) -> bool {
    species_key(a) == species_key(b)
}

/// Lower-case words, split at everything that is no letter or digit.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// A name and all its synonyms, as words.
fn all_names(name: &str) -> Vec<Vec<String>> {
    let own = words(name);
    let joined = own.join(" ");
    let group = SYNONYMS.iter().find(|group| group.contains(&joined.as_str()));
    let others = group.map(|group| group.iter().map(|n| words(n)).collect()).unwrap_or_default();
    std::iter::once(own).chain::<Vec<_>>(others).collect()
}

/// True when `other` is `name` or one of its synonyms, written in whichever way.
pub fn is_called(name: &str, other: &str) -> bool {
    let other = words(other);
    all_names(name).contains(&other)
}

/// True when `other` mentions the substance `name` under any of its names, or is its formula: `Sodium
/// Carbonate_Na2CO3` mentions sodium carbonate. Errs on the side of yes: a derivative counts as well.
pub fn mentions(other: &str, name: &str) -> bool {
    let theirs = words(other);
    let holds =
        |part: &Vec<String>| !part.is_empty() && theirs.windows(part.len()).any(|w| w == part.as_slice());
    let formula = theirs.join(" ");
    all_names(name).iter().any(holds)
        || FORMULAS.iter().any(|(of, formulas)| is_called(name, of) && formulas.contains(&formula.as_str()))
}

/// The one of `names` that a column header means: the same words, or one the beginning of the other
/// (`Glucosamine` and `glucosamine HCl`).
pub fn meant<'a>(header: &str, names: &'a [String]) -> Option<&'a String> {
    let wanted = words(header);
    if wanted.is_empty() {
        return None;
    }
    let exact = names.iter().find(|name| words(name) == wanted);
    exact.or_else(|| {
        names.iter().find(|name| {
            let theirs = words(name);
            !theirs.is_empty() && (theirs.starts_with(&wanted) || wanted.starts_with(&theirs))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_substance_is_recognised_under_its_other_names() {
        for (other, name) in [
            ("Sodium Carbonate_Na2CO3", "sodium carbonate"),
            ("l-alanine", "alanine"),
            ("Quartz_780nm", "silica"),
            ("O2 Si", "silica"),
            ("Forsterite", "olivine"),
            ("n-acetyl- d-glucosamine", "glucosamine HCl"),
            ("Polyacrylamide, carboxyl modified", "polyacrylamide"),
            ("l-glutamate", "glutamic acid"),
        ] {
            assert!(mentions(other, name), "{other} is {name}");
        }
        for (other, name) in [
            ("l-phenylalanine", "alanine"),
            ("Ca O3 Si", "silica"),
            ("Verdigrisraw_copper(II) ethanoate", "ethanol"),
            ("Silicon", "silica"),
            ("Poly(vinyl acetate)", "sodium acetate trihydrate"),
            ("", "ethanol"),
        ] {
            assert!(!mentions(other, name), "{other} is not {name}");
        }
        assert!(is_called("olivine", "Fayalite") && !is_called("olivine", "Forsterite R040018"));
    }

    #[test]
    fn headers_mean_pure_spectra_whatever_their_case_and_ending() {
        let names: Vec<String> = ["aspartic acid", "asparagine", "glucosamine HCl", "1,2-dichloroethane"]
            .map(String::from)
            .to_vec();
        assert_eq!(meant("Aspartic Acid", &names).map(String::as_str), Some("aspartic acid"));
        assert_eq!(meant("Glucosamine", &names).map(String::as_str), Some("glucosamine HCl"));
        assert_eq!(meant("1_2_dichloroethane", &names).map(String::as_str), Some("1,2-dichloroethane"));
        assert_eq!(meant("quality", &names), None);
        assert_eq!(meant("", &names), None);
    }
}
