//! What is written into a card after the training: results of benchmarks, and what nobody said of the data.

use serde_json::Value;

use crate::nets::{Design, ModelCard};

/// The benchmarks whose results a card takes.
const KINDS: [&str; 4] = ["unmix", "noise", "paper", "mixtures"];

/// Puts a result of `unravel bench ... --json` into a card: the lines of its own network, in the place of an older result of
/// the same benchmark and set. `file` is named where something is wrong.
pub fn add_bench<D: Design>(card: &mut ModelCard<D>, file: &str, mut report: Value) -> Result<(), String> {
    let kind = report.get("bench").and_then(Value::as_str).filter(|kind| KINDS.contains(kind));
    let Some(kind) = kind.map(str::to_owned) else {
        return Err(format!(
            "{file}: this is no result of `unravel bench {} --json`, or one of an older program that does not say which: \
             run the benchmark again",
            KINDS.join("|")
        ));
    };
    let lines = if kind == "unmix" { "methods" } else { "rows" };
    let Some(rows) = report.get_mut(lines).and_then(Value::as_array_mut) else {
        return Err(format!("{file}: the result of `bench {kind}` has no list \"{lines}\""));
    };
    let sum = card.weights.sha256.as_str();
    let text = |row: &Value, key: &str| row["model"][key].as_str().unwrap_or_default().to_owned();
    let other = rows.iter().find(|row| row["model"].is_object() && text(row, "sha256") != sum).cloned();
    rows.retain(|row| text(row, "sha256") == sum);
    if rows.is_empty() {
        return Err(match other {
            Some(row) => format!(
                "{file}: the network in it is {} with SHA-256 {}, not {} with {}; run the benchmark with \
                 --methods METHOD:model=CARD",
                text(&row, "name"),
                start(&text(&row, "sha256")),
                card.name,
                start(sum)
            ),
            None => {
                format!(
                    "{file}: no network is among its methods; run the benchmark with --methods METHOD:model=CARD"
                )
            }
        });
    }
    if let Some(fields) = report.as_object_mut() {
        fields.remove("not_here");
    }
    let results = match std::mem::take(&mut card.bench) {
        Value::Null => Vec::new(),
        Value::Array(results) => results,
        other => {
            let problem = format!("the card's field bench holds no list: {}", start(&other.to_string()));
            card.bench = other;
            return Err(problem);
        }
    };
    let same = |old: &Value| old["bench"] == report["bench"] && old["set"] == report["set"];
    let mut results: Vec<Value> = results.into_iter().filter(|old| !same(old)).collect();
    results.push(report);
    card.bench = Value::Array(results);
    Ok(())
}

/// Fills a text of the card that is blank; another one that stands there is left alone.
pub fn fill(what: &str, place: &mut String, text: &str) -> Result<(), String> {
    if place.is_empty() || place == text {
        text.clone_into(place);
        return Ok(());
    }
    Err(format!("the card has a {what} already, which was left as it is: {place}"))
}

/// The first part of the card as it was that the new one lacks or says otherwise, but for what may change.
pub fn lost(before: &Value, after: &Value) -> Option<String> {
    const FREE: [&str; 3] = ["bench", "data.citation", "data.licence"];
    fn differing(path: &str, before: &Value, after: &Value) -> Option<String> {
        if FREE.contains(&path) {
            return None;
        }
        match (before, after) {
            (Value::Object(old), Value::Object(new)) => old.iter().find_map(|(key, value)| {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                differing(&path, value, new.get(key).unwrap_or(&Value::Null))
            }),
            _ => (before != after).then(|| path.to_owned()),
        }
    }
    differing("", before, after)
}

