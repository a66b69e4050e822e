//! The table itself: heads that sort, and as many rows as the window shows.

use eframe::egui::{self, Align, Button, Layout, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo};
use egui_extras::{Column as Width, TableBuilder, TableRow};

use super::order::{Column, Shown, Sorting, number};
use crate::app::theme::Theme;
use crate::app::view::View;
use crate::app::widgets::{bold, milliseconds, number as number_text, one_line, percent};
use crate::app::wish::{Wish, Wishes};
use crate::session::{Batch, BatchRow};

/// Height of a row, in points.
const ROW: f32 = 22.0;
/// Height of the heads, in points.
const HEAD: f32 = 26.0;

impl Column {
    fn title(&self) -> &str {
        match self {
            Self::Spectrum => "Spectrum",
            Self::Method => "Method",
            Self::Share(name) => name,
            Self::More => "Others",
            Self::Confidence => "Confidence",
            Self::Residual => "Residual / noise",
            Self::Time => "Time",
            Self::Error => "Error",
        }
    }

    fn about(&self) -> String {
        match self {
            Self::Spectrum => "The spectrum; click a row to make it the active one".to_owned(),
            Self::Method => "The method that found it".to_owned(),
            Self::Share(name) => format!("{name}, share of the signal in %"),
            Self::More => "Substances without a column of their own, with their shares".to_owned(),
            Self::Confidence => {
                "Probability that the first component is there (of Not in the library, that the library lacks it), from methods that know".to_owned()
            }
            Self::Residual => {
                "What is left over in units of the noise; about 1 when everything is explained".to_owned()
            }
            Self::Time => "Time of the method, without preparing the library".to_owned(),
            Self::Error => "Why there is no answer".to_owned(),
        }
    }

    fn width(&self, one_map: bool) -> Width {
        let width = match self {
            Self::Spectrum if one_map => Width::initial(104.0).at_least(60.0),
            Self::Spectrum => Width::initial(200.0).at_least(80.0),
            Self::Method => Width::initial(110.0).at_least(50.0),
            Self::Share(_) => Width::initial(92.0).at_least(50.0),
            Self::More => Width::initial(180.0).at_least(60.0),
            Self::Confidence => Width::initial(88.0).at_least(50.0),
            Self::Residual => Width::initial(112.0).at_least(50.0),
            Self::Time => Width::initial(70.0).at_least(50.0),
            Self::Error => Width::initial(260.0).at_least(80.0),
        };
        width.clip(true).resizable(true)
    }

    fn text_column(&self) -> bool {
        matches!(self, Self::Spectrum | Self::Method | Self::More | Self::Error)
    }
}

/// Draws the rows.
pub fn rows_ui(
    ui: &mut Ui,
    view: &View,
    batch: &Batch,
    rows: &[BatchRow],
    shown: &Shown,
    sorting: &mut Sorting,
    wishes: &mut Wishes,
) {
    let active = view.session.active();
    ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
        let mut table = TableBuilder::new(ui)
            .id_salt(("results", batch.id, shown.columns.len(), shown.one_map))
            .striped(true)
            .sense(Sense::CLICK)
            .auto_shrink(false)
            .cell_layout(Layout::left_to_right(Align::Center));
        for column in &shown.columns {
            table = table.column(column.width(shown.one_map));
        }
        let table = table.header(HEAD, |mut row| {
            for column in &shown.columns {
                row.col(|ui| {
                    if head_ui(ui, column, sorting) {
                        sorting.click(column);
                    }
                });
            }
        });
        table.body(|body| {
            body.rows(ROW, shown.rows.len(), |mut line| {
                let Some(row) = shown.rows.get(line.index()).and_then(|i| rows.get(*i)) else { return };
                line.set_selected(active == Some(row.of));
                if row_ui(&mut line, row, shown, view.theme) && active != Some(row.of) {
                    wishes.push(Wish::Activate(row.of));
                }
            });
        });
    });
}

fn head_ui(ui: &mut Ui, column: &Column, sorting: &Sorting) -> bool {
    let text = bold(format!("{}{}", sorting.sign(column), column.title()));
    let response = ui.add(Button::new(text).frame(false).truncate());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Sort by {}", column.title())));
    response.on_hover_text(column.about()).clicked()
}

/// One row; true when it was clicked.
fn row_ui(line: &mut TableRow, row: &BatchRow, shown: &Shown, theme: &Theme) -> bool {
    let mut clicked = false;
    for column in &shown.columns {
        line.col(|ui| match column {
            Column::Spectrum => {
                let name = shown.name(row);
                let button = ui.add(Button::new(shown.short_name(row)).frame(false).truncate());
                let label = format!("{name}, {}", shown.method(row));
                button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
                clicked |= button.on_hover_text(name).clicked();
            }
            column if column.text_column() => {
                let text = match column {
                    Column::Method => shown.method(row).to_owned(),
                    Column::More => shown.more(row).unwrap_or_default(),
                    _ => row.error.clone().unwrap_or_default(),
                };
                let colour = if *column == Column::Error { theme.error } else { theme.text };
                one_line(ui, RichText::new(text).color(colour));
            }
            column => {
                let text = number(row, column).map_or_else(
                    || RichText::new("·").color(theme.weak),
                    |value| RichText::new(value_text(column, value)),
                );
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.add_space(8.0);
                    ui.add(egui::Label::new(text).selectable(false));
                });
            }
        });
    }
    clicked || line.response().clicked()
}

fn value_text(column: &Column, value: f64) -> String {
    match column {
        Column::Share(_) | Column::Confidence => percent(value),
        Column::Time => milliseconds(value),
        _ => number_text(value),
    }
}
