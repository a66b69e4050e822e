//! Species that a request fixes and excludes, with every method there is.

use super::testing::{LINES, axis, curve, fitting, library, mixed};
use super::{Components, MethodError, Outcome, References, Request, Unwatched, find, methods};
use crate::library::Facts;
use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

fn names(outcome: &Outcome) -> Vec<&str> {
    outcome.components.iter().map(|c| c.name.as_str()).collect()
}

/// The answer of one method with these species fixed and excluded.
fn wished(
    id: &str,
    components: Components,
    fixed: &[&str],
    excluded: &[&str],
) -> Result<Outcome, MethodError> {
    let references = References::new(&library(""), &axis())?;
    let mixture = mixed();
    let request = Request::new(&mixture, Some(&references))
        .with_components(components)
        .with_fixed(fixed.iter().copied())
        .with_excluded(excluded.iter().copied());
    find(id)?.run(&request, &Unwatched)
}

#[test]
fn no_method_answers_with_an_excluded_species() {
    for method in methods() {
        for components in [Components::Auto, Components::Exactly(2)] {
            let outcome = wished(method.id(), components, &[], &[" quartz", "Gypsum"]).unwrap();
            if method.info().needs_library {
                assert_eq!(names(&outcome)[0], "Calcite", "{}", method.id());
            }
            for component in &outcome.components {
                let others = component.alternatives.iter().map(|a| a.species.as_str());
                let all: Vec<&str> = others.chain([component.name.as_str()]).collect();
                assert!(!all.contains(&"Quartz") && !all.contains(&"Gypsum"), "{} {all:?}", method.id());
                assert!(component.entries.iter().all(|e| !e.name.starts_with("Quartz")));
            }
            assert!(
                outcome.notes.iter().any(|n| n == "excluded as asked: Quartz, Gypsum"),
                "{:?}",
                outcome.notes
            );
        }
    }
}

#[test]
fn every_method_keeps_a_fixed_species_that_fits_at_all() {
    for method in methods() {
        let id = method.id();
        // Alone it would be calcite, and quartz the second.
        let one = wished(id, Components::Exactly(1), &["QUARTZ"], &[]).unwrap();
        assert_eq!(names(&one), ["Quartz"], "{id}");
        let auto = wished(id, Components::Auto, &["Calcite", "Quartz"], &["Urea"]).unwrap();
        assert!(["Calcite", "Quartz"].iter().all(|name| names(&auto).contains(name)), "{id}");
        assert!(auto.notes.iter().any(|n| n == "fixed as asked: Calcite, Quartz"), "{id}: {:?}", auto.notes);
    }
}

#[test]
fn what_a_fit_finds_anyway_stays_as_it_is_when_it_is_fixed() {
    for method in fitting() {
        let id = method.id();
        let two = wished(id, Components::Exactly(2), &["quartz", "Quartz "], &[]).unwrap();
        assert_eq!(names(&two), ["Calcite", "Quartz"], "{id}");
        let free = wished(id, Components::Exactly(2), &[], &[]).unwrap();
        assert!((two.components[1].share - free.components[1].share).abs() < 0.01, "{id}");
        assert!(two.notes.iter().any(|n| n == "fixed as asked: Quartz"), "{id}: {:?}", two.notes);
        assert_eq!(two.components[1].confidence, None, "{id}: it was not for the method to judge");
        let auto = wished(id, Components::Auto, &["Calcite", "Quartz"], &["Urea"]).unwrap();
        assert_eq!(names(&auto)[..2], ["Calcite", "Quartz"], "{id}");
    }
}

