//! Chemical formulae in plain form.

/// RRUFF's notation (`_2_` below, `^2+^` above, `[box]` for a vacancy, `_Σ=5_` for a site sum) as plain text.
#[must_use]
pub fn from_rruff(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("[box]") {
            rest = without_subscript(after);
        } else if c == '^' {
            rest = rest[1..].split_once('^').map_or("", |(_, after)| after);
        } else if c == '_' {
            let (inside, after) = rest[1..].split_once('_').unwrap_or((&rest[1..], ""));
            if !inside.starts_with('Σ') {
                plain.push_str(inside);
            }
            rest = after;
        } else {
            if !c.is_whitespace() {
                plain.push(c);
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    // A vacancy that shared its site leaves its comma behind.
    plain.replace(",)", ")").replace("(,", "(")
}

fn without_subscript(text: &str) -> &str {
    text.strip_prefix('_').and_then(|t| t.split_once('_')).map_or(text, |(_, after)| after)
}

#[cfg(test)]
mod tests {
    use super::from_rruff;

    #[test]
    fn marks_go_and_numbers_stay() {
        for (rruff, plain) in [
            ("Ca_5_(PO_4_)_3_F", "Ca5(PO4)3F"),
            ("Fe^2+^_3_Al_2_(SiO_4_)_3_", "Fe3Al2(SiO4)3"),
            ("Cu^1+^_2_O", "Cu2O"),
            ("Ca_2_(Mg_4.5-2.5_Fe^2+^_0.5-2.5_)_Σ=5_Si_8_O_22_(OH)_2_", "Ca2(Mg4.5-2.5Fe0.5-2.5)Si8O22(OH)2"),
            ("[box]Ca_2_Fe^2+^_5_Si_8_O_22_(OH)_2_", "Ca2Fe5Si8O22(OH)2"),
            ("(Na,Ca,[box])_8_(Al_6_Si_6_)O_24_", "(Na,Ca)8(Al6Si6)O24"),
            ("Ca_12_Al_14_O_32_[[box]_4_Cl_2_]", "Ca12Al14O32[Cl2]"),
            ("CaSO_4_·2H_2_O", "CaSO4·2H2O"),
            ("Si", "Si"),
        ] {
            assert_eq!(from_rruff(rruff), plain);
        }
    }
}