/// The first dozen characters.
pub fn start(text: &str) -> String {
    text.chars().take(12).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::nets::{CardAxis, CardWeights, SeparatorConfig};

    fn card() -> ModelCard {
        let axis = CardAxis { first_cm1: 150.0, last_cm1: 1500.0, points: 64 };
        let weights =
            CardWeights { file: "m.safetensors".into(), bytes: 1, sha256: "a1b2".into(), parameters: 1 };
        ModelCard::new("mine".into(), SeparatorConfig::named("rssnet", "tiny").unwrap(), axis, weights)
    }

    fn unmix(set: &str, sum: &str, gain: f64) -> Value {
        json!({ "bench": "unmix", "set": set, "n": 5, "methods": [
            { "method": "nnls", "model": null, "si_snri_db": 1.0 },
            { "method": "rssnet", "model": { "name": "theirs", "sha256": sum }, "si_snri_db": gain },
        ] })
    }

    #[test]
    fn a_card_takes_the_lines_of_its_own_network_and_the_newest_of_each_set() {
        let mut card = card();
        add_bench(&mut card, "known.json", unmix("known", "a1b2", 3.0)).unwrap();
        add_bench(&mut card, "resampled.json", unmix("resampled", "a1b2", 2.0)).unwrap();
        add_bench(&mut card, "known.json", unmix("known", "a1b2", 4.0)).unwrap();
        let results = card.bench.as_array().unwrap();
        let sets: Vec<&Value> = results.iter().map(|r| &r["set"]).collect();
        assert_eq!(sets, ["resampled", "known"]);
        assert_eq!(results[1]["methods"].as_array().unwrap().len(), 1);
        assert_eq!(results[1]["methods"][0]["si_snri_db"], 4.0);
        let paper = json!({ "bench": "paper", "set": "known", "not_here": [1], "rows": [
            { "method": "mine", "model": { "name": "mine", "sha256": "a1b2" } } ] });
        add_bench(&mut card, "paper.json", paper).unwrap();
        assert_eq!(card.bench.as_array().unwrap().len(), 3);
        assert_eq!(card.bench[2].get("not_here"), None);
    }

    #[test]
    fn results_of_other_networks_and_other_files_are_refused_with_a_sentence() {
        let mut card = card();
        let mut refused = |report: Value| add_bench(&mut card, "x.json", report).unwrap_err();
        let other = refused(unmix("known", "ffff", 3.0));
        assert!(other.contains("theirs with SHA-256 ffff, not mine with a1b2"), "{other}");
        let none =
            json!({ "bench": "unmix", "set": "known", "methods": [ { "method": "nnls", "model": null } ] });
        assert!(refused(none).contains("no network is among its methods"));
        for wrong in [json!([]), json!({}), json!({ "bench": "speed" }), json!({ "bench": 3 })] {
            assert!(
                refused(wrong).contains("this is no result of `unravel bench unmix|noise|paper|mixtures")
            );
        }
        assert!(refused(json!({ "bench": "noise", "rows": 4 })).contains("has no list \"rows\""));
        assert_eq!(card.bench, Value::Null);
        card.bench = json!("fine");
        let kept = add_bench(&mut card, "x.json", unmix("known", "a1b2", 3.0)).unwrap_err();
        assert!(kept.contains("holds no list") && card.bench == "fine", "{kept}");
    }

    #[test]
    fn blank_texts_are_filled_and_others_left() {
        let mut place = String::new();
        fill("licence", &mut place, "CC0").unwrap();
        fill("licence", &mut place, "CC0").unwrap();
        assert!(fill("licence", &mut place, "none").unwrap_err().contains("already"));
        assert_eq!(place, "CC0");
    }

    #[test]
    fn what_a_card_would_lose_is_named() {
        let before = json!({ "bench": 1, "data": { "licence": "", "x": 1 }, "own": [1] });
        let after = json!({ "bench": 2, "data": { "licence": "CC0", "x": 1 }, "own": [1], "new": 0 });
        assert_eq!(lost(&before, &after), None);
        let after = json!({ "bench": 2, "data": { "licence": "CC0" }, "own": [1] });
        assert_eq!(lost(&before, &after), Some("data.x".into()));
    }
}