#[test]
fn a_trace_below_every_limit_is_an_answer_once_it_is_fixed() {
    let urea = curve(LINES[5].2);
    let ordinary = mixed();
    // Four counts of urea under noise of three: each method alone leaves it out.
    let y: Vec<f32> = ordinary.y().iter().zip(&urea).map(|(y, v)| y + 4.0 * v).collect();
    let mixture = Spectrum::new(axis(), y, Metadata::default()).unwrap();
    let references = References::new(&library(""), &axis()).unwrap();
    for method in fitting() {
        let plain = Request::new(&mixture, Some(&references)).with_components(Components::Auto);
        let without = method.run(&plain, &Unwatched).unwrap();
        assert!(!names(&without).contains(&"Urea"), "{}", method.id());
        let with = method.run(&plain.with_fixed(["Urea"]), &Unwatched).unwrap();
        assert!(names(&with).contains(&"Urea"), "{} {:?}", method.id(), names(&with));
        assert_eq!(names(&with)[..2], ["Calcite", "Quartz"], "{}", method.id());
    }
}

#[test]
fn a_fixed_species_without_a_positive_amount_is_left_out_with_a_note() {
    let mut library = library("");
    let upside_down: Vec<f32> = curve(LINES[0].2).iter().map(|v| 1.0 - v).collect();
    let spectrum = Spectrum::new(axis(), upside_down, Metadata::default()).unwrap();
    library.add(Facts::named("Holes"), spectrum);
    let references = References::new(&library, &axis()).unwrap();
    let mixture = mixed();
    for method in fitting() {
        for components in [Components::Auto, Components::Exactly(2), Components::Exactly(1)] {
            let request = Request::new(&mixture, Some(&references)).with_components(components);
            let outcome = method.run(&request.with_fixed(["Holes"]), &Unwatched).unwrap();
            assert_eq!(names(&outcome)[0], "Calcite", "{} {components:?}", method.id());
            assert!(!names(&outcome).contains(&"Holes"), "{}", method.id());
            let said = outcome.notes.iter().any(|n| n.contains("no positive amount") && n.contains("Holes"));
            assert!(said, "{} {:?}", method.id(), outcome.notes);
        }
    }
}

#[test]
fn wishes_that_contradict_themselves_or_the_library_are_refused_with_a_sentence() {
    for method in methods() {
        let said = |components, fixed: &[&str], excluded: &[&str]| {
            wished(method.id(), components, fixed, excluded).unwrap_err().to_string()
        };
        let unknown = said(Components::Auto, &["Quarz"], &[]);
        assert!(unknown.contains("did you mean 'Quartz'") && unknown.contains("'test'"), "{unknown}");
        assert!(said(Components::Auto, &[], &["Quarz"]).contains("did you mean 'Quartz'"));
        let both = said(Components::Auto, &["Quartz"], &["quartz"]);
        assert_eq!(both, "'quartz' is both fixed and excluded: choose one of the two");
        let more = said(Components::Exactly(1), &["Quartz", "Urea"], &[]);
        assert!(
            more.contains("1 components") && more.contains("2 species are fixed: Quartz, Urea"),
            "{more}"
        );
        let fewer = said(Components::Exactly(4), &[], &["Quartz", "Urea"]);
        assert!(fewer.contains("3 species"), "{fewer}");
        let none = said(Components::Auto, &[], &["Quartz", "Urea", "Calcite", "Gypsum", "Anatase"]);
        assert!(none.contains("all 5 species"), "{none}");
    }
}

#[test]
fn what_has_no_data_here_may_be_excluded_but_not_fixed() {
    let mut library = library("");
    let far = Axis::even(AxisKind::RamanShift, 2000.0, 3000.0, 100).unwrap();
    let y: Vec<f32> = (0..100_u16).map(f32::from).collect();
    library.add(Facts::named("Far"), Spectrum::new(far, y, Metadata::default()).unwrap());
    let references = References::new(&library, &axis()).unwrap();
    let mixture = mixed();
    let request = Request::new(&mixture, Some(&references));
    let nnomp = find("nnomp").unwrap();
    assert!(nnomp.run(&request.clone().with_excluded(["far"]), &Unwatched).is_ok());
    let refused = nnomp.run(&request.with_fixed(["far"]), &Unwatched).unwrap_err().to_string();
    assert!(refused.contains("'far' cannot be fixed") && refused.contains("2000 to 3000"), "{refused}");
}
