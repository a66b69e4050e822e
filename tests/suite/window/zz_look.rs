use eframe::egui::{Key, accesskit::Role};
use egui_kittest::kittest::Queryable as _;

use super::desk::Desk;

#[test]
fn pictures() {
    for look in ["Light", "Dark"] {
        let mut desk = Desk::look("Prepare", &["unknown_powder.spc"], look);
        desk.picture(&format!("lib_prep0_{look}"));
        desk.click("Flatten and smooth");
        for _ in 0..40 { desk.window.step(); std::thread::sleep(std::time::Duration::from_millis(10)); }
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
        let mut desk = Desk::look("Prepare", &["unknown_powder.spc", "solvents_785nm.txt", "polymer_map.txt"], look);
        desk.choose("unknown powder (synthetic)");
        for step in ["SNIP baseline", "Calibrate axis", "Subtract spectrum", "Normalise"] {
            desk.click("Add step…");
            desk.click(step);
        }
        desk.window.get_by_role_and_label(Role::Slider, "Order").set_value_accesskit(3.0);
        for _ in 0..40 { desk.window.step(); std::thread::sleep(std::time::Duration::from_millis(10)); }
        desk.picture(&format!("lib_prep4_{look}"));
        let mut desk = Desk::look("Library", &["calcite_quartz_mixture.csv"], look);
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
