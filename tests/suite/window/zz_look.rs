use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::desk::Desk;

#[test]
fn pictures() {
    for look in ["Light", "Dark"] {
        let mut desk = Desk::look("Prepare", &["unknown_powder.spc"], look);
        desk.picture(&format!("lib_prep0_{look}"));
        desk.click("Flatten and smooth");
        for _ in 0..40 {
            desk.window.step();
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        desk.picture(&format!("lib_prep1_{look}"));
        desk.click("Add step…");
        desk.picture(&format!("lib_prep2_{look}"));
        desk.click("Normalise");
        desk.click("Add step…");
        desk.click("Crop");
        desk.click("Move step 5 up, Crop");
        desk.click("Move step 4 up, Crop");
        desk.click("Remove step 5, Normalise");
        desk.type_into("As text", "|arlps");
        desk.picture(&format!("lib_prep3_{look}"));
        let mut desk =
            Desk::look("Prepare", &["unknown_powder.spc", "solvents_785nm.txt", "polymer_map.txt"], look);
        desk.choose("unknown powder (synthetic)");
        for step in ["SNIP baseline", "Calibrate axis", "Subtract spectrum", "Normalise"] {
            desk.click("Add step…");
            desk.click(step);
        }
        desk.window.get_by_role_and_label(Role::Slider, "Order").set_value_accesskit(3.0);
        for _ in 0..40 {
            desk.window.step();
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        desk.picture(&format!("lib_prep4_{look}"));
        for (what, l) in [("all", 0.0_f32)] {
            let _ = (what, l);
            for n in desk.window.root().children_recursive() {
                if n.accesskit_node().bounding_box().is_none() {
                    continue;
                }
                let r = n.rect();
                if r.right() > 1272.5 && r.left() > 930.0 {
                    println!("WIDE {:?} {:?} {:?}", n.accesskit_node().role(), n.accesskit_node().label(), r);
                }
            }
        }
        desk.choose("polymer map (synthetic)");
        desk.click("For library search");
        desk.click("All (3)");
        for _ in 0..40 {
            desk.window.step();
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        desk.picture(&format!("lib_prep5_{look}"));
        let mut desk = Desk::look("Library", &["calcite_quartz_mixture.csv"], look);
        let at = desk.window.get_by_role_and_label(Role::Button, "Acetone").rect().center();
        desk.window.hover_at(at);
        for _ in 0..60 {
            desk.window.step();
        }
        desk.picture(&format!("lib_lib0_{look}"));
        desk.type_into("Find in library", "calcit");
        desk.click_role(Role::Button, "Calcite");
        desk.picture(&format!("lib_lib1_{look}"));
        desk.click_role(Role::Button, "Search");
        desk.wait("search", |d| d.shows("1. Calcite"));
        desk.window.key_press(Key::ArrowDown);
        desk.rest();
        desk.picture(&format!("lib_lib2_{look}"));
        desk.click("Options");
        desk.click("Add range");
        desk.wait("search", |d| d.shows("1. Calcite"));
        desk.picture(&format!("lib_lib3_{look}"));
    }
}
