//! What tests of panels do all the time: open samples, wait for jobs, click, read the document.

use std::time::{Duration, Instant};

use eframe::egui::{Pos2, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use unravel::app::{App, Options};
use unravel::session::{Document, Item};

use super::{PATIENCE, sample, start};

/// The window with some samples open.
pub struct Desk {
    pub window: Harness<'static, App>,
}

impl Desk {
    /// Opens samples with this tool on the right.
    pub fn new(side: &str, samples: &[&str]) -> Self {
        let screen = serde_json::json!({ "side": side, "look": "Light" }).to_string();
        let files = samples.iter().map(|name| sample(name)).collect();
        let options = Options { files, screen: Some(screen), ..Options::default() };
        let window = start(options, [1280.0, 800.0]);
        let mut desk = Self { window };
        let count = samples.len();
        desk.wait("opening", |desk| desk.document().items.len() >= count);
        desk
    }

    pub fn document(&self) -> &Document {
        self.window.state().session().document()
    }

    pub fn active(&self) -> &Item {
        let subject = self.window.state().session().active().unwrap();
        self.document().item(subject.item).unwrap()
    }

    /// The steps of the active spectrum as text.
    pub fn steps(&self) -> String {
        self.active().steps.to_string()
    }

    pub fn wait(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            let notices = self.window.state().notices_text();
            assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}; notices: {notices}");
            self.window.step();
            std::thread::sleep(Duration::from_millis(5));
        }
        self.rest();
    }

    /// Some frames: popups take two to find their size.
    pub fn rest(&mut self) {
        self.window.run_steps(3);
    }

    pub fn click(&mut self, label: &str) {
        self.window.get_by_label(label).click();
        self.rest();
    }

    /// Clicks the only widget of this kind with this label.
    pub fn click_role(&mut self, role: Role, label: &str) {
        self.window.get_by_role_and_label(role, label).click();
        self.rest();
    }

    /// A spectrum in the list, not its twin in the legend.
    pub fn in_list<'a>(&'a self, name: &'a str) -> Node<'a> {
        let nodes = self.window.get_all_by_role_and_label(Role::Button, name);
        let drawn = nodes.filter(|node| node.accesskit_node().bounding_box().is_some());
        drawn.min_by(|a, b| a.rect().left().total_cmp(&b.rect().left())).unwrap()
    }

    /// Clicks a spectrum in the list.
    pub fn choose(&mut self, name: &str) {
        self.in_list(name).click();
        self.rest();
    }

    pub fn shows(&self, text: &str) -> bool {
        self.window.query_all_by_label_contains(text).next().is_some()
    }

    /// Types into the field of this name.
    pub fn type_into(&mut self, label: &str, text: &str) {
        let field = self.window.get_by_role_and_label(Role::TextInput, label);
        field.focus();
        self.rest();
        self.window.get_by_role_and_label(Role::TextInput, label).type_text(text);
        self.rest();
    }

    /// Drags along the widget at these parts of its width.
    pub fn drag(&mut self, role: Role, label: &str, parts: &[f32]) {
        let rect = self.window.get_by_role_and_label(role, label).rect();
        let at = |part: f32| Pos2::new(rect.left() + part * rect.width(), rect.center().y);
        self.window.hover_at(at(parts[0]));
        self.window.step();
        self.window.drag_at(at(parts[0]));
        self.window.step();
        for part in parts {
            self.window.hover_at(at(*part));
            self.window.step();
        }
        self.window.drop_at(at(parts[parts.len() - 1]));
        self.rest();
    }

    /// A press of keys with Ctrl.
    pub fn ctrl(&mut self, key: eframe::egui::Key) {
        self.window.key_press_modifiers(eframe::egui::Modifiers::COMMAND, key);
        self.rest();
    }

    /// Everything that can be read, for messages of failed tests.
    pub fn text(&self) -> String {
        let nodes = self.window.root().children_recursive();
        nodes.filter_map(|node| node.accesskit_node().label()).collect::<Vec<_>>().join("\n")
    }
}
