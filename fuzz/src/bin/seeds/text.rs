//! Text layouts, one or two of each: the shortest that its reader takes.

use crate::Seed;

const SEEDS: [(&str, &str, &str); 25] = [
    (
        "text_table",
        "header",
        "Raman shift (cm-1)\tquartz\tcalcite\n100.5\t5\t1\n200.25\t7\t2\n300\t6\t4\n400\t8\t3\n",
    ),
    ("text_table", "european", "# made by hand\nx;y\n100,5;5,25\n200,25;7\n300;6,5\n400;1,5e2\n"),
    ("text_table", "columns", "  1.0  10\n  2.0  20\n  3.0  nan\n  4.0  15\n  5.0  11\n"),
    (
        "rruff",
        "quartz",
        "##NAMES=Quartz\n##RRUFFID=R040031\n##LOCALITY=far\naway\n##URL=example.org\n100.5, 0.0\n101.5, 20.25\n102.5, 31\n##END=\n",
    ),
    (
        "labspec_txt",
        "single",
        "#Acq. time (s)=\t10\n#Accumulations=\t2\n#Laser=\t532nm\n#Title=\tSi\n#Acquired=\t16.12.2019 09:57:07\n46.6\t37\n48.4\t33\n50.3\t39\n",
    ),
    (
        "labspec_txt",
        "map",
        "#AxisType[0]=Intens\n#AxisUnit[0]=Cnt\n#AxisType[1]=Spectr\n#AxisUnit[1]=1/cm\n#AxisType[2]=XA\n#AxisType[3]=YA\n\
         \t\t100\t101\t102\t103\n0\t0\t5\t6\t7\t8\n1\t0\t6\t7\t8\t9\n0\t1\t1\t2\t3\t4\n1\t1\t2\t3\t4\t5\n",
    ),
    ("labspec_txt", "series", "\t100.5\t101.5\t102.5\t103.5\t104.5\n0\t1\t2\t3\t4\t5\n5.8\t2\t3\t4\t5\t6\n"),
    (
        "witec_txt",
        "map",
        "X-Axis\tM_F(0/0)\tM_F(1/0)\tM_F(0/1)\tM_F(1/1)\nrel. 1/cm\tCCD cts\tCCD cts\tCCD cts\tCCD cts\n \
         8.77E+01\t 9.94E+02\t 9.92E+02\t 9.91E+02\t 9.93E+02\n 9.10E+01\t 9.92E+02\t 9.93E+02\t 9.92E+02\t-9.94E+02\n",
    ),
    (
        "witec_txt",
        "graph",
        "//Exported ASCII-File\n[Header]\nFileName = a.wip\nGraphName = Spec 1\nSizeX = 2\nSizeY = 1\nSizeGraph = 2\nXAxisUnit = nm\n\
         DataUnit = CCD cts\n\n[Data]\nX-Axis\tA\tB\n500.5\t1\t2\n501.5\t3\t4\n",
    ),
    (
        "witec_txt",
        "truematch",
        "[WITEC_TRUEMATCH_ASCII_HEADER]\nVersion = 1.0\n\n[SpectrumHeader]\nTitle = P 1\nExcitationWavelength = 532.2\nSpectrumSize = 2\n\
         XDataKind = nm\n\n[SampleMetaData]\nArea = 17.5\n\n[SpectrumData]\n528.5\t683\n529.5\t680.5\n\n",
    ),
    (
        "ocean_txt",
        "suite",
        "SpectraSuite Data File\n++++\nDate: Fri Aug 19 13:19:52 CDT 2016\nSpectrometers: USB2+H11150\nIntegration Time (usec): 70000 (USB2+H11150)\n\
         Spectra Averaged: 15\nNumber of Pixels in Processed Spectrum: 3\n>>>>>Begin Processed Spectral Data<<<<<\n178.23\t401.5\n178.61\t-17.25\n178.99\t7\n\
         >>>>>End Processed Spectral Data<<<<<\n",
    ),
    (
        "ocean_txt",
        "jaz",
        "Jaz Data File\nSpectrometers: JAZA1479\n>>>>>Begin Processed Spectral Data<<<<<\nW\tD\tR\tS\tP\n190.8\t1\t2\t3\t4\n191.2\t1\t2\t3\t5\n\
         >>>>>End Processed Spectral Data<<<<<\n",
    ),
    (
        "avantes_txt",
        "result",
        "0804016U1- \r\nIntegration time: 175,00 ms\r\nAverage: 20 scans\r\nData measured with spectrometer name: 0804016U1\r\n\
         Wave   ;Dark     ;Ref      ;Sample   ;Transmittance\r\n[nm]   ;[counts] ;[counts] ;[counts] ;[% transmittance] \r\n\
         299,87;3,4050;6429,1;124,99;1,8921\r\n300,16;-18,870;6876,0;178,64;2,8646\r\n",
    ),
    (
        "avantes_txt",
        "series",
        "red dye\nIntegration time [ms]: 4.122\nData measured with spectrometer [name]: 1602173U5\nWave   ;Dark     ;Reference;Samples\n[nm]   \n\
         500.0;1;2;10;20;30\n501.0;1;2;11;21;31\n",
    ),
    (
        "bwtek_txt",
        "subtracted",
        "File Version;BWSpec4.11_1\nDate;2021-10-29 16:24:49\nintigration times(ms);2500\naverage number;3\nlaser_wavelength;532,07\n\
         Pixel;Wavelength;Wavenumber;Raman Shift;Dark;Reference;Raw data #1;Dark Subtracted #1;\n0;   ;   ;   ;1186,0;65535,0;1128,0;-58,0;\n\
         1;531,98;18797,60;-3,08;1,0;2,0;3,0;1031,5;\n2;532,07;18794,56;-0,04;1,0;2,0;3,0;1487,25;\n",
    ),
    (
        "bwtek_txt",
        "numbered",
        "File Version;BWSpec4.11_1\nPixel;Raman Shift;Raw data #1;Dark Subtracted #1;Raw data #2;Dark Subtracted #2\n0;10;1;2;3;4\n1;11;1;5;3;6\n",
    ),
    (
        "csv_header_meta",
        "names",
        "name,PST\nwl,532nm\ntime_stamp,2022-07-29 11:23:40\ninteg_time,9000\ninteg_unit,ms\naverages,20\n\
         Pixels,Wavelength,Wavenumbers,Raman_Shift,Raw_Data,Background_Data,Processed_Data\n0,502.2,14040.1,-1118.2,898,902,-4\n\
         1,502.4,14041.0,-1111.7,898,900,-2\n",
    ),
    (
        "csv_header_meta",
        "device",
        "DeviceSN\t11111\r\nLaserWavelength_nm\t785\r\nExposure_ms\t111\r\nTags\t\r\n100\t4.53\n101\t-0.5\n",
    ),
    (
        "perkinelmer_txt",
        "peds",
        "PE FL    SPECTRUM    ASCII       PEDS        1.60   \n  -1\nRUN1.TXT\n07/12/10\n13:48:37.00\n07/12/10\n13:51:32.00\nAnn\nQuinine\n#HDR\n-1\n\
         #GR\nNM\nINT\n0.1\n0.0\n405.0\n0.5\n3\n8\n2.0\n1.0\n#DATA\n405.0\t1.0  \n405.5\t2.0  \n406.0\t1.5\n\n",
    ),
    (
        "wasatch_csv",
        "columns",
        "ENLIGHTEN Version,4.1.44\nSerial Number,WP-1\nModel,WP-785XS\nScan Averaging,2\nIntegration Time,2000\nTimestamp,2026-04-06 11:15:25.9\n\
         Note,\"dry, cold\"\nLaser Wavelength,784.896\n\nPixel,Wavelength,Wavenumber,Processed,Raw\n0,804.1,303.5,-1.25,9\n1,804.2,304.5,2.5,9\n",
    ),
    (
        "wasatch_csv",
        "dash",
        "\"Dash Output v2.1\",\"ENLIGHTEN version: 4.0\",\"Row\",\"Pixel Data\",\"S-1\"\n\"Line Number\",\"Integration Time\",\"Note\",\"CCD C0\",\
         \"CCD C1\",\"Laser Wavelength\"\n0,100,wavenumbers,800,0.5,785,10.5,11.5,12.5\n0,100,processed (ethanol),800,0.5,785,1,2,3\n",
    ),
    (
        "jobinyvon_xml",
        "single",
        "<LSX_Data><LSX_Tree ID=\"0x69746164\"><LSX ID=\"0x6C7469D9\">quartz</LSX><LSX ID=\"0x7A74D9D6\"><LSX ID=\"0x7B697861\">\
         <LSX ID=\"0x0\"><LSX ID=\"0x7C696E75\">Cnt/sec</LSX></LSX><LSX ID=\"0x1\"><LSX ID=\"0x7D6CD4DB\"> 300 200 100 </LSX>\
         <LSX ID=\"0x6D707974\">Spectr</LSX><LSX ID=\"0x7C696E75\">1/cm</LSX></LSX></LSX></LSX></LSX_Tree>\
         <LSX_Matrix Size=\"3\"><LSX_Row Index=\"0\" Size=\"3\"> 3 2 1.5 </LSX_Row></LSX_Matrix></LSX_Data>",
    ),
    (
        "trivista_tvf",
        "series",
        "<XmlMain Version=\"1.0.1\"><Documents Count=\"1\"><Document DataLabel=\"Counts\" RecordTime=\"06/07/2022 13:34:27.4\" Encoding=\"Ascii\" \
         InfoSerialized=\"&lt;Info>&lt;Groups>&lt;Group>&lt;Name>Detector&lt;/Name>&lt;Items>&lt;Item>&lt;Name>Exposure_Time_(ms)&lt;/Name>\
         &lt;Value>1500&lt;/Value>&lt;/Item>&lt;/Items>&lt;/Group>&lt;/Groups>&lt;/Info>\"><xDim><Calibration Unit=\"Nanometer\" Type=\"ValueArray\" \
         LaserWave=\"790.000\" ValueArray=\"3|800|801|802.5\"/></xDim><Data><Frame TimeStamp=\"10000000\">1;2;3</Frame>\
         <Frame TimeStamp=\"25000000\">4;5;6</Frame></Data><Childs Count=\"0\"/></Document></Documents></XmlMain>",
    ),
    (
        "jcamp",
        "pairs",
        "##TITLE= quartz\n##JCAMP-DX= 4.24\n##DATA TYPE= RAMAN SPECTRUM\n##XUNITS= 1/CM\n##YUNITS= COUNTS\n##NPOINTS= 3\n\
         ##XYPOINTS= (XY..XY)\n100,5; 101.5,7\n103,6\n##END=\n",
    ),
    (
        "jcamp",
        "ntuples",
        "##TITLE= a\n##JCAMP-DX= 5.01\n##DATA TYPE= MASS SPECTRUM\n##NTUPLES= MASS SPECTRUM\n##VAR_NAME= X, Y, T\n##SYMBOL= X, Y, T\n\
         ##VAR_TYPE= INDEPENDENT, DEPENDENT, INDEPENDENT\n##VAR_FORM= AFFN, AFFN, AFFN\n##VAR_DIM= 3, 3, 2\n##UNITS= 1/CM, COUNTS, SECONDS\n\
         ##FIRST= 100, 1, 0\n##LAST= 102, 3, 1\n##FACTOR= 1, 1, 1\n##PAGE= T=0\n##DATA TABLE= (X++(Y..Y)), XYDATA\n100 1 2 3\n##PAGE= T=1\n\
         ##DATA TABLE= (X++(Y..Y)), XYDATA\n100 4 5 6\n##END NTUPLES= MASS SPECTRUM\n##END=\n",
    ),
];

