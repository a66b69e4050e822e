//! Which components of different methods are the same substance: rows of the comparison, colours everywhere.

use crate::library::species_key;
use crate::methods::{Component, Outcome};
use crate::spectrum::metrics::cosine;

/// Components without a species are the same substance from this cosine of their spectra on.
const SAME_SHAPE: f64 = 0.9;

/// What one or several methods found. Its place in the list of [`align`] is its row and its colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Substance {
    /// Name for people.
    pub name: String,
    /// The species, unless no method names it.
    pub species: Option<String>,
    /// Who found it: id of the method and number of the component in its answer, in the order of the methods.
    pub members: Vec<(String, usize)>,
    /// Largest share of its members.
    pub share: f64,
}

impl Substance {
    /// Number of the component that this method found.
    #[must_use]
    pub fn component_of(&self, method: &str) -> Option<usize> {
        self.members.iter().find(|(id, _)| id == method).map(|(_, component)| *component)
    }
}

/// A substance while its members are gathered.
struct Row<'a> {
    substance: Substance,
    spectra: Vec<&'a [f32]>,
}

impl<'a> Row<'a> {
    fn of(method: &str, index: usize, component: &'a Component) -> Self {
        let mut row = Self {
            substance: Substance {
                name: component.name.clone(),
                species: component.species.clone(),
                members: Vec::new(),
                share: 0.0,
            },
            spectra: Vec::new(),
        };
        row.take(method, index, component);
        row
    }

    fn take(&mut self, method: &str, index: usize, component: &'a Component) {
        self.substance.members.push((method.to_owned(), index));
        self.substance.share = self.substance.share.max(component.share);
        self.spectra.push(&component.spectrum);
    }

    fn likeness(&self, component: &Component) -> f64 {
        let same_length = self.spectra.iter().filter(|s| s.len() == component.spectrum.len());
        same_length.map(|s| cosine(s, &component.spectrum)).fold(0.0, f64::max)
    }
}

/// All substances of these answers, given with the ids of their methods. First those that most methods found, then the
/// larger shares; substances without a name stand last. A substance has at most one component of each method.
#[must_use]
pub fn align(outcomes: &[(&str, &Outcome)]) -> Vec<Substance> {
    let mut rows: Vec<Row> = Vec::new();
    for (method, outcome) in outcomes {
        for (index, component) in outcome.components.iter().enumerate() {
            let Some(key) = component.species.as_deref().map(species_key) else { continue };
            let same = |row: &&mut Row| {
                row.substance.species.as_deref().map(species_key).as_ref() == Some(&key)
                    && row.substance.component_of(method).is_none()
            };
            match rows.iter_mut().find(same) {
                Some(row) => row.take(method, index, component),
                None => rows.push(Row::of(method, index, component)),
            }
        }
    }
    for (method, outcome) in outcomes {
        unnamed(&mut rows, method, outcome);
    }
    let mut substances: Vec<Substance> = rows.into_iter().map(|row| row.substance).collect();
    substances.sort_by(|a, b| {
        let last = |s: &Substance| s.species.is_none();
        (last(a).cmp(&last(b)))
            .then(b.members.len().cmp(&a.members.len()))
            .then(b.share.total_cmp(&a.share))
            .then_with(|| a.name.cmp(&b.name))
    });
    for substance in &mut substances {
        let place = |id: &str| outcomes.iter().position(|(method, _)| *method == id);
        substance.members.sort_by_key(|(id, component)| (place(id), *component));
    }
    substances
}

