//! A LabSpec 6 tree: heads of 24 bytes side by side, then what did not fit into them, in order.

use crate::Seed;

const OUTSIDE: u8 = 0x10;

/// A node: kind, id, value inside the head or outside it, children.
struct Node {
    kind: u8,
    id: u32,
    inside: [u8; 8],
    outside: Vec<u8>,
    count: usize,
    children: Option<Vec<Node>>,
}

fn node(kind: u8, id: u32) -> Node {
    Node { kind, id, inside: [0; 8], outside: Vec::new(), count: 0, children: None }
}

fn list(id: u32, children: Vec<Node>) -> Node {
    Node { count: children.len(), children: Some(children), ..node(9, id) }
}

fn short(id: u32, words: [u8; 8]) -> Node {
    Node { inside: words, ..node(7, id) }
}

fn number(id: u32, value: f64) -> Node {
    Node { inside: value.to_le_bytes(), ..node(5, id) }
}

fn text(id: u32, words: &[u8]) -> Node {
    Node { count: words.len(), outside: words.to_vec(), ..node(7, id) }
}

fn floats(id: u32, values: [f32; 3]) -> Node {
    Node { count: 3, outside: values.map(f32::to_le_bytes).concat(), ..node(6, id) }
}

fn head(node: &Node, serial: &mut u32, out: &mut Vec<u8>) {
    *serial += 1;
    let outside = node.children.is_some() || !node.outside.is_empty();
    out.extend([node.kind, if outside { OUTSIDE } else { 0 }, 0, 0]);
    out.extend([*serial, node.id, 0].map(u32::to_le_bytes).concat());
    if outside {
        out.extend([*serial, node.count as u32].map(u32::to_le_bytes).concat());
    } else {
        out.extend(node.inside);
    }
}

fn body(children: &[Node], serial: &mut u32, out: &mut Vec<u8>) {
    for child in children {
        head(child, serial, out);
    }
    for child in children {
        out.extend(&child.outside);
        body(child.children.as_deref().unwrap_or_default(), serial, out);
    }
}

pub fn seeds() -> Vec<Seed> {
    let axis = |id: u32, kind: [u8; 8], unit: [u8; 8], values: [f32; 3]| {
        list(id, vec![short(0x6D70_7974, kind), short(0x7C69_6E75, unit), floats(0x7D6C_D4DB, values)])
    };
    let fact = |name: &[u8], value: Node| list(2, vec![text(0x6D6D_616E, name), value]);
    let tree = vec![
        text(0x6C74_69D9, b"quartz\0"),
        list(
            0x7A74_D9D6,
            vec![list(
                0x7B69_7861,
                vec![
                    axis(0, *b"Intens\0\0", *b"Cnt\0\0\0\0\0", [5.0, 6.0, 7.0]),
                    axis(1, *b"Spectr\0\0", *b"1/cm\0\0\0\0", [100.0, 102.0, 105.0]),
                ],
            )],
        ),
        list(
            0x6C62_D4D9,
            vec![list(
                1,
                vec![
                    fact(b"Acquired\0", text(0x7D6C_61DB, b"26.01.2022 12:09:35\0")),
                    fact(b"Laser (nm)\0", number(0x0873_6F70, 784.48)),
                ],
            )],
        ),
    ];
    let mut file = b"LabSpec6".to_vec();
    file.resize(0x4C, 0);
    let mut serial = 0;
    let root = list(0x3A14, tree);
    head(&root, &mut serial, &mut file);
    body(root.children.as_deref().unwrap_or_default(), &mut serial, &mut file);
    vec![("labspec6_l6s", "single", file)]
}
