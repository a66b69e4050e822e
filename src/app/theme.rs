//! All colours, sizes and fonts of the window, light and dark. No other file names a colour.

use std::sync::Arc;

use eframe::egui::{
    self, Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke, Style,
    TextStyle, Visuals, epaint::Shadow,
};

use crate::session::Colour;

/// Family of bold headings.
pub const BOLD: &str = "bold";

/// Colours with a meaning, for one of the two themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Background of side panels and bars.
    pub panel: Color32,
    /// Background of plots, lists and fields.
    pub ground: Color32,
    /// Raised parts: cards, notices.
    pub raised: Color32,
    /// Lines between parts.
    pub line: Color32,
    /// Text.
    pub text: Color32,
    /// Less important text.
    pub weak: Color32,
    /// The one action that matters here, links, selection marks.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// Background of what is selected.
    pub selected: Color32,
    /// Something went well.
    pub good: Color32,
    /// Done, but look here.
    pub warning: Color32,
    /// Failed.
    pub error: Color32,
    /// The measured mixture.
    pub mixture: Color32,
    /// A method's reconstruction of it.
    pub reconstruction: Color32,
    /// Library spectra.
    pub library: Color32,
    /// What is left over.
    pub residual: Color32,
    curves: &'static [Color32],
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// Colours that people with any colour vision tell apart, in the order they are given out (after Okabe and Ito 2008,
/// darkened for white paper).
const LIGHT_CURVES: &[Color32] = &[
    rgb(0x00_5f_a8),
    rgb(0xcc_55_00),
    rgb(0x00_86_62),
    rgb(0xb6_4b_8b),
    rgb(0x8a_6a_00),
    rgb(0x2f_93_c9),
    rgb(0x6a_3d_9a),
    rgb(0x9c_1c_2e),
    rgb(0x4f_6b_1a),
    rgb(0x5b_5f_66),
];

/// The same hues, lightened for dark ground.
const DARK_CURVES: &[Color32] = &[
    rgb(0x4d_a6_ff),
    rgb(0xff_95_4d),
    rgb(0x2f_d0_a0),
    rgb(0xf0_8a_c4),
    rgb(0xe8_c5_3a),
    rgb(0x8a_d4_f5),
    rgb(0xb9_95_ee),
    rgb(0xff_7a_88),
    rgb(0xa9_cf_5e),
    rgb(0xb3_ba_c4),
];

const LIGHT: Theme = Theme {
    panel: rgb(0xf4_f6_f8),
    ground: rgb(0xff_ff_ff),
    raised: rgb(0xff_ff_ff),
    line: rgb(0xd6_dc_e3),
    text: rgb(0x1c_26_30),
    weak: rgb(0x5a_68_76),
    accent: rgb(0x00_69_80),
    on_accent: rgb(0xff_ff_ff),
    selected: rgb(0xd4_ea_ef),
    good: rgb(0x1b_7a_46),
    warning: rgb(0x94_60_00),
    error: rgb(0xb3_26_1e),
    mixture: rgb(0x1c_26_30),
    reconstruction: rgb(0xd1_4b_00),
    library: rgb(0x7b_87_94),
    residual: rgb(0x6d_5a_8a),
    curves: LIGHT_CURVES,
};

const DARK: Theme = Theme {
    panel: rgb(0x1d_22_28),
    ground: rgb(0x13_17_1b),
    raised: rgb(0x26_2c_33),
    line: rgb(0x38_41_4b),
    text: rgb(0xe4_e9_ee),
    weak: rgb(0x9a_a7_b4),
    accent: rgb(0x3f_b8_d2),
    on_accent: rgb(0x06_1b_21),
    selected: rgb(0x1c_45_50),
    good: rgb(0x5c_c9_8a),
    warning: rgb(0xe8_b4_4c),
    error: rgb(0xff_86_7c),
    mixture: rgb(0xe4_e9_ee),
    reconstruction: rgb(0xff_9a_5c),
    library: rgb(0x8c_98_a5),
    residual: rgb(0xb3_9d_db),
    curves: DARK_CURVES,
};

/// Shared widths, in points.
pub mod size {
    /// Narrowest useful list of spectra.
    pub const LIST: f32 = 250.0;
    /// The tool panel on the right.
    pub const TOOLS: f32 = 330.0;
    /// Least height of a plot that is still readable.
    pub const PLOT: f32 = 110.0;
}

impl Theme {
    /// The theme that is shown now.
    pub fn of(ctx: &egui::Context) -> &'static Self {
        Self::get(ctx.theme() == egui::Theme::Dark)
    }

    /// One of the two.
    pub fn get(dark: bool) -> &'static Self {
        if dark { &DARK } else { &LIGHT }
    }

    /// The colour with this number; after the last they come again, paler.
    pub fn curve(&self, slot: usize) -> Color32 {
        let colour = self.curves[slot % self.curves.len()];
        if (slot / self.curves.len()).is_multiple_of(2) {
            colour
        } else {
            colour.lerp_to_gamma(self.weak, 0.45)
        }
    }

    /// Colour of an item's curve.
    pub fn paint(&self, colour: Colour) -> Color32 {
        match colour {
            Colour::Slot(slot) => self.curve(slot),
            Colour::Chosen([r, g, b]) => Color32::from_rgb(r, g, b),
        }
    }
}

