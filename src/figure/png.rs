//! The figure as PNG: the same SVG, drawn with the built-in font.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, ImageKind, Options, Tree, fontdb};

use super::error::FigureError;
use super::font::{REGULAR, SEMI_BOLD};
use super::model::Figure;
use super::pen::hex;
use super::svg::svg;

/// Resolution that journals ask for.
pub const DEFAULT_DPI: u32 = 300;
/// Resolutions taken.
const LEAST_DPI: u32 = 30;
const MOST_DPI: u32 = 1_200;
/// Largest picture in millions of pixels: 400 MB of memory while drawing.
const MOST_MILLIONS: u32 = 100;
/// Length of a PNG's signature and its first chunk, after which `pHYs` may stand.
const HEADER_BYTES: usize = 33;

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_source(fontdb::Source::Binary(Arc::new(REGULAR)));
    fonts.load_font_source(fontdb::Source::Binary(Arc::new(SEMI_BOLD)));
    fonts.set_sans_serif_family("Inter");
    Arc::new(fonts)
});

/// The figure as PNG on white at `dpi` dots per inch (30 to 1200; [`DEFAULT_DPI`] for print), at most 100 million
/// pixels. The resolution is written into the file.
pub fn png(figure: &Figure, dpi: u32) -> Result<Vec<u8>, FigureError> {
    if !(LEAST_DPI..=MOST_DPI).contains(&dpi) {
        return Err(FigureError::Resolution { found: dpi, least: LEAST_DPI, most: MOST_DPI });
    }
    let render = |why: &str| FigureError::Render { why: why.to_owned() };
    let tree = Tree::from_str(&svg(figure), &options()).map_err(|e| render(&e.to_string()))?;
    let scale = dpi as f32 / options().dpi;
    let size = tree.size();
    let (width, height) = ((size.width() * scale).round() as u32, (size.height() * scale).round() as u32);
    if u64::from(width) * u64::from(height) > u64::from(MOST_MILLIONS) * 1_000_000 {
        return Err(FigureError::TooLarge { width, height, most_millions: MOST_MILLIONS });
    }
    let mut pixels = Pixmap::new(width, height).ok_or_else(|| render("the page has no pixels"))?;
    // The page's own white may end inside the last pixels.
    pixels.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    let png = pixels.encode_png().map_err(|e| render(&e.to_string()))?;
    Ok(with_resolution(&png, dpi))
}

pub(super) fn options() -> Options<'static> {
    Options {
        font_family: "Inter".to_owned(),
        fontdb: Arc::clone(&FONTS),
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, data, options| cells_as_vectors(&data, options)),
            // Nothing outside the document is ever read.
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    }
}

/// Our embedded maps as rectangles: this build of resvg has no image decoders, and cells must stay sharp anyway.
fn cells_as_vectors(png: &[u8], options: &Options) -> Option<ImageKind> {
    let pixels = Pixmap::decode_png(png).ok()?;
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" shape-rendering=\"crispEdges\">"
    );
    for (y, row) in pixels.pixels().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            let color = hex([run[0].red(), run[0].green(), run[0].blue()]);
            svg += &format!("<path fill=\"{color}\" d=\"M{x} {y}h{0}v1h-{0}z\"/>", run.len());
            x += run.len();
        }
    }
    svg += "</svg>";
    Tree::from_str(&svg, options).ok().map(ImageKind::SVG)
}

/// Adds the `pHYs` chunk that tells layout programs the size on paper.
fn with_resolution(png: &[u8], dpi: u32) -> Vec<u8> {
    let Some((header, rest)) = png.split_at_checked(HEADER_BYTES) else { return png.to_vec() };
    let per_metre = (f64::from(dpi) / 0.0254).round() as u32;
    let mut chunk = b"pHYs".to_vec();
    chunk.extend(per_metre.to_be_bytes());
    chunk.extend(per_metre.to_be_bytes());
    chunk.push(1);
    let check = crc32fast::hash(&chunk);
    [header, &9u32.to_be_bytes(), &chunk, &check.to_be_bytes(), rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_the_size_and_says_its_resolution() {
        let figure = Figure::new(85.0, 60.0);
        let png = png(&figure, 300).unwrap();
        let pixels = Pixmap::decode_png(&png).unwrap();
        assert!((i64::from(pixels.width()) - 1004).abs() <= 1, "{}", pixels.width());
        assert!((i64::from(pixels.height()) - 709).abs() <= 1, "{}", pixels.height());
        let at = png.windows(4).position(|w| w == b"pHYs").unwrap();
        assert_eq!(png[at + 4..at + 8], 11_811u32.to_be_bytes());
    }

    #[test]
    fn impossible_sizes_are_refused_in_words() {
        let figure = Figure::new(1_000.0, 1_000.0);
        assert!(png(&figure, 0).unwrap_err().to_string().contains("30 to 1200 dpi"));
        let error = png(&figure, 1_200).unwrap_err();
        assert!(matches!(error, FigureError::TooLarge { .. }));
        assert!(error.to_string().contains("fewer dpi"), "{error}");
    }
}
