//! Binary layouts of headers and blocks: WDF, OPUS, OMNIC, SIF, SPE, PerkinElmer, old SPC, and compressed JCAMP-DX.

use crate::Seed;

const Y: [f32; 4] = [5.0, 7.0, 6.0, 9.0];

pub fn seeds() -> Vec<Seed> {
    vec![
        ("wdf", "map", wdf()),
        ("opus", "raman", opus()),
        ("omnic", "group", omnic()),
        ("sif", "raman", sif("1 1 4 1 1 1 4 4", "1 1 4 1 1 1 0", "0", 1)),
        ("sif", "series", sif("1 1 4 1 2 1 8 4", "1 1 4 1 1 1 0", " 0\n 10", 2)),
        ("spe", "winview", spe(None)),
        ("spe", "lightfield", spe(Some(FOOTER))),
        ("perkinelmer_sp", "strip", perkin()),
        ("spc", "shorts", spc()),
        ("jcamp", "packed", JCAMP.as_bytes().to_vec()),
    ]
}

const JCAMP: &str = "##TITLE= quartz\n##JCAMP-DX= 4.24 $$ by hand\n##DATA TYPE= RAMAN SPECTRUM\n##XUNITS= 1/CM\n\
    ##YUNITS= COUNTS\n##XFACTOR= 1\n##YFACTOR= 0.5\n##FIRSTX= 100\n##LASTX= 105\n##NPOINTS= 6\n\
    ##XYDATA= (X++(Y..Y))\n100A0JTj\n103A1JK\n##END=\n";

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// Writes `bytes` over the content at `at`.
fn put(file: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = file.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

fn wdf() -> Vec<u8> {
    let block = |id: &[u8; 4], content: &[u8]| {
        [&id[..], &[0; 4], &(content.len() as u64 + 16).to_le_bytes(), content].concat()
    };
    let mut header = block(b"WDF1", &[0; 496]);
    for (at, value) in [(60, 2_u32), (64, 4), (72, 4), (80, 3), (92, 2), (152, 6)] {
        put(&mut header, at, &value.to_le_bytes());
    }
    put(&mut header, 136, &132_775_248_489_219_960_u64.to_le_bytes());
    put(&mut header, 156, &18_796.99_f32.to_le_bytes());
    put(&mut header, 240, b"quartz");
    let list = |kind: u32, label: &[u8; 16], values: [f64; 4]| {
        let values = values.map(f64::to_le_bytes).concat();
        [&kind.to_le_bytes()[..], &5_u32.to_le_bytes(), label, &values].concat()
    };
    let x = list(0x8000_0003, b"X\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", [0.0, 1.0, 0.0, 1.0]);
    let y = list(0x8000_0004, b"Y\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", [7.0, 7.0, 8.0, 8.0]);
    let mut grid = vec![0; 48];
    for at in [32, 36] {
        put(&mut grid, at, &2_u32.to_le_bytes());
    }
    put(&mut grid, 40, &1_u32.to_le_bytes());
    let axis = [&1_u32.to_le_bytes()[..], &1_u32.to_le_bytes(), &floats(&[200.0, 100.0])].concat();
    [
        header,
        block(b"DATA", &floats(&[Y, Y].concat())),
        block(b"XLST", &axis),
        block(b"ORGN", &[&2_u32.to_le_bytes()[..], &x, &y].concat()),
        block(b"WMAP", &grid),
        block(b"TEXT", b"a comment\0"),
    ]
    .concat()
}

fn opus() -> Vec<u8> {
    let integer = |name: &[u8; 3], v: i32| [&name[..], &[0, 0, 0, 2, 0], &v.to_le_bytes()].concat();
    let number = |name: &[u8; 3], v: f64| [&name[..], &[0, 1, 0, 4, 0], &v.to_le_bytes()].concat();
    let text =
        |name: &[u8; 3], v: &[u8]| [&name[..], &[0, 2, 0], &((v.len() / 2) as u16).to_le_bytes(), v].concat();
    let end = b"END\0\0\0\0\0".to_vec();
    let status = [
        [integer(b"DPF", 1), integer(b"NPT", 4)].concat(),
        [number(b"FXV", 400.0), number(b"LXV", 100.0), number(b"CSF", 2.0)].concat(),
        [text(b"DXU", b"WN\0\0"), text(b"DAT", b"09/11/2021\0\0"), end.clone()].concat(),
    ]
    .concat();
    let optics = [number(b"RLW", 9394.9), text(b"INS", b"VERTEX 70\0"), integer(b"NSS", 50), end].concat();
    let blocks: [(u32, Vec<u8>); 3] = [(0x280F, floats(&Y)), (0x281F, status), (0x20, optics)];
    let slots = blocks.len() as i32 + 1;
    let mut file = b"\n\n\xFE\xFE".to_vec();
    file.extend(920_622.0_f64.to_le_bytes());
    file.extend([24, slots, slots - 1].map(i32::to_le_bytes).concat());
    let mut at = 24 + slots * 12;
    for (kind, content) in &blocks {
        file.extend(kind.to_le_bytes());
        file.extend([content.len() as i32 / 4, at].map(i32::to_le_bytes).concat());
        at += content.len() as i32;
    }
    file.extend([0; 12]);
    file.extend(blocks.into_iter().flat_map(|(_, content)| content));
    file
}

fn omnic() -> Vec<u8> {
    let mut header = vec![0; 140];
    put(&mut header, 4, &4_u32.to_le_bytes());
    put(&mut header, 8, &[32]);
    put(&mut header, 12, &[31]);
    put(&mut header, 16, &floats(&[400.0, 100.0]));
    put(&mut header, 36, &64_u32.to_le_bytes());
    put(&mut header, 96, &9394.5_f32.to_le_bytes());
    let title = [&b"second"[..], &[0; 250], &3_700_000_000_u32.to_le_bytes()].concat();
    let records: [(u8, u16, Vec<u8>); 6] = [
        (2, 0, header.clone()),
        (3, 0, floats(&Y)),
        (27, 0, b"Collect Sample\0".to_vec()),
        (2, 1, header),
        (3, 1, floats(&Y)),
        (107, 1, title),
    ];
    let mut file = b"Spectral Data File\r\n".to_vec();
    file.resize(304, 0);
    put(&mut file, 30, b"quartz");
    put(&mut file, 294, &(records.len() as u16).to_le_bytes());
    put(&mut file, 296, &3_800_000_000_u32.to_le_bytes());
    let mut at = file.len() + records.len() * 16;
    for (key, number, content) in &records {
        file.extend([*key, 0]);
        file.extend([at as u32, content.len() as u32].map(u32::to_le_bytes).concat());
        file.extend([number.to_le_bytes(), [0; 2], [0; 2]].concat());
        at += content.len();
    }
    file.extend(records.into_iter().flat_map(|(_, _, content)| content));
    file
}

fn sif(sizes: &str, area: &str, stamps: &str, frames: usize) -> Vec<u8> {
    let text = format!(
        "Andor Technology Multi-Channel File\n65538 1\n65567 0 0 1 1628171392 -60 \0 \0 \n \u{2} \0 0 9.5 10.1 10.1 5 \0 \
         50.5 3.03e-05 0 1 0 0\nDU420_BX2DD \n 1024 256 9\nC:\\a.sif  \n65538 0\n\n65538 \u{1} \u{2} \u{3} \
         \0 0 0\n65540 1 1 842.761 1 0 999.76 500nm\n0 10\n\n-1\n65538 0 1024 256 1024 256 1 1 1 1\n\
         65540 \u{2} \0 \u{1} \0 \u{1} \0\n500 0.5 0 0\n0 1 0 0\n0 1 0 0\n532\n26\n26\n1\n\
         11\nRaman shift6\nCounts12\nPixel number65541 {sizes}\n65538 {area}\n{stamps}\n0\n"
    );
    let mut file = text.into_bytes();
    for _ in 0..frames {
        file.extend(floats(&Y));
    }
    file
}

const FOOTER: &str = r#"<SpeFormat version="3.0" xmlns="http://www.princetoninstruments.com/spe/2009"><DataFormat>
<DataBlock type="Frame" count="1" pixelFormat="MonochromeUnsigned16" size="8" stride="8">
<DataBlock type="Region" calibrations="2" width="4" height="1" size="8" stride="8" /></DataBlock></DataFormat>
<Calibrations><WavelengthMapping id="1" laserLine="532"><Wavelength>600,601,602,603</Wavelength></WavelengthMapping>
<SensorMapping id="2" x="0" width="4" xBinning="1"/></Calibrations></SpeFormat>"#;

fn spe(footer: Option<&str>) -> Vec<u8> {
    let mut file = vec![0; 4100];
    let version = if footer.is_some() { 3.0_f32 } else { 2.5 };
    put(&mut file, 10, &2.5_f32.to_le_bytes());
    put(&mut file, 20, b"21Dec2006");
    for (at, value) in [(42, 4_u16), (108, 3), (656, 1), (668, 4), (1446, 1)] {
        put(&mut file, at, &value.to_le_bytes());
    }
    put(&mut file, 1992, &version.to_le_bytes());
    put(&mut file, 2996, &0x0123_4567_u32.to_le_bytes());
    put(&mut file, 3098, &[1, 0, 4, 1]);
    put(&mut file, 3263, &[500.0_f64, 0.5].map(f64::to_le_bytes).concat());
    put(&mut file, 4098, b"UU");
    file.extend([5_u16, 7, 6, 9].map(u16::to_le_bytes).concat());
    if let Some(footer) = footer {
        let at = file.len() as u64;
        put(&mut file, 678, &at.to_le_bytes());
        file.extend(footer.as_bytes());
    }
    file
}

fn perkin() -> Vec<u8> {
    let block = |id: u16, content: &[u8]| {
        [&id.to_le_bytes()[..], &(content.len() as u32).to_le_bytes(), content].concat()
    };
    let value = |id: u16, tag: u16, value: &[u8]| block(id, &[&tag.to_le_bytes()[..], value].concat());
    let text = |id: u16, words: &str| {
        block(id, &[b"#u", &(words.len() as u16).to_le_bytes()[..], words.as_bytes()].concat())
    };
    let numbers = [1.0_f64, 2.0, 4.0].map(f64::to_le_bytes).concat();
    let list = [&(numbers.len() as u32).to_le_bytes()[..], &numbers].concat();
    let set = [
        block(35_711, &block(121, &text(35_700, "Thu Mar 09 09:19:21 2006"))),
        value(35_698, 0x751D, &[4000.0_f64, 2000.0].map(f64::to_le_bytes).concat()),
        value(35_700, 0x751B, &(-1000.0_f64).to_le_bytes()),
        value(35_701, 0x752B, &3_u32.to_le_bytes()),
        text(35_703, "cm-1"),
        text(35_704, "A"),
        text(35_713, "strip"),
        value(35_708, 0x7516, &list),
    ];
    let mut file = b"PEPE2D constant interval DataSet file".to_vec();
    file.resize(44, 0);
    file.extend(block(120, &set.concat()));
    file
}

/// 16-bit integers under one exponent.
fn spc() -> Vec<u8> {
    let mut header = vec![0; 512];
    put(&mut header, 0, &[1, 0x4B, 0, 2]);
    put(&mut header, 4, &2_u32.to_le_bytes());
    put(&mut header, 8, &[100.0_f64, 200.0].map(f64::to_le_bytes).concat());
    put(&mut header, 24, &1_u32.to_le_bytes());
    put(&mut header, 28, &[13, 4, 4]);
    [header, vec![0; 32], [1_i16 << 14, -(1 << 13)].map(i16::to_le_bytes).concat()].concat()
}