/// Puts the components of one method that have no species to the substances they look most like.
fn unnamed<'a>(rows: &mut Vec<Row<'a>>, method: &str, outcome: &'a Outcome) {
    let components = outcome.components.iter().enumerate().filter(|(_, c)| c.species.is_none());
    let mut open: Vec<(usize, &Component)> = components.collect();
    loop {
        let pairs = open.iter().enumerate().flat_map(|(at, (_, component))| {
            let free = rows.iter().enumerate().filter(|(_, r)| r.substance.component_of(method).is_none());
            free.map(move |(row, r)| (at, row, r.likeness(component)))
        });
        let best = pairs.filter(|(.., like)| *like > SAME_SHAPE).reduce(|a, b| if b.2 > a.2 { b } else { a });
        let Some((at, row, _)) = best else { break };
        let (index, component) = open.remove(at);
        rows[row].take(method, index, component);
    }
    rows.extend(open.into_iter().map(|(index, component)| Row::of(method, index, component)));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::methods::{Components, Settings, Unexplained};
    use crate::spectrum::{Axis, AxisKind, Metadata, Spectrum};

    fn component(species: Option<&str>, share: f64, peak: usize) -> Component {
        let spectrum = (0..20).map(|i| if i == peak { 1.0 } else { 0.01 }).collect();
        Component {
            name: species.unwrap_or("Component 1").to_owned(),
            species: species.map(str::to_owned),
            entries: Vec::new(),
            spectrum,
            library_part: None,
            share,
            confidence: None,
            alternatives: Vec::new(),
            uncertainty: None,
            unlisted: None,
        }
    }

    fn outcome(components: Vec<Component>) -> Outcome {
        let axis = Arc::new(Axis::even(AxisKind::RamanShift, 100.0, 119.0, 20).unwrap());
        Outcome {
            method: "m".into(),
            method_name: "M".into(),
            settings: Settings::default(),
            asked: Components::Auto,
            library: None,
            mixture: Spectrum::new(axis, vec![1.0; 20], Metadata::default()).unwrap(),
            components,
            concentrations: Vec::new(),
            cars: None,
            reconstruction: vec![0.0; 20],
            background: vec![0.0; 20],
            residual: vec![0.0; 20],
            unexplained: Unexplained::default(),
            diagnostics: Vec::new(),
            notes: Vec::new(),
            elapsed_ms: 1.0,
            device: String::new(),
        }
    }

    fn members(substance: &Substance) -> Vec<(&str, usize)> {
        substance.members.iter().map(|(id, n)| (id.as_str(), *n)).collect()
    }

    #[test]
    fn the_same_species_is_one_substance_and_what_most_methods_found_comes_first() {
        let a = outcome(vec![component(Some("Rutile"), 0.8, 3), component(Some("Quartz"), 0.2, 5)]);
        let b = outcome(vec![component(Some("quartz "), 0.6, 5), component(Some("Gypsum"), 0.4, 7)]);
        let found = align(&[("a", &a), ("b", &b)]);
        let names: Vec<&str> = found.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["Quartz", "Rutile", "Gypsum"]);
        assert_eq!(members(&found[0]), [("a", 1), ("b", 0)]);
        assert_eq!(found[0].component_of("b"), Some(0));
        assert_eq!(found[2].component_of("a"), None);
    }

    #[test]
    fn components_without_a_name_join_what_they_look_like() {
        let a = outcome(vec![component(Some("Quartz"), 0.2, 5)]);
        let b = outcome(vec![component(None, 0.5, 5), component(None, 0.5, 9)]);
        let c = outcome(vec![component(None, 0.9, 9)]);
        let found = align(&[("a", &a), ("b", &b), ("c", &c)]);
        assert_eq!(found.len(), 2);
        assert_eq!(members(&found[0]), [("a", 0), ("b", 0)]);
        assert_eq!(members(&found[1]), [("b", 1), ("c", 0)]);
        assert_eq!(found[1].species, None);
    }

    #[test]
    fn one_method_never_has_two_components_in_one_substance() {
        let a = outcome(vec![component(Some("Quartz"), 0.6, 5), component(Some("Quartz"), 0.4, 5)]);
        let found = align(&[("a", &a)]);
        assert_eq!(found.iter().map(members).collect::<Vec<_>>(), [vec![("a", 0)], vec![("a", 1)]]);
        assert!(align(&[]).is_empty());
    }
}
