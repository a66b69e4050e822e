//! Writes the few SVG elements a figure needs; the unit is 1 pt and numbers have at most two decimals.

use super::font::Weight;
use super::scale::Rect;
use super::words::escape;

/// Colour of words, axes and ticks.
pub(super) const INK: [u8; 3] = [26, 26, 26];
/// Colour of the line at zero and of the lines that lead to peak labels.
pub(super) const FAINT: [u8; 3] = [170, 170, 170];
/// Height of the middle of a digit over the baseline, in em: half of Inter's cap height.
pub(super) const MIDDLE_EM: f64 = 0.36;

/// Which end of a text stands at its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How and where a text stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub x: f64,
    /// Baseline.
    pub y: f64,
    pub size: f64,
    pub weight: Weight,
    pub anchor: Anchor,
    /// Turned to read from bottom to top.
    pub upright: bool,
}

/// The drawing so far.
#[derive(Default)]
pub(super) struct Pen {
    out: String,
}

/// A number with at most two decimals.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A colour in hexadecimal.
pub(super) fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

impl Pen {
    /// A page of this size in pt, white.
    pub(super) fn page(width: f64, height: f64) -> Self {
        const MM_PER_PT: f64 = 25.4 / 72.0;
        let mut pen = Self::default();
        pen.out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
        pen.out += &format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
             width=\"{}mm\" height=\"{}mm\" viewBox=\"0 0 {} {}\" \
             font-family=\"Inter, Helvetica, Arial, sans-serif\" fill=\"{}\">\n",
            number(width * MM_PER_PT),
            number(height * MM_PER_PT),
            number(width),
            number(height),
            hex(INK),
        );
        pen.fill(&Rect { left: 0.0, top: 0.0, right: width, bottom: height }, [255; 3], 1.0);
        pen
    }

    /// The finished document.
    pub(super) fn finish(mut self) -> String {
        self.out += "</svg>\n";
        self.out
    }

    /// Opens a group with a class, for whoever edits or checks the figure.
    pub(super) fn open(&mut self, class: &str) {
        self.out += &format!("<g class=\"{class}\">\n");
    }

    pub(super) fn close(&mut self) {
        self.out += "</g>\n";
    }

    pub(super) fn fill(&mut self, rect: &Rect, color: [u8; 3], opacity: f64) {
        let opacity =
            if opacity < 1.0 { format!(" fill-opacity=\"{}\"", number(opacity)) } else { String::new() };
        self.out += &format!("<rect {} fill=\"{}\"{opacity}/>\n", place(rect), hex(color));
    }

    pub(super) fn frame(&mut self, rect: &Rect, width: f64) {
        let (color, width) = (hex(INK), number(width));
        self.out += &format!(
            "<rect class=\"plot\" {} fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"/>\n",
            place(rect)
        );
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), color: [u8; 3], width: f64) {
        self.out += &format!(
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"{}\"/>\n",
            number(from.0),
            number(from.1),
            number(to.0),
            number(to.1),
            hex(color),
            number(width),
        );
    }

    /// A line through points; `style` are further attributes.
    pub(super) fn polyline(&mut self, points: &[(f64, f64)], style: &str) {
        let points: Vec<String> = points.iter().map(|p| format!("{},{}", number(p.0), number(p.1))).collect();
        self.out += &format!("<polyline points=\"{}\" fill=\"none\" {style}/>\n", points.join(" "));
    }

    /// The inside of a closed line through points.
    pub(super) fn polygon(&mut self, points: &[(f64, f64)], color: [u8; 3], opacity: f64) {
        let points: Vec<String> = points.iter().map(|p| format!("{},{}", number(p.0), number(p.1))).collect();
        self.out += &format!(
            "<polygon points=\"{}\" fill=\"{}\" fill-opacity=\"{}\"/>\n",
            points.join(" "),
            hex(color),
            number(opacity)
        );
    }

    pub(super) fn dot(&mut self, at: (f64, f64), radius: f64, color: [u8; 3]) {
        self.out += &format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"/>\n",
            number(at.0),
            number(at.1),
            number(radius),
            hex(color)
        );
    }

    /// A picture from a data address, stretched over the rectangle without smoothing.
    pub(super) fn image(&mut self, rect: &Rect, address: &str) {
        self.out += &format!(
            "<image {} preserveAspectRatio=\"none\" image-rendering=\"optimizeSpeed\" \
             style=\"image-rendering:pixelated\" xlink:href=\"{address}\"/>\n",
            place(rect)
        );
    }

    pub(super) fn text(&mut self, place: Place, text: &str) {
        self.write(place, text, "");
    }

    /// A text that stays readable on top of curves: with a white rim.
    pub(super) fn text_over(&mut self, place: Place, text: &str) {
        self.write(place, text, " stroke=\"#ffffff\" stroke-width=\"1.5\" paint-order=\"stroke\"");
    }

    fn write(&mut self, place: Place, text: &str, rim: &str) {
        if text.is_empty() {
            return;
        }
        let (x, y) = (number(place.x), number(place.y));
        let position = if place.upright {
            format!("transform=\"translate({x} {y}) rotate(-90)\"")
        } else {
            format!("x=\"{x}\" y=\"{y}\"")
        };
        let anchor = match place.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if place.weight == Weight::SemiBold { " font-weight=\"600\"" } else { "" };
        self.out += &format!(
            "<text {position} font-size=\"{}\"{anchor}{weight}{rim}>{}</text>\n",
            number(place.size),
            escape(text)
        );
    }
}

fn place(rect: &Rect) -> String {
    format!(
        "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
        number(rect.left),
        number(rect.top),
        number(rect.width()),
        number(rect.height())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_at_most_two_decimals() {
        assert_eq!(number(1.0), "1");
        assert_eq!(number(1.256), "1.26");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(100.0), "100");
        assert_eq!(number(0.5), "0.5");
    }
}