/// As they are, and the first of each reader in UTF-16 too.
pub fn seeds() -> Vec<Seed> {
    let mut seeds: Vec<Seed> =
        SEEDS.iter().map(|(id, name, text)| (*id, *name, text.as_bytes().to_vec())).collect();
    let map = wire("#X\t\t#Y\t\t#Wave\t\t#Intensity\n", &["0\t0", "1\t0", "0\t1", "1\t1"]);
    seeds.push(("wire_txt", "map", map.into_bytes()));
    seeds.push(("wire_txt", "times", wire("", &["0", "2.5", "5"]).into_bytes()));
    for (id, _, text) in SEEDS {
        if !seeds.iter().any(|(found, name, _)| *found == id && *name == "utf16") {
            let units = text.encode_utf16().flat_map(u16::to_le_bytes);
            seeds.push((id, "utf16", [0xFF, 0xFE].into_iter().chain(units).collect()));
        }
    }
    seeds
}

/// Rows of places (or times), falling positions and intensities; runs shorter than this are not seen as a map.
fn wire(head: &str, places: &[&str]) -> String {
    let mut text = head.to_owned();
    for place in places {
        for point in 0..25_i32 {
            text += &format!("{place}\t{}\t{}\n", 900 - 10 * point, point * point % 37);
        }
    }
    text
}
