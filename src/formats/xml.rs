//! XML trees from untrusted text: no document types, and no input that makes the parser slow or large.

use roxmltree::{Document, Node, ParsingOptions};

use super::{FormatError, Input, Place};

/// Elements and texts in one document. A map of a million rows has three million.
const NODES: u32 = 8 << 20;
/// Attributes in one element; the parser compares each with all before it.
const ATTRIBUTES: usize = 2_000;
/// Namespace declarations in one document; the parser may copy all of them into each element that adds one.
const NAMESPACES: usize = 2_000;

/// The tree, or a sentence with line and column.
pub fn parse(text: &str) -> Result<Document<'_>, String> {
    tree(text).map_err(|(_, problem)| problem)
}

/// [`parse`] of a whole file, with the line in the error.
pub fn document<'t>(input: &Input, text: &'t str) -> Result<Document<'t>, FormatError> {
    tree(text).map_err(|(place, problem)| input.malformed(place, problem))
}

fn tree(text: &str) -> Result<Document<'_>, (Place, String)> {
    if !bounded(text) {
        let problem = format!(
            "an element has more than {ATTRIBUTES} attributes, or there are more than {NAMESPACES} namespaces"
        );
        return Err((Place::Whole, problem));
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|e| {
        let line = usize::try_from(e.pos().row).unwrap_or(0);
        (Place::Line(line), format!("the XML is damaged or cut short: {e}"))
    })
}

fn bounded(text: &str) -> bool {
    let namespaces = memchr::memmem::find_iter(text.as_bytes(), b"xmlns").take(NAMESPACES + 1).count();
    // Attributes are counted as `="` or `='` between two `<`; text may add a few, which does not matter.
    let crowded = text.split('<').any(|tag| {
        let equals = memchr::memchr_iter(b'=', tag.as_bytes());
        equals
            .filter(|at| matches!(tag.as_bytes().get(at + 1), Some(b'"' | b'\'' | b' ')))
            .nth(ATTRIBUTES)
            .is_some()
    });
    namespaces <= NAMESPACES && !crowded
}

/// The first child element of that name, whatever its namespace.
pub fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}

/// All child elements of that name, whatever their namespace.
pub fn children<'a, 'i: 'a>(node: Node<'a, 'i>, name: &str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |n| is(*n, name))
}

/// True for an element of that name, whatever its namespace.
pub fn is(node: Node, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

/// Trimmed text directly inside an element; empty when there is none.
pub fn text<'a>(node: Node<'a, '_>) -> &'a str {
    node.text().unwrap_or("").trim()
}

/// Line of a node, counted from 1.
pub fn line(node: Node) -> usize {
    usize::try_from(node.document().text_pos_at(node.range().start).row).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_without_their_namespace() {
        let document = parse(r#"<a xmlns="u"><b k="1"> x </b><c xmlns="v"/></a>"#).unwrap();
        let root = document.root_element();
        assert_eq!(text(child(root, "b").unwrap()), "x");
        assert!(child(root, "c").is_some() && child(root, "d").is_none());
    }

    #[test]
    fn entities_and_crowds_of_attributes_are_refused() {
        assert!(parse("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>").is_err());
        let attributes: String = (0..3000).map(|i| format!(" a{i}=\"\"")).collect();
        assert!(parse(&format!("<a{attributes}/>")).unwrap_err().contains("attributes"));
        let spread: String = (0..3000).map(|i| format!("<a xmlns:n{i}=\"u{i}\">")).collect();
        assert!(parse(&spread).unwrap_err().contains("namespaces"));
    }
}
