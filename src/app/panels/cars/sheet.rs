//! The curves of the cells, made once an answer.

use std::sync::Arc;

use crate::app::plot::{Role, Shown};
use crate::app::theme::Theme;
use crate::app::work::{CarsAnswers, CarsState};
use crate::jobs::Named;
use crate::spectrum::Spectrum;

/// What stands in a row of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The CARS spectrum under its forward fit.
    Measured,
    /// The recovered Raman spectrum over the library's.
    Raman,
    /// The background under the CARS spectrum.
    Background,
    /// What is left.
    Residual,
}

impl Row {
    /// From top to bottom.
    pub const ALL: [Self; 4] = [Self::Measured, Self::Raman, Self::Background, Self::Residual];

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Measured => "CARS and forward fit",
            Self::Raman => "Recovered Raman",
            Self::Background => "Background",
            Self::Residual => "Residual",
        }
    }
}

/// The curves of all methods.
#[derive(Default)]
pub struct Sheet {
    made_for: Option<(u64, usize, bool)>,
    columns: Vec<Option<[Vec<Shown>; 4]>>,
}

impl Sheet {
    /// Makes curves for answers that came since the last frame.
    pub fn refresh(&mut self, answers: &CarsAnswers, theme: &'static Theme, dark: bool) {
        let done = answers.methods.iter().filter(|m| matches!(m.answer, CarsState::Done(_))).count();
        if self.made_for == Some((answers.number, done, dark)) {
            return;
        }
        self.made_for = Some((answers.number, done, dark));
        self.columns = answers
            .methods
            .iter()
            .enumerate()
            .map(|(at, method)| match &method.answer {
                CarsState::Done(named) => Some(curves(named, at, answers.number, theme)),
                CarsState::Open | CarsState::Failed(_) => None,
            })
            .collect();
    }

    /// The curves of one cell; nothing where there is no answer.
    pub fn cell(&self, column: usize, row: Row) -> Option<&[Shown]> {
        let rows = self.columns.get(column)?.as_ref()?;
        let at = Row::ALL.iter().position(|other| *other == row)?;
        rows.get(at).map(Vec::as_slice)
    }
}

fn curves(named: &Named, column: usize, number: u64, theme: &'static Theme) -> [Vec<Shown>; 4] {
    let recovered = &named.recovered;
    let measured = Arc::new(recovered.measured.clone());
    let mut next = (number << 16) + ((column as u64) << 8);
    let mut shown = |name: &str, curve: Option<Arc<Spectrum>>, colour, role| {
        next += 1;
        curve.map(|spectrum| Shown {
            id: next,
            name: name.into(),
            spectrum,
            colour,
            version: number,
            role,
            band: None,
        })
    };
    let over = |values: Vec<f32>| {
        let axis = Arc::clone(recovered.measured.axis());
        Spectrum::new(axis, values, recovered.measured.meta.clone()).ok().map(Arc::new)
    };
    let colour = theme.curve(column);
    let library = named.hits.first().map(|hit| (hit.species.as_str(), over(named.overlay.clone())));
    let (library_name, library) = library.unwrap_or(("Library", None));
    let all = [
        vec![
            shown("CARS", Some(Arc::clone(&measured)), theme.mixture, Role::Mixed),
            shown("Forward fit", over(recovered.forward.clone()), theme.reconstruction, Role::Estimated),
        ],
        vec![
            shown("Recovered Raman", over(recovered.raman.clone()), colour, Role::Estimated),
            shown(library_name, library, theme.library, Role::Library),
        ],
        vec![
            shown("CARS", Some(measured), theme.weak, Role::Background),
            shown("Background", over(recovered.background_intensity()), colour, Role::Estimated),
        ],
        vec![shown("Residual", over(recovered.residual()), theme.residual, Role::Residual)],
    ];
    all.map(|row| row.into_iter().flatten().collect())
}
