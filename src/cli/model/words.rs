//! A model card in words.

use serde_json::Value;

use super::amend::start;
use crate::nets::{Design, ModelCard};

/// What the card says, a line each.
pub fn words<D: Design>(card: &ModelCard<D>) -> Vec<String> {
    let preset = if card.preset.is_empty() { String::new() } else { format!(" {}", card.preset) };
    let (axis, data, training, weights) = (&card.axis, &card.data, &card.training, &card.weights);
    let or_none = |text: &str| if text.is_empty() { "none stated".to_owned() } else { text.to_owned() };
    // Networks for CARS take a spectrum over its own range.
    let range = if axis.last_cm1 > 1.0 {
        format!("{} to {} cm-1", axis.first_cm1, axis.last_cm1)
    } else {
        "over the range of the spectrum".to_owned()
    };
    let source = [data.library.as_str(), data.split.as_str()].join(" ");
    let source = match data.spectra {
        0 => source,
        count => format!(
            "{}: {count} spectra of {} species, {} held out",
            source.trim_end(),
            data.species,
            data.held_out
        ),
    };
    let mut lines = vec![
        card.name.clone(),
        format!("  network        {}{preset}, {} parameters", card.architecture.name(), weights.parameters),
        format!("  axis           {} points, {range}", axis.points),
        format!("  preprocessing  {}", or_none(&card.preprocessing)),
        format!("  data           {}", source.trim_end()),
        format!("  citation       {}", or_none(&data.citation)),
        format!("  licence        {}", or_none(&data.licence)),
        format!(
            "  training       {} samples in {:.2} h on {}, seed {}",
            training.samples, training.hours, training.device, training.seed
        ),
    ];
    if let Some(last) = card.validation.last() {
        lines.push(format!(
            "  validation     SI-SNRi known {:.2} dB, held out {:.2} dB{}",
            last.known_db,
            last.held_out_db,
            last.lacking_db.map_or(String::new(), |db| format!(", lacking {db:.2} dB"))
        ));
    }
    if let Some(last) = card.scores.last() {
        let newest = card.scores.iter().filter(|score| score.samples == last.samples);
        let scores: Vec<String> = newest.map(|score| format!("{} {:.2}", score.name, score.value)).collect();
        lines.push(format!("  validation     {}", scores.join(", ")));
    }
    if let Some(panel) = &card.panel {
        let names: Vec<&str> = panel.substances.iter().map(|s| s.name.as_str()).collect();
        let scores = &panel.scores;
        lines.push(format!("  substances     {}", names.join(", ")));
        lines.push(format!(
            "  simulated      F1 {:.3}, {:.1} % of {} mixtures right{}; something else flagged in {:.1} % at 30 %, in {:.1} % without",
            scores.f1,
            scores.exact_percent,
            scores.mixtures,
            scores.dosage_mae.map_or(String::new(), |mae| format!(", dosage off by {mae:.3}")),
            scores.flagged_percent,
            scores.false_flags_percent
        ));
    }
    for result in card.bench.as_array().into_iter().flatten() {
        lines.push(format!("  bench          {}", bench(result)));
    }
    lines.push(format!("  weights        {}, SHA-256 {}...", weights.file, start(&weights.sha256)));
    lines
}

/// One result of a benchmark.
fn bench(result: &Value) -> String {
    let kind = result["bench"].as_str().unwrap_or("?");
    let set = result["set"].as_str().map_or(String::new(), |set| format!(" {set}"));
    let count = result["n"].as_u64().map_or(String::new(), |n| format!(", {n} mixtures"));
    let rows = result["methods"].as_array().or_else(|| result["rows"].as_array());
    let figure = |row: &Value| {
        let gain = row["si_snri_capped_db"].as_f64().map(|db| format!("SI-SNRi {db:.2} dB (capped at 30)"));
        let f1 = || row["f1"].as_f64().map(|f1| format!("F1 {f1:.3}"));
        gain.or_else(f1).unwrap_or_default()
    };
    match rows.map(Vec::as_slice) {
        Some([row]) => format!("{kind}{set}: {}{count}", figure(row)),
        Some(rows) => format!("{kind}{set}: {} rows{count}", rows.len()),
        None => format!("{kind}{set}"),
    }
}
