//! The part of a library that a request is about: without the species it excludes, with those it fixes.

use std::ops::Deref;
use std::sync::Arc;

use crate::library::species_key;
use crate::process::suggestion;

use super::{Component, MethodError, References, Request};

/// The references of a request: no row belongs to a species that it excludes. Read it as [`References`].
#[derive(Debug)]
pub struct Selection<'a> {
    references: Lent<'a>,
    fixed: Vec<usize>,
    excluded: Vec<String>,
}

#[derive(Debug)]
enum Lent<'a> {
    Whole(&'a References),
    Part(Arc<References>),
}

impl Deref for Selection<'_> {
    type Target = References;

    fn deref(&self) -> &References {
        match &self.references {
            Lent::Whole(references) => references,
            Lent::Part(references) => references,
        }
    }
}

impl<'a> Selection<'a> {
    /// What the request fixes and excludes, found in the references.
    pub(super) fn new(request: &Request<'a>, references: &'a References) -> Result<Self, MethodError> {
        let fixed_keys: Vec<String> = request.fixed.iter().map(|name| species_key(name)).collect();
        if let Some(both) = request.excluded.iter().find(|name| fixed_keys.contains(&species_key(name))) {
            return Err(MethodError::FixedAndExcluded { species: both.trim().to_owned() });
        }
        let mut leave_out = Vec::new();
        for name in &request.excluded {
            match references.find_species(name) {
                Some(species) => leave_out.push(species),
                // What has no row here cannot be an answer anyway.
                None if references.left_out().iter().any(|l| l.species == species_key(name)) => {}
                None => return Err(unknown(references, name)),
            }
        }
        let name = |species: &usize| references.species().get(*species).map(ToString::to_string);
        leave_out.sort_unstable();
        leave_out.dedup();
        let excluded = leave_out.iter().filter_map(name).collect();
        let lent = match leave_out.as_slice() {
            [] => Lent::Whole(references),
            some => Lent::Part(references.without(some)?),
        };
        let mut selection = Self { references: lent, fixed: Vec::new(), excluded };
        for name in &request.fixed {
            let species = selection.find_species(name).ok_or_else(|| not_here(references, name))?;
            selection.fixed.push(species);
        }
        selection.fixed.sort_unstable();
        selection.fixed.dedup();
        Ok(selection)
    }

    /// Species that shall be part of the answer wherever a positive amount of them fits: indices into
    /// [`References::species`], rising.
    #[must_use]
    pub fn fixed(&self) -> &[usize] {
        &self.fixed
    }

    /// Names of the fixed species.
    pub(super) fn fixed_names(&self) -> Vec<String> {
        self.fixed.iter().filter_map(|s| self.species().get(*s)).map(ToString::to_string).collect()
    }

    /// What an outcome with these components says about the wishes.
    pub(super) fn notes(&self, components: &[Component]) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.excluded.is_empty() {
            notes.push(format!("excluded as asked: {}", self.excluded.join(", ")));
        }
        let found = |name: &String| components.iter().any(|c| c.species.as_ref() == Some(name));
        let (there, absent): (Vec<String>, Vec<String>) = self.fixed_names().into_iter().partition(found);
        if !there.is_empty() {
            notes.push(format!("fixed as asked: {}", there.join(", ")));
        }
        if !absent.is_empty() {
            notes.push(format!(
                "fixed, but no positive amount of it fits beside the others: {}",
                absent.join(", ")
            ));
        }
        notes
    }
}

fn unknown(references: &References, name: &str) -> MethodError {
    let names = references.species().iter().map(|s| &**s);
    MethodError::UnknownSpecies {
        library: references.library().to_owned(),
        found: name.trim().to_owned(),
        suggestion: suggestion(name.trim(), names),
        species: references.species().len(),
    }
}

fn not_here(references: &References, name: &str) -> MethodError {
    let key = species_key(name);
    match references.left_out().iter().find(|l| l.species == key) {
        Some(left_out) => MethodError::FixedNotHere {
            species: name.trim().to_owned(),
            entry: left_out.name.clone(),
            why: left_out.why.clone(),
        },
        None => unknown(references, name),
    }
}