/// Fonts, sizes and colours of all widgets.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    for theme in [egui::Theme::Light, egui::Theme::Dark] {
        ctx.style_mut_of(theme, |style| dress(style, Theme::get(theme == egui::Theme::Dark), theme));
    }
}

/// Inter has what spectroscopy needs and egui's own fonts lack: superscripts, arrows, check marks.
fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let regular: &'static [u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
    let bold: &'static [u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");
    fonts.font_data.insert("inter".to_owned(), Arc::new(FontData::from_static(regular)));
    fonts.font_data.insert("inter bold".to_owned(), Arc::new(FontData::from_static(bold)));
    let proportional = fonts.families.entry(FontFamily::Proportional).or_default();
    proportional.insert(0, "inter".to_owned());
    let mut heavy = proportional.clone();
    heavy.insert(0, "inter bold".to_owned());
    fonts.families.insert(FontFamily::Name(BOLD.into()), heavy);
    fonts.families.entry(FontFamily::Monospace).or_default().push("inter".to_owned());
    fonts
}

fn dress(style: &mut Style, theme: &Theme, which: egui::Theme) {
    let bold = FontFamily::Name(BOLD.into());
    style.text_styles = [
        (TextStyle::Small, FontId::proportional(11.0)),
        (TextStyle::Body, FontId::proportional(13.0)),
        (TextStyle::Button, FontId::proportional(13.0)),
        (TextStyle::Monospace, FontId::monospace(12.0)),
        (TextStyle::Heading, FontId::new(16.0, bold)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = egui::vec2(6.0, 5.0);
    spacing.button_padding = egui::vec2(8.0, 3.0);
    spacing.interact_size.y = 22.0;
    spacing.menu_margin = Margin::same(6);
    spacing.combo_height = 320.0;
    spacing.tooltip_width = 380.0;
    spacing.scroll = egui::style::ScrollStyle::solid();
    spacing.scroll.bar_width = 8.0;
    style.interaction.tooltip_delay = 0.35;
    style.animation_time = 0.0;
    style.visuals = visuals(theme, which);
}

fn visuals(theme: &Theme, which: egui::Theme) -> Visuals {
    let mut visuals = if which == egui::Theme::Dark { Visuals::dark() } else { Visuals::light() };
    visuals.panel_fill = theme.panel;
    visuals.window_fill = theme.raised;
    visuals.window_stroke = Stroke::new(1.0, theme.line);
    visuals.extreme_bg_color = theme.ground;
    visuals.faint_bg_color = theme.line.gamma_multiply(0.22);
    visuals.code_bg_color = theme.ground;
    visuals.weak_text_color = Some(theme.weak);
    visuals.hyperlink_color = theme.accent;
    visuals.warn_fg_color = theme.warning;
    visuals.error_fg_color = theme.error;
    visuals.selection.bg_fill = theme.selected;
    visuals.selection.stroke = Stroke::new(1.0, theme.text);
    visuals.window_shadow =
        Shadow { offset: [0, 4], blur: 16, spread: 0, color: Color32::from_black_alpha(50) };
    visuals.popup_shadow =
        Shadow { offset: [0, 2], blur: 8, spread: 0, color: Color32::from_black_alpha(40) };
    visuals.slider_trailing_fill = true;
    // A blinking cursor draws the whole window twice a second for nothing.
    visuals.text_cursor.blink = false;
    let radius = CornerRadius::same(4);
    let widgets = &mut visuals.widgets;
    for state in [
        &mut widgets.noninteractive,
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
        &mut widgets.open,
    ] {
        state.corner_radius = radius;
        state.fg_stroke.color = theme.text;
        state.expansion = 0.0;
    }
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, theme.line);
    widgets.noninteractive.bg_fill = theme.panel;
    let button = theme.panel.lerp_to_gamma(theme.text, 0.07);
    let hover = theme.panel.lerp_to_gamma(theme.text, 0.14);
    let press = theme.panel.lerp_to_gamma(theme.text, 0.22);
    for (state, fill) in [
        (&mut widgets.inactive, button),
        (&mut widgets.hovered, hover),
        (&mut widgets.active, press),
        (&mut widgets.open, hover),
    ] {
        state.weak_bg_fill = fill;
        state.bg_fill = fill;
        state.bg_stroke = Stroke::new(1.0, theme.line);
    }
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance after WCAG 2.1.
    fn luminance(colour: Color32) -> f64 {
        let part = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(colour.r()) + 0.7152 * part(colour.g()) + 0.0722 * part(colour.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_is_readable_on_every_ground() {
        for theme in [&LIGHT, &DARK] {
            for ground in [theme.panel, theme.ground, theme.raised] {
                for text in [theme.text, theme.weak, theme.error, theme.warning, theme.good, theme.accent] {
                    assert!(
                        contrast(text, ground) >= 4.5,
                        "{text:?} on {ground:?}: {}",
                        contrast(text, ground)
                    );
                }
            }
            assert!(contrast(theme.text, theme.selected) >= 4.5);
            assert!(contrast(theme.on_accent, theme.accent) >= 4.5);
        }
    }

    #[test]
    fn curves_stand_out_from_the_plot() {
        for theme in [&LIGHT, &DARK] {
            let roles = [theme.mixture, theme.reconstruction, theme.library, theme.residual];
            for colour in theme.curves.iter().copied().chain(roles) {
                assert!(
                    contrast(colour, theme.ground) >= 3.0,
                    "{colour:?}: {}",
                    contrast(colour, theme.ground)
                );
            }
        }
    }
}
